import { Resolver } from "node:dns/promises";

/** Addresses that a sending MTA tries for a domain's mail, in its order (RFC 5321 section 5.1), by what this server answers. */
export async function exchangersOf(domain: string, server: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 5000, tries: 4 });
  resolver.setServers([server]);
  const records = (await resolver.resolveMx(domain)).sort((one, other) => one.priority - other.priority);
  return (await Promise.all(records.map(({ exchange }) => resolver.resolve4(exchange)))).flat();
}
