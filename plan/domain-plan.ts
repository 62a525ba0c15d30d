import { isIPv4, isIPv6 } from "node:net";
import { isMadeBySigner } from "./dkim";
import { checkPrimary, readAliases, readPreference, readRole } from "./exchangers";
import { isInZone, isLabel } from "./names";
import { policyKeys, readPolicies } from "./policies";
import { Property, show } from "./property";
import { readTtl } from "./ttl";
import type { DomainPolicies, MailHost, Parsed, Problem, Zone } from "./types";
import { readDomainName, readZone } from "./zone";

/** What the records of one mail domain follow from, whoever runs its hosts. */
export interface DomainPlan {
  readonly name: string;
  readonly zone: Zone;
  /** By preference, then key. */
  readonly exchangers: readonly MailHost[];
  /** Keys of those whose names' records are made with the domain's. */
  readonly named: readonly string[];
  readonly policies: DomainPolicies;
  readonly ttl: number;
}

/**
 * The plan of one domain's records, or all that is wrong with it, at once. By the rules of a whole declaration, as far as they concern records.
 *
 * @param args arguments of `MailDns`; what is known only when resources exist is not looked at
 */
export function parseDomainPlan(args: unknown): Parsed<DomainPlan> {
  const problems: Problem[] = [];
  const fields = new Property("", args, problems).fields([
    "domain",
    "zone",
    "zoneId",
    "exchangers",
    "reportsFor",
    "dkimKeys",
    "ttl",
    ...policyKeys,
  ]);
  if (fields === undefined) return { ok: false, problems };
  const name = readDomainName(fields.domain);
  const zone = fields.zone.isAbsent ? undefined : readZone(fields.zone);
  if (name !== undefined && zone !== undefined && !isInZone(name, zone.name)) {
    fields.zone.report(`The domain ${name} is not in the zone ${zone.name}; give the zone that holds it.`);
  }
  const ttl = readTtl(fields.ttl);
  const hosts = readHosts(fields.exchangers, zone?.name ?? name);
  const declared = readPolicies(fields, { name, zone: zone?.name ?? name, ownServices: undefined });
  const reportsFor = readReportsFor(fields.reportsFor, name);
  if (fields.dkimKeys.isAbsent) {
    for (const { selector } of (declared?.policies.dkim ?? []).filter(isMadeBySigner)) {
      fields.dkim.report(
        `Nobody makes the key of selector ${show(selector)} here; give its publicKey, or all of them as dkimKeys.`,
        selector,
      );
    }
  }
  if (problems.length > 0 || name === undefined || ttl === undefined || declared === undefined) return { ok: false, problems };
  const exchangers = hosts.map(({ host }) => host);
  const named = hosts.filter(({ isNamed }) => isNamed).map(({ host }) => host.key);
  const policies = { ...declared.policies, reportsFor };
  return { ok: true, value: { name, zone: zone ?? { name }, exchangers, named, policies, ttl } };
}

function readReportsFor(property: Property, own: string | undefined): string[] {
  const list = property.isAbsent ? [] : (property.list() ?? []);
  const names = new Set<string>();
  for (const entry of list) {
    const name = readDomainName(entry);
    if (name === undefined) continue;
    if (name === own) entry.report(`${show(name)} is this domain, whose own reports need no consent; take it out.`);
    else if (names.has(name)) entry.report(`${show(name)} is in the list twice; take one out.`);
    else names.add(name);
  }
  return [...names].sort();
}

interface Host {
  readonly host: MailHost;
  readonly isNamed: boolean;
}

/** @param zone in which the records are made */
function readHosts(property: Property, zone: string | undefined): Host[] {
  const members = property.isAbsent
    ? property.report("Missing; give the hosts that take mail, by key.")
    : property.members("{mx1: {name: mx1.example.org, role: primary, address: 192.0.2.10}}");
  if (members === undefined) return [];
  if (members.length === 0) property.report('There is no exchanger; give at least one, with role "primary".');
  const drafts = members.map(({ key, property: member }) => readHost(key, member, zone));
  checkPrimary(property, drafts);
  return drafts
    .map(({ made }) => made)
    .filter((made) => made !== undefined)
    .sort(({ host: a }, { host: b }) => a.preference - b.preference || (a.key < b.key ? -1 : 1));
}

function readHost(
  key: string,
  property: Property,
  zone: string | undefined,
): Parameters<typeof checkPrimary>[1][number] & { readonly made?: Host } {
  if (!isLabel(key)) property.report(`${show(key)} is no key for an exchanger; use one DNS label such as mx1.`);
  const fields = property.fields(["name", "role", "preference", "aliases", "address", "ipv6Address", "records", "serving"]);
  if (fields === undefined) return { key, property };
  const fqdn = readDomainName(fields.name);
  const role = readRole(fields.role);
  const preference = readPreference(fields.preference, role);
  const aliases = readAliases(fields.aliases);
  checkAddress(fields.address);
  checkIPv6Address(fields.ipv6Address);
  const isNamed = fields.records.isAbsent ? false : fields.records.boolean("whether the records of the host's name are made here too");
  if (isNamed === true && fqdn !== undefined && zone !== undefined && !isInZone(fqdn, zone))
    fields.records.report(`The host's name ${fqdn} is not in the zone ${zone}, so its records cannot be made there; take "records" out.`);
  const draft = { key, property, role, preference };
  if (fqdn === undefined || role === undefined || preference === undefined || aliases === undefined) return draft;
  if (isNamed === undefined) return draft;
  return { ...draft, made: { host: { key, role, preference, fqdn, aliases, hasIPv6: !fields.ipv6Address.isAbsent }, isNamed } };
}

/** SPF's `ip4` takes nothing else (RFC 7208 section 5.6). An address that is known only later comes from a resource, which has no other. */
function checkAddress(property: Property): void {
  if (property.isAbsent) property.report("Missing; give the host's public IPv4 address.");
  else if (property.isText && !isIPv4(property.string("") ?? "")) {
    property.report(`${property.shown} is not an IPv4 address; give the host's public one, such as 192.0.2.10.`);
  }
}

/** SPF's `ip6` and AAAA. */
function checkIPv6Address(property: Property): void {
  if (property.isText && !isIPv6(property.string("") ?? "")) {
    property.report(`${property.shown} is not an IPv6 address; give the host's public one, such as 2001:db8::10.`);
  }
}
