import { AddressBook } from "./address-book";
import { checkExpansion, readAliases, readTarget } from "./aliases";
import { readCaa } from "./caa";
import { readSignedZones } from "./dnssec";
import { bothForms } from "./domain-name";
import { readDomains, type DeclaredDomain } from "./domains";
import { readExchangers } from "./exchangers";
import { checkCourier, readMailboxServer, servicesOf } from "./mailbox-server";
import { addressProblem, joinAddress, mailAddress, tooLong } from "./mail-address";
import { readOperator } from "./operator";
import { readParkedDomains, type DeclaredParkedDomain } from "./parked-domains";
import { Property, show } from "./property";
import { readQuota, unlimited } from "./quota";
import { readMessageSize } from "./message-size";
import { readRelayClients } from "./relay-clients";
import { readSenders } from "./senders";
import { defaultSendingLimits, readSendingLimits } from "./sending-limits";
import { readSieve } from "./sieve";
import { reportsByTaker } from "./reports";
import { readSystemUsers, type SystemUserAccount } from "./system-users";
import { readTtl } from "./ttl";
import type { Domain, Exchanger, MailPlan, Parsed, Problem, SystemUser, Zone } from "./types";
import { readZone } from "./zone";

/**
 * The plan that a declaration means, deeply frozen, with every default in it; or all that is wrong with it, at once.
 * Never throws, whatever it is given. The same declaration with its keys in another order gives the same plan.
 *
 * @param declaration a `Declaration`, as nobody has checked yet
 */
export function parse(declaration: unknown): Parsed<MailPlan> {
  const problems: Problem[] = [];
  const root = new Property("", declaration, problems);
  const fields = root.fields([
    "hostZone",
    "exchangers",
    "domains",
    "parkedDomains",
    "dnssec",
    "caa",
    "systemUsers",
    "ttl",
    "postmaster",
    "mailboxServer",
    "quota",
    "sendingLimits",
    "messageSizeLimit",
    "compression",
    "sieve",
    "relayClients",
    "operator",
  ]);
  if (fields === undefined) return frozen({ ok: false, problems });

  const hostZone = readZone(fields.hostZone);
  const quota = readQuota(fields.quota, unlimited);
  const sendingLimits = readSendingLimits(fields.sendingLimits, defaultSendingLimits);
  const mailboxServer = readMailboxServer(fields.mailboxServer);
  const read = readDomains(fields.domains, { quota, sendingLimits, ownServices: servicesOf[mailboxServer] });
  const domains = read.filter((domain) => domain !== undefined);
  const parkedDomains = readParkedDomains(fields.parkedDomains);
  const zones = [...(hostZone === undefined ? [] : [hostZone]), ...[...domains, ...parkedDomains].map(({ zone }) => zone)];
  const signedZones = readSignedZones(fields.dnssec, zones);
  const exchangers = readExchangers(fields.exchangers, {
    hostZone: hostZone?.name,
    isSigned: signedZones.some(({ name }) => name === hostZone?.name),
    mailDomains: domains.map(({ name }) => name),
    zones: domains.map(({ zone }) => zone.name),
  });
  const messageSizeMiB = readMessageSize(fields.messageSizeLimit, exchangers);
  const accounts = readSystemUsers(fields.systemUsers, quota);
  const ttl = readTtl(fields.ttl);
  const { systemUsers, book } = readAddressBook(domains, read[0], accounts);
  const postmaster = readPostmaster(fields.postmaster, domains, systemUsers, book);
  const complete = readDomainAliases(domains, book, postmaster, fields.postmaster);
  const compression = fields.compression.isAbsent ? false : (fields.compression.boolean("whether new mail is compressed") ?? false);
  const sieve = readSieve(fields.sieve);
  if (mailboxServer === "courier")
    checkCourier({
      compression: { property: fields.compression, value: compression },
      sieve: { property: fields.sieve, value: sieve },
      domains,
    });
  const caa = fields.caa.isAbsent ? undefined : readCaa(fields.caa);
  checkNames(domains, exchangers, parkedDomains);
  const relayClients = readRelayClients(fields.relayClients, new Set(domains.map(({ name }) => name)), book);
  const operator = readOperator(fields.operator);
  checkZoneIds(hostZone, [...domains, ...parkedDomains], fields.domains);

  const [first, ...others] = complete;
  if (
    problems.length > 0 ||
    hostZone === undefined ||
    first === undefined ||
    ttl === undefined ||
    postmaster === undefined ||
    messageSizeMiB === undefined ||
    operator === undefined
  ) {
    return frozen({ ok: false, problems });
  }
  return frozen({
    ok: true,
    value: {
      hostZone,
      exchangers,
      domains: [first, ...others],
      parkedDomains: parkedDomains.map(({ name, zone }) => ({ name, zone })),
      signedZones,
      ...(caa === undefined ? {} : { caa }),
      systemUsers,
      ttl,
      postmaster,
      sendingLimits,
      messageSizeMiB,
      mailboxServer,
      compression,
      ...(sieve === undefined ? {} : { sieve }),
      relayClients,
      operator,
    },
  });
}

