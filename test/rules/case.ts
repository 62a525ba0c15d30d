import { review } from "../../dns/review/review";
import { planSide, type Side, type SourceRecord } from "../../dns/review/side";
import type { Finding } from "../../dns/review/report";
import { quotedStrings } from "../../dns/text";
import type { Rule } from "../../dns/rules/rule";
import type { Declaration } from "../../plan/declaration";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "../unit/plan-verdicts";

/** One change that a rule must see, or must not. */
export interface Case {
  readonly rule: string;
  /** What is changed, for the test's name. */
  readonly what: string;
  readonly before: Side;
  readonly after: Side;
  /** What is published, where it matters. */
  readonly zone?: Side;
  /** The record of the one finding; `undefined`: there is none. */
  readonly finds: string | undefined;
}

/** `mx1.example.test A 192.0.2.1`, `example.test MX 10 mx1.example.test`, `example.test TXT v=spf1 -all`; a TTL of 300 unless one stands before the type. */
export function record(line: string, more: Partial<SourceRecord> = {}): SourceRecord {
  const [, name = "", ttl = "300", type = "", data = ""] = /^(\S+|«.*?») (?:(\d+) )?([A-Z]+) (.*)$/.exec(line) ?? [];
  const common = { name, type, ttl: Number(ttl) };
  if (type === "TXT") return { ...common, content: quotedStrings(data), ...more };
  const [, preference, host = ""] = /^(\S+) (\S+)$/.exec(data) ?? [];
  return type === "MX" ? { ...common, priority: Number(preference), content: host, ...more } : { ...common, content: data, ...more };
}

export const records = (...lines: (string | SourceRecord)[]): SourceRecord[] =>
  lines.map((line) => (typeof line === "string" ? record(line) : line));

/** Records and nothing else: for instance what Pulumi's state has. */
export const side = (lines: readonly (string | SourceRecord)[], more: Partial<Side> = {}): Side => ({
  label: "these records",
  kind: "plan",
  records: records(...lines),
  ...more,
});

export const zone = (lines: readonly (string | SourceRecord)[], more: Partial<Side> = {}): Side => ({
  ...side(lines, more),
  label: "the zone",
  kind: "zone",
  zones: ["example.test", "club.test"],
});

export const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
  ["address of mx3", "203.0.113.3"],
]);

/** The two exchangers of the example, with parts exchanged for others, and records added to those of the plan. */
export function planned(
  changes: { readonly [key in keyof Declaration]?: unknown } = {},
  more: Partial<Omit<Side, "records">> & {
    readonly add?: readonly (string | SourceRecord)[];
    readonly without?: RegExp;
    readonly known?: ReadonlyMap<string, string>;
  } = {},
): Side {
  const { add = [], without, known = addresses, ...rest } = more;
  const declaration = { ...twoExchangers, ...changes };
  // A case has the DMARC and SRV records that it is about, and no others.
  const domains = (declaration.domains as readonly object[]).map((domain) => ({ without: ["dmarc", "srv"], ...domain }));
  const made = planSide("the stack file", planOf({ ...declaration, domains }), known);
  const kept = made.records.filter(({ name, type, content }) => without?.test(`${name} ${type} ${content}`) !== true);
  return { ...made, ...rest, records: [...kept, ...records(...add)] };
}

/** A declaration's exchangers with some settings changed; `undefined` takes one out. */
export function exchangers(settings: { readonly [key: string]: object | undefined }): object {
  const all = {
    ...twoExchangers.exchangers,
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, value && { ...twoExchangers.exchangers[key], ...value }])),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Every finding of one rule, whether the change touches its domain or not. */
export function findings({ before, after, zone: published }: Omit<Case, "finds" | "what" | "rule">, rule: Rule): readonly Finding[] {
  const against = [before, ...(published === undefined ? [] : [published])] as const;
  const loud = { ...rule, severity: "block" as const };
  const report = review(
    {
      stack: "mailserver/test",
      head: after,
      against: [against[0], ...against.slice(1)],
      settings: { acknowledge: [], severities: [] },
      day: "2026-11-24",
    },
    [loud],
  );
  return [...report.domains.flatMap((domain) => domain.findings), ...report.findings];
}
