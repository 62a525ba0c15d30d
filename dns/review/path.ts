import type { RecordSet } from "./record-set";
import type { Hop } from "./report";

/** The way of a domain's mail: its MX by preference, each with where its name leads, as far as that was looked at. */
export function deliveryPath(records: RecordSet, domain: string, zoneOf: (name: string) => string | undefined): Hop[] {
  return records
    .of(domain, "MX")
    .map(({ priority, content: host }): Hop => {
      const addresses = addressesOf(records, host);
      const elsewhere = addresses.length === 0 && host !== "." && zoneOf(host) === undefined;
      return { preference: priority ?? 0, host, addresses, ...(elsewhere ? { elsewhere } : {}) };
    })
    .sort((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1));
}

export function addressesOf(records: RecordSet, host: string): string[] {
  return records
    .at(host)
    .filter(({ type }) => type === "A" || type === "AAAA")
    .map(({ content }) => content.replace(/^«(.*)»$/, "$1"));
}