function readAddressBook(
  domains: readonly DeclaredDomain[],
  first: DeclaredDomain | undefined,
  accounts: readonly SystemUserAccount[],
): { readonly systemUsers: SystemUser[]; readonly book: AddressBook } {
  const book = new AddressBook(new Set(domains.map(({ name }) => name)));
  for (const { mailboxes, aliases } of domains) {
    for (const { address, property, settings } of mailboxes) {
      book.declare(address, "mailbox", property);
      if (!settings.receives) book.declareDeaf(address, property);
    }
    for (const { address, property } of aliases) book.declare(address, "alias", property);
  }
  const systemUsers: SystemUser[] = [];
  for (const { property, ...account } of accounts) {
    if (first === undefined) continue;
    const address = joinAddress(account.name, first.name);
    if (address === undefined) {
      property.report(`${show(`${account.name}@${first.name}`)} is too long: ${tooLong}.`);
      continue;
    }
    book.declare(address, "system user", property);
    systemUsers.push({ ...account, address });
  }
  return { systemUsers, book };
}

function readPostmaster(
  property: Property,
  domains: readonly DeclaredDomain[],
  systemUsers: readonly SystemUser[],
  book: AddressBook,
): string | undefined {
  if (property.isAbsent) {
    const mailboxesOf = (domain: DeclaredDomain | undefined): string[] =>
      (domain?.mailboxes ?? [])
        .filter(({ settings }) => settings.receives)
        .map(({ address }) => address)
        .sort();
    const [first, ...others] = domains;
    const candidates = [...mailboxesOf(first), ...systemUsers.map(({ address }) => address), ...others.flatMap(mailboxesOf)];
    return (
      candidates[0] ??
      (domains.length === 0
        ? undefined
        : property.report(
            "There is no mailbox that takes mail and no system user, so nobody would get mail for postmaster; declare a mailbox or a system user.",
          ))
    );
  }
  const text = property.string("the address of a declared mailbox or system user");
  if (text === undefined) return undefined;
  const address = mailAddress(text);
  if (address === undefined) return property.report(`${show(text)} is not a mail address: ${addressProblem(text)}.`);
  const problem = book.has(address) ? book.deafness(address) : `${bothForms(address)} is not declared; ${book.wayOut(address)}`;
  return problem === undefined ? address : property.report(problem);
}

function readDomainAliases(
  domains: readonly DeclaredDomain[],
  book: AddressBook,
  postmaster: string | undefined,
  postmasterProperty: Property,
): Domain[] {
  const names = new Set(domains.map(({ name }) => name));
  const taken = reportsByTaker(domains, book);
  const complete = domains.map((domain) => ({
    name: domain.name,
    zone: domain.zone,
    policies: { ...domain.policies, reportsFor: taken.get(domain.name) ?? [] },
    mailboxes: domain.mailboxes
      .map(({ address, settings, sendsAs }) => ({ address, ...settings, sendsAs: readSenders(sendsAs?.list() ?? [], names, book) }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    aliases: readAliases(domain, names, book, postmaster),
    ...readCatchAll(domain, names, book),
  }));
  checkExpansion(
    // An alias with a mailbox's address has been reported; it often names itself, to mean a copy.
    complete.flatMap(({ aliases }) => aliases).filter(({ address }) => !book.isAccount(address)),
    domains.flatMap(({ aliases }) => aliases),
    postmasterProperty,
  );
  return complete;
}

function readCatchAll({ name, catchAll }: DeclaredDomain, names: ReadonlySet<string>, book: AddressBook): { catchAll?: string } {
  const target = catchAll.isAbsent ? undefined : readTarget(catchAll, name, names, book);
  return target === undefined ? {} : { catchAll: target };
}

/**
 * A name is one thing: a null MX is a domain's only MX (RFC 7505 section 3), and an alias name stands alone (RFC 1034 section 3.6.2), so nothing else of ours
 * may have the name of one.
 */
function checkNames(domains: readonly DeclaredDomain[], exchangers: readonly Exchanger[], parked: readonly DeclaredParkedDomain[]): void {
  const owners = new Map<string, string>([
    ...domains.map(({ name }) => [name, "a mail domain"] as const),
    ...exchangers.map(({ fqdn, key }) => [fqdn, `the host "${key}"`] as const),
  ]);
  for (const { name, property } of parked) {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, "a parked domain");
    else if (owner === "a parked domain") property.report(`The domain ${bothForms(name)} is in the list twice; take one out.`, "name");
    else
      property.report(
        `The parked domain ${bothForms(name)} is ${owner} too, and could not refuse its mail; take it out here or there.`,
        "name",
      );
  }
  for (const { name, policies, property } of domains) {
    const aliases = [
      ...(policies.mtaSts?.host === undefined ? [] : [["mtaSts", `mta-sts.${name}`] as const]),
      ...(policies.autoconfig === undefined ? [] : [["autoconfig", `autoconfig.${name}`] as const]),
    ];
    for (const [key, alias] of aliases) {
      const owner = owners.get(alias);
      if (owner !== undefined)
        property.report(
          `The name ${bothForms(alias)} would be an alias of a web host, and is ${owner} too; give that one another name, or make the alias elsewhere.`,
          key,
        );
    }
  }
}

/** One zone has one id; two would put records of one zone in two places. */
function checkZoneIds(hostZone: Zone | undefined, domains: readonly { readonly zone: Zone }[], property: Property): void {
  const ids = new Map(hostZone?.id === undefined ? [] : [[hostZone.name, hostZone.id]]);
  for (const { zone } of domains) {
    if (zone.id === undefined) continue;
    const id = ids.get(zone.name) ?? zone.id;
    ids.set(zone.name, id);
    if (id !== zone.id)
      property.report(
        `The zone ${bothForms(zone.name)} is given with two ids, ${id} and ${zone.id}; a zone has one, take the wrong one out.`,
      );
  }
}

/** Frozen all the way down. Everything in it was made here and is a plain map, a list or a scalar. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
