import { entries, SyntaxProblem } from "../../../dns/master-file-text";
import { absoluteName, recordData } from "../../../dns/rdata";
import type { SourceRecord } from "../../../dns/review/side";

/** A record as Cloudflare's API and the inputs of its Pulumi resource have it, as far as it is looked at. */
export interface CloudflareRecord {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly content?: unknown;
  readonly data?: unknown;
  readonly priority?: unknown;
  readonly ttl?: unknown;
  readonly proxied?: unknown;
  readonly comment?: unknown;
}

/** Seconds that stand behind TTL 1, automatic (Cloudflare, "Time to Live"). */
const AUTOMATIC_TTL = 300;

/** Fields of `data` in the order of the presentation format; the API has them in snake case, Pulumi in camel case. */
const FIELDS: { readonly [type: string]: readonly (readonly string[])[] } = {
  SRV: [["priority"], ["weight"], ["port"], ["target"]],
  CAA: [["flags"], ["tag"], ["value"]],
  TLSA: [["usage"], ["selector"], ["matching_type", "matchingType"], ["certificate"]],
  SMIMEA: [["usage"], ["selector"], ["matching_type", "matchingType"], ["certificate"]],
  DS: [["key_tag", "keyTag"], ["algorithm"], ["digest_type", "digestType"], ["digest"]],
  SSHFP: [["algorithm"], ["type"], ["fingerprint"]],
};

/** A record in the form in which all sources have it. What is unknown in it stands there by a name in «». */
export function fromCloudflare(record: CloudflareRecord, unknown: string): SourceRecord {
  const type = String(record.type).toUpperCase();
  const name = String(record.name).toLowerCase().replace(/\.$/, "");
  const ttl = Number(record.ttl) === 1 ? AUTOMATIC_TTL : Number(record.ttl);
  return {
    name,
    type,
    ...data(record, type, unknown),
    ttl,
    comment: typeof record.comment === "string" ? record.comment : "",
    ...(record.proxied === true ? { proxied: true } : {}),
  };
}

function data(record: CloudflareRecord, type: string, unknown: string): Pick<SourceRecord, "content" | "priority"> {
  const text = presentation(record, type);
  if (text === undefined) return { content: `«${unknown}»` };
  // A name in «» is nothing that a name server has: it stays as it is.
  if (text.includes("«")) {
    return type === "MX" ? { content: String(record.content), priority: Number(record.priority) } : { content: text };
  }
  const at = { line: 1, column: 1 };
  const problems: SyntaxProblem[] = [];
  const [entry] = entries(text, (problem) => problems.push(problem));
  try {
    if (entry !== undefined && problems.length === 0) return recordData(type, entry.tokens, at, "");
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
  }
  // Whatever Cloudflare keeps can be shown and compared as text; types of its own among it.
  return { content: text };
}

function presentation(record: CloudflareRecord, type: string): string | undefined {
  const { content, data: fields } = record;
  const names = FIELDS[type];
  if (names !== undefined && isObject(fields)) {
    const values = names.map((spellings) => spellings.map((name) => fields[name]).find((value) => value !== undefined));
    // SRV's priority stands beside the others in some answers.
    const all = type === "SRV" ? [values[0] ?? record.priority, ...values.slice(1)] : values;
    if (all.every((value) => value !== undefined))
      return all.map((value, index) => (type === "CAA" && index === 2 ? `"${String(value)}"` : String(value))).join(" ");
  }
  if (typeof content !== "string") return undefined;
  if (type === "MX") return `${String(record.priority)} ${content}`;
  // Without quotes it is one string, blanks and all (Cloudflare, "DNS record types", TXT).
  if (type === "TXT" && !content.startsWith('"')) return `"${content.replace(/["\\]/g, (character) => `\\${character}`)}"`;
  return content;
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === "object" && value !== null;

/** A name from elsewhere as records are compared by. */
export const canonicalName = (name: string): string =>
  absoluteName({ text: name.endsWith(".") ? name : `${name}.`, quoted: false, line: 1, column: 1 }, "");
