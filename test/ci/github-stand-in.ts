import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** An answer in place of the real one, once. */
export interface Refusal {
  /** Of which request, as `POST /repos/…`. */
  readonly of: RegExp;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: string;
  /** What happens meanwhile. */
  readonly meanwhile?: () => void;
}

/** As much of GitHub's API as a comment needs, with its pages (`Link`), its limit of a comment's length, and refusals by wish. */
export class GitHubStandIn {
  readonly requests: string[] = [];
  readonly tokens = new Set<string | undefined>();
  comments: Comment[] = [];
  pulls = [{ number: 7, head: { sha: "a".repeat(40), label: "someone:topic" } }];
  refusals: Refusal[] = [];
  private nextId = 1000;

  private constructor(readonly url: string) {}

  static async start(): Promise<GitHubStandIn & AsyncDisposable> {
    const server = createServer((request, response) => void standIn.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const standIn = new GitHubStandIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return Object.assign(standIn, {
      [Symbol.asyncDispose]: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "", this.url);
    const line = `${request.method} ${url.pathname}`;
    this.requests.push(line);
    this.tokens.add(request.headers.authorization);
    const send = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
    };
    const refusal = this.refusals.findIndex(({ of }) => of.test(line));
    if (refusal >= 0) {
      const [refused] = this.refusals.splice(refusal, 1);
      refused?.meanwhile?.();
      return send(refused?.status ?? 500, { message: refused?.message }, refused?.headers);
    }
    const body = chunks.length === 0 ? "" : (JSON.parse(Buffer.concat(chunks).toString()) as { body: string }).body;
    if (body.length > 65_536) return send(422, { message: "Validation Failed: body is too long (maximum is 65536 characters)" });
    const shown = (comment: Comment): object => ({ ...comment, html_url: `${this.url}/comment/${comment.id}` });
    if (line === "GET /repos/owner/mail/pulls") {
      return this.page(
        url,
        send,
        this.pulls.filter(({ head }) => head.label === url.searchParams.get("head")),
      );
    }
    if (line === "GET /repos/owner/mail/issues/7/comments") return this.page(url, send, this.comments.map(shown));
    if (line === "POST /repos/owner/mail/issues/7/comments") {
      const comment = { id: this.nextId++, body, user: { login: "github-actions[bot]" } };
      this.comments.push(comment);
      return send(201, shown(comment));
    }
    const edited = this.comments.find(({ id }) => line === `PATCH /repos/owner/mail/issues/comments/${id}`);
    if (edited === undefined) return send(404, { message: "Not Found" });
    edited.body = body;
    return send(200, shown(edited));
  }

  private page(url: URL, send: (status: number, value: unknown, headers?: Record<string, string>) => void, all: readonly object[]): void {
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    send(200, all.slice((page - 1) * size, page * size), page * size < all.length ? { link: `<${next.href}>; rel="next"` } : {});
  }
}
