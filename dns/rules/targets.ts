import type { SourceRecord } from "../review/side";
import type { RecordSet } from "../review/record-set";
import type { Comparison } from "./rule";

/** MX that lead to a host: all but a null MX (RFC 7505 section 3). */
export function exchangersOf(records: RecordSet, domain: string): SourceRecord[] {
  return records.of(domain, "MX").filter(({ content }) => content !== ".");
}

/** Hosts that mail is led to, each once, with a domain whose mail it is. */
export function targets(records: RecordSet, { domains }: Comparison): Map<string, string> {
  const found = new Map<string, string>();
  for (const domain of domains) {
    for (const { content } of exchangersOf(records, domain)) if (!found.has(content)) found.set(content, domain);
  }
  return found;
}

export function addressRecords(records: RecordSet, host: string): SourceRecord[] {
  return records.at(host).filter(({ type }) => type === "A" || type === "AAAA");
}

/** Whether another name has one of a host's addresses, so that it is the same host; or could have: without an older plan, one that is not known may be it. */
export function hasAddressOf({ before, after }: Comparison, host: string, other: string): boolean {
  const addresses = addressRecords(after, other).map(({ content }) => content);
  if (before.side.plan === undefined && addresses.some((address) => address.includes("«"))) return true;
  return addressRecords(before, host).some(({ content }) => addresses.includes(content));
}

/**
 * Whether what is not among the records after the deploy is nowhere: the name is in a zone that was looked at, or it is one that the plan would have. Of other
 * names, only some are known.
 */
export function isWhole({ after, published, zoneOf }: Comparison, name: string): boolean {
  const zone = zoneOf(name);
  if (zone === undefined) return false;
  if (published !== undefined) return published.side.zones?.includes(zone) ?? true;
  return after.side.plan?.hostZone.name === zone;
}
