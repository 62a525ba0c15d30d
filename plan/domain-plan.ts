import { isIPv4 } from "node:net";
import { checkPrimary, readAliases, readPreference, readRole } from "./exchangers";
import { isInZone, isLabel } from "./names";
import { Property, show } from "./property";
import { readTtl } from "./ttl";
import type { MailHost, Parsed, Problem, Zone } from "./types";
import { readDomainName, readZone } from "./zone";

/** What the records of one mail domain follow from, whoever runs its hosts. */
export interface DomainPlan {
  readonly name: string;
  readonly zone: Zone;
  /** By preference, then key. */
  readonly exchangers: readonly MailHost[];
  readonly ttl: number;
}

/**
 * The plan of one domain's records, or all that is wrong with it, at once. By the rules of a whole declaration, as far as they concern records.
 *
 * @param args arguments of `MailDns`; what is known only when resources exist is not looked at
 */
export function parseDomainPlan(args: unknown): Parsed<DomainPlan> {
  const problems: Problem[] = [];
  const fields = new Property("", args, problems).fields(["domain", "zone", "zoneId", "exchangers", "ttl"]);
  if (fields === undefined) return { ok: false, problems };
  const name = readDomainName(fields.domain);
  const zone = fields.zone.isAbsent ? undefined : readZone(fields.zone);
  if (name !== undefined && zone !== undefined && !isInZone(name, zone.name)) {
    fields.zone.report(`The domain ${name} is not in the zone ${zone.name}; give the zone that holds it.`);
  }
  const ttl = readTtl(fields.ttl);
  const exchangers = readHosts(fields.exchangers);
  if (problems.length > 0 || name === undefined || ttl === undefined) return { ok: false, problems };
  return { ok: true, value: { name, zone: zone ?? { name }, exchangers, ttl } };
}

function readHosts(property: Property): MailHost[] {
  const members = property.isAbsent
    ? property.report("Missing; give the hosts that take mail, by key.")
    : property.members("{mx1: {name: mx1.example.org, role: primary, address: 192.0.2.10}}");
  if (members === undefined) return [];
  if (members.length === 0) property.report('There is no exchanger; give at least one, with role "primary".');
  const drafts = members.map(({ key, property: member }) => readHost(key, member));
  checkPrimary(property, drafts);
  return drafts
    .map(({ host }) => host)
    .filter((host) => host !== undefined)
    .sort((a, b) => a.preference - b.preference || (a.key < b.key ? -1 : 1));
}

function readHost(key: string, property: Property): Parameters<typeof checkPrimary>[1][number] & { readonly host?: MailHost } {
  if (!isLabel(key)) property.report(`${show(key)} is no key for an exchanger; use one DNS label such as mx1.`);
  const fields = property.fields(["name", "role", "preference", "aliases", "address", "serving"]);
  if (fields === undefined) return { key, property };
  const fqdn = readDomainName(fields.name);
  const role = readRole(fields.role);
  const preference = readPreference(fields.preference, role);
  const aliases = readAliases(fields.aliases);
  checkAddress(fields.address);
  const draft = { key, property, role, preference };
  if (fqdn === undefined || role === undefined || preference === undefined || aliases === undefined) return draft;
  return { ...draft, host: { key, role, preference, fqdn, aliases } };
}

/** SPF's `ip4` takes nothing else (RFC 7208 section 5.6). An address that is known only later comes from a resource, which has no other. */
function checkAddress(property: Property): void {
  if (property.isAbsent) property.report("Missing; give the host's public IPv4 address.");
  else if (property.isText && !isIPv4(property.string("") ?? "")) {
    property.report(`${property.shown} is not an IPv4 address; give the host's public one, such as 192.0.2.10.`);
  }
}
