import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

/** A record as the API gives it (Cloudflare API, "List DNS Records"). */
export interface ApiRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly ttl: number;
  readonly priority?: number;
  readonly proxied?: boolean;
  readonly comment?: string | null;
  readonly data?: Record<string, unknown>;
}

export const TOKEN = "canary-token-that-may-only-read";

/**
 * Stands for Cloudflare's API as a reader of zones meets it: https://developers.cloudflare.com/api/ (zones, DNS records, DNSSEC; "Making API calls" for the
 * envelope and the paging, "Rate limits" for 429). Refuses what the API refuses, in its own codes.
 */
export class CloudflareApi {
  readonly zones = new Map<string, { readonly id: string; readonly records: ApiRecord[] }>();
  /** Most of one page, whatever is asked for. */
  pageSize = 50;
  /** How often the next requests are turned away for their number, and for how many seconds. */
  throttled = 0;
  retryAfter = 1;
  /** Answers with this instead. */
  broken?: { readonly status: number; readonly body: unknown };
  /** Records less than it says. */
  forgets = 0;
  silent = false;
  readonly requests: string[] = [];
  private readonly server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/client/v4`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://api.test");
    this.requests.push(`${request.method} ${url.pathname}`);
    if (this.silent) return;
    const send = (status: number, body: unknown, headers = {}): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    };
    const refuse = (status: number, code: number, message: string, headers = {}): void =>
      send(status, { success: false, errors: [{ code, message }], messages: [], result: null }, headers);
    if (this.broken !== undefined) return send(this.broken.status, this.broken.body);
    if (this.throttled > 0) {
      this.throttled -= 1;
      return refuse(429, 971, "Please wait and consider throttling your request speed", { "retry-after": String(this.retryAfter) });
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(403, 9109, "Invalid access token");
    if (request.method !== "GET") return refuse(403, 10000, "Authentication error");
    const page = Number(url.searchParams.get("page") ?? 1);
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 20), this.pageSize);
    const list = (items: readonly unknown[]): void =>
      send(200, {
        success: true,
        errors: [],
        messages: [],
        result: items.slice((page - 1) * size, page * size).slice(this.forgets),
        result_info: {
          page,
          per_page: size,
          count: Math.min(size, items.length),
          total_count: items.length,
          total_pages: Math.ceil(items.length / size),
        },
      });
    const [, id, rest] = /^\/client\/v4\/zones(?:\/([^/]+)\/(dns_records|dnssec))?$/.exec(url.pathname) ?? [];
    if (url.pathname === "/client/v4/zones") return list([...this.zones].map(([name, zone]) => ({ id: zone.id, name, status: "active" })));
    const zone = [...this.zones.values()].find((each) => each.id === id);
    if (zone === undefined) return refuse(404, 7003, `Could not route to ${url.pathname}, perhaps your object identifier is invalid?`);
    if (rest === "dnssec") return send(200, { success: true, errors: [], messages: [], result: { status: "active" } });
    list(zone.records);
  }
}
