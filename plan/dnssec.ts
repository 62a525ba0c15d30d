import { bothForms } from "./domain-name";
import { nearest } from "./nearest";
import type { Property } from "./property";
import type { Zone } from "./types";
import { readDomainName } from "./zone";

/** @param zones every zone of the declaration */
export function readSignedZones(property: Property, zones: readonly Zone[]): Zone[] {
  const list = property.isAbsent ? [] : (property.list() ?? []);
  // A zone may be named several times, with its id or without.
  const byName = new Map(zones.map((zone) => [zone.name, zones.find(({ name, id }) => name === zone.name && id !== undefined) ?? zone]));
  const signed = new Map<string, Zone>();
  for (const entry of list) {
    const name = readDomainName(entry);
    if (name === undefined) continue;
    const zone = byName.get(name);
    if (zone === undefined) {
      const guess = nearest(name, [...byName.keys()]);
      entry.report(
        `${bothForms(name)} is not a zone of this declaration; ${guess === undefined ? "give the name of a zone that a domain or the hosts' names are in." : `did you mean "${guess}"?`}`,
      );
    } else if (signed.has(name)) entry.report(`The zone ${bothForms(name)} is in the list twice; take one out.`);
    else signed.set(name, zone);
  }
  return [...signed.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
