import type { APIError } from "cloudflare";
import type { SourceRecord } from "../../../dns/review/side";
import { InvalidInput } from "../../exit-status";
import type { Say } from "../../progress";
import { fromCloudflare, type CloudflareRecord } from "./cloudflare-record";
import { inTurn } from "./in-turn";

/** A record as it is at Cloudflare, with its id there. */
export interface LiveRecord {
  readonly id: string;
  readonly record: SourceRecord;
}

export interface LiveZone {
  readonly id: string;
  readonly name: string;
  readonly records: readonly LiveRecord[];
  /** Signed, and its DS is at the parent (Cloudflare calls this "active"). Undefined: not asked. */
  readonly signed?: boolean;
}

export interface Wanted {
  /** Which of the zones that the token can read; ids by name. Throws if one that is needed is missing. */
  readonly choose: (zones: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;
  readonly askSigned: (zone: string) => boolean;
  readonly say: Say;
  /** Of one request, in milliseconds. Default: 30,000. */
  readonly timeout?: number;
}

/** Most records in one answer that Cloudflare's own tools ask for; some plans answer fewer, which the paging follows. */
const RECORDS_A_PAGE = 1000;
/** Cloudflare API, "List Zones". */
const ZONES_A_PAGE = 50;
/** 1,200 requests in five minutes is what a user may do (Cloudflare, "API rate limits"). */
const AT_ONCE = 6;
const RETRIES = 4;

/** Reads zones with the token in CLOUDFLARE_API_TOKEN, which needs Zone: Read and DNS: Read. CLOUDFLARE_BASE_URL is another place of the API. */
export async function readZones({ choose, askSigned, say, timeout = 30_000 }: Wanted): Promise<LiveZone[]> {
  const apiToken = process.env.CLOUDFLARE_API_TOKEN;
  if (apiToken === undefined || apiToken === "") {
    throw new InvalidInput("CLOUDFLARE_API_TOKEN is not set; export a token that may read: Zone: Read and DNS: Read of these zones.");
  }
  // Late, since it takes a third of a second, and most previews ask nobody.
  const { default: Cloudflare } = await import("cloudflare");
  const client = new Cloudflare({
    apiToken,
    timeout,
    maxRetries: RETRIES,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      const seconds = response.headers.get("retry-after");
      if (response.status === 429) say(`Cloudflare's rate limit is reached; waiting ${seconds === null ? "a little" : `${seconds} s`}`);
      return response;
    },
  });
  try {
    say("asking Cloudflare for its zones");
    const listed = await pages((page) => client.zones.list({ page, per_page: ZONES_A_PAGE }), "zones");
    const chosen = [...choose(new Map(listed.map(({ name, id }) => [name.toLowerCase(), id])))];
    return await inTurn(chosen, AT_ONCE, async ([name, id], index) => {
      if (index % 50 === 0) say(`asking Cloudflare for the records of ${name} (zone ${index + 1} of ${chosen.length})`);
      const records = await pages((page) => client.dns.records.list({ zone_id: id, page, per_page: RECORDS_A_PAGE }), `records of ${name}`);
      const signed = askSigned(name) ? (await client.dns.dnssec.get({ zone_id: id })).status === "active" : undefined;
      return {
        id,
        name,
        records: records.map((record) => ({ id: record.id, record: fromCloudflare(record as CloudflareRecord, "content") })),
        ...(signed === undefined ? {} : { signed }),
      };
    });
  } catch (error) {
    throw apiFailure(error);
  }
}

/** What every list of the API says of its pages; the client's types leave it out. */
interface PageInfo {
  readonly total_count?: number;
  readonly total_pages?: number;
}

/** All pages, or an error: a part of a zone would look like a zone in which the rest was deleted. */
async function pages<T>(ask: (page: number) => PromiseLike<{ readonly result: readonly T[] }>, what: string): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await ask(page);
    const { result } = answer;
    const { result_info: info = {} } = answer as { result_info?: PageInfo };
    items.push(...result);
    const last = info.total_pages ?? (result.length === 0 ? page : page + 1);
    if (page < last && result.length > 0) continue;
    if (info.total_count !== undefined && info.total_count !== items.length) {
      throw new Error(
        `Cloudflare said that there are ${info.total_count} ${what}, and gave ${items.length}; they changed meanwhile, run it again`,
      );
    }
    return items;
  }
}

/** In the API's own words and codes. The request is not shown: it has the token in it. */
function apiFailure(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { status, errors, cause } = error as Partial<APIError>;
  if (error.name === "APIConnectionTimeoutError" || error.message === "Request timed out.")
    return new Error("Cloudflare's API did not answer in time");
  if (status === undefined) {
    return error.message === "Connection error." ? new Error(`Cloudflare's API could not be reached: ${causeOf(cause)}`) : error;
  }
  const said = (errors ?? []).map(({ code, message }) => `${code}: ${message}`).join("; ");
  const wayOut = status === 401 || status === 403 ? "; the token needs Zone: Read and DNS: Read of these zones" : "";
  return new Error(`Cloudflare's API answered ${status}${said === "" ? "" : ` (${said})`}${wayOut}`);
}

function causeOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : "no reason was given";
}
