import { bothForms } from "./domain-name";
import { isInZone } from "./names";
import type { Property } from "./property";
import type { ParkedDomain } from "./types";
import { readDomainName, readZone } from "./zone";

export interface DeclaredParkedDomain extends ParkedDomain {
  readonly property: Property;
}

export function readParkedDomains(property: Property): DeclaredParkedDomain[] {
  const list = property.isAbsent ? [] : (property.list() ?? []);
  return list.map(readParkedDomain).filter((domain) => domain !== undefined);
}

function readParkedDomain(property: Property): DeclaredParkedDomain | undefined {
  const fields = property.fields(["name", "zone"], (key) =>
    ["mailboxes", "aliases"].includes(key)
      ? `There is no property "${key}": a parked domain takes no mail; declare it under domains instead.`
      : undefined,
  );
  if (fields === undefined) return undefined;
  const name = readDomainName(fields.name);
  const zone = fields.zone.isAbsent ? undefined : readZone(fields.zone);
  if (name === undefined) return undefined;
  if (zone !== undefined && !isInZone(name, zone.name))
    return fields.zone.report(`The domain ${bothForms(name)} is not in the zone ${bothForms(zone.name)}; give the zone that holds it.`);
  return { property, name, zone: zone ?? { name } };
}
