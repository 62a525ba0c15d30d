import type { RecordSet } from "./record-set";
import type { Hop } from "./report";

/** The way of a domain's mail: its MX by preference, each with where its name leads. */
export function deliveryPath(records: RecordSet, domain: string): Hop[] {
  return records
    .of(domain, "MX")
    .map(({ priority, content }) => ({ preference: priority ?? 0, host: content, addresses: addressesOf(records, content) }))
    .sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1));
}

export function addressesOf(records: RecordSet, host: string): string[] {
  return records
    .at(host)
    .filter(({ type }) => type === "A" || type === "AAAA")
    .map(({ content }) => content.replace(/^«(.*)»$/, "$1"));
}
