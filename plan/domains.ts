import { bothForms } from "./domain-name";
import { type MailboxDefaults, type MailboxSettings, readMailboxSettings } from "./mailboxes";
import { joinAddress, localPart, localPartProblem, tooLong } from "./mail-address";
import { isInZone } from "./names";
import { policyKeys, readPolicies, type DeclaredPolicies } from "./policies";
import { show, type Property } from "./property";
import { readQuota } from "./quota";
import { readSendingLimits } from "./sending-limits";
import type { Zone } from "./types";
import { readDomainName, readZone } from "./zone";

/** An address and where it was declared. */
export interface DeclaredAddress {
  readonly address: string;
  readonly property: Property;
}

export interface DeclaredMailbox extends DeclaredAddress {
  readonly settings: MailboxSettings;
  /** Not read yet. */
  readonly sendsAs?: Property;
}

export interface DeclaredDomain extends DeclaredPolicies {
  readonly property: Property;
  readonly name: string;
  readonly zone: Zone;
  readonly mailboxes: readonly DeclaredMailbox[];
  /** Their targets have not been read yet: those may be addresses of any domain. */
  readonly aliases: readonly DeclaredAddress[];
  /** As little read. */
  readonly catchAll: Property;
}

const noPolicies: DeclaredPolicies["policies"] = { dkim: [], tlsReports: [], reportsFor: [], adoptRecords: false };

/** What follows from the whole system, for domains that say nothing of it. */
interface System extends MailboxDefaults {
  /** Services for mail clients that the primary has. */
  readonly ownServices: readonly string[];
}

/**
 * @returns the good ones, in order; an element is `undefined` where a domain was no good, so that the first one stays the first
 */
export function readDomains(property: Property, system: System): (DeclaredDomain | undefined)[] {
  const wayOut = "declare at least one, such as {name: example.org}";
  const list = property.isAbsent ? property.report(`Missing; ${wayOut}.`) : property.list();
  if (list?.length === 0) property.report(`There is no mail domain; ${wayOut}.`);
  const seen = new Set<string>();
  return (list ?? []).map((entry) => {
    const domain = readDomain(entry, system);
    if (domain === undefined) return undefined;
    if (seen.has(domain.name))
      return entry.report(`The domain ${bothForms(domain.name)} is declared twice; put its mailboxes and aliases together.`, "name");
    seen.add(domain.name);
    return domain;
  });
}

function readDomain(property: Property, system: System): DeclaredDomain | undefined {
  const fields = property.fields(["name", "zone", "quota", "sendingLimits", "mailboxes", "aliases", "catchAll", ...policyKeys]);
  if (fields === undefined) return undefined;
  const name = readDomainName(fields.name);
  const zone = fields.zone.isAbsent ? undefined : readZone(fields.zone);
  const defaults = {
    quota: readQuota(fields.quota, system.quota),
    sendingLimits: readSendingLimits(fields.sendingLimits, system.sendingLimits),
  };
  // With a bad name the local parts are still worth a look.
  const mailboxes = readAddresses(fields.mailboxes, name, "{alice: {}}", (mailbox) => readMailboxSettings(mailbox, defaults));
  const aliases = readAddresses(fields.aliases, name, "{sales: [alice, bob]}", () => ({}));
  const declared = readPolicies(fields, { name, zone: zone?.name ?? name, ownServices: system.ownServices });
  if (name === undefined) return undefined;
  if (zone !== undefined && !isInZone(name, zone.name)) {
    fields.zone.report(
      `The domain ${bothForms(name)} is not in the zone ${bothForms(zone.name)}; give the zone that holds it, or none for a zone of the domain's own name.`,
    );
  }
  // Where a policy was no good, that has been reported; the domain's addresses are known all the same.
  const { policies, reports } = declared ?? { policies: noPolicies, reports: [] };
  return { property, name, zone: zone ?? { name }, mailboxes, aliases, catchAll: fields.catchAll, policies, reports };
}

function readAddresses<More>(
  property: Property,
  domain: string | undefined,
  example: string,
  readMore: (property: Property) => More,
): (DeclaredAddress & More)[] {
  const addresses: (DeclaredAddress & More)[] = [];
  for (const { key, property: member } of property.isAbsent ? [] : (property.members(example) ?? [])) {
    const more = readMore(member);
    const local = localPart(key);
    if (local === undefined) {
      member.report(`${show(key)} is not a local part of an address: ${localPartProblem(key)}.`);
      continue;
    }
    if (domain === undefined) continue;
    const address = joinAddress(local, domain);
    if (address === undefined) member.report(`${show(`${local}@${domain}`)} is too long: ${tooLong}.`);
    else addresses.push({ address, property: member, ...more });
  }
  return addresses;
}
