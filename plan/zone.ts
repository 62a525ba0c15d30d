import { domainName } from "./domain-name";
import { show, type Property } from "./property";
import type { Zone } from "./types";

/** @returns the zone, or `undefined` if it was no good, which has been reported */
export function readZone(property: Property): Zone | undefined {
  const fields = property.isAbsent
    ? property.report("Missing; give the zone's name, such as {name: example.org}.")
    : property.fields(["name", "id"]);
  if (fields === undefined) return undefined;
  const name = readDomainName(fields.name);
  // Cloudflare API, "Zone details": an id is 32 hexadecimal digits.
  const id = fields.id.isAbsent ? undefined : fields.id.string("the zone's id at Cloudflare");
  if (id !== undefined && !/^[0-9a-f]{32}$/.test(id)) {
    return fields.id.report(
      `${show(id)} is not the id of a zone at Cloudflare, which is 32 hexadecimal digits; without it the zone is looked up by name.`,
    );
  }
  if (name === undefined || (id === undefined && !fields.id.isAbsent)) return undefined;
  return id === undefined ? { name } : { name, id };
}

export function readDomainName(property: Property): string | undefined {
  const text = property.string("a domain name such as example.org");
  if (text === undefined) return undefined;
  const result = domainName(text);
  return "error" in result ? property.report(`${show(text)} is not a domain name: ${result.error}.`) : result.name;
}
