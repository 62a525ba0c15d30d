import type { Property } from "./property";
import { readDomainName } from "./zone";

/** The name of a web host to which a name of the domain leads; never that name itself, nor one below it. */
export function readWebHost(property: Property, alias: string | undefined): string | undefined {
  const host = readDomainName(property);
  if (host !== undefined && host === alias)
    return property.report(
      `The name ${host} cannot be an alias of itself; give the web host's own name, or none if its records are made elsewhere.`,
    );
  return host;
}
