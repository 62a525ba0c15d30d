import type { AddressBook } from "./address-book";
import { type AddressRange, addressRange, type RangeUse } from "./address-range";
import { isLabel } from "./names";
import { show, type Property } from "./property";
import { readSenders } from "./senders";
import type { RelayClient } from "./types";

/** Whoever is in such a range needs no password, so it is at most one network: a /16 is the largest that a VPC may be (VPC User Guide, "VPC CIDR blocks"). */
const relaying: RangeUse = {
  widest: { 4: 16, 6: 129 },
  tooWide: "would let a large part of the Internet send mail through the primary without a password; give the addresses of the clients",
  withoutIPv6: "is an IPv6 range, and the hosts have no IPv6 address that such a client could call; give its IPv4 ranges",
};

/** A range of one client, and where it was declared. */
interface Claim extends AddressRange {
  readonly client: string;
  readonly property: Property;
}

/**
 * Clients that may relay without logging in, sorted by name.
 *
 * @param domains names of the declared domains
 */
export function readRelayClients(property: Property, domains: ReadonlySet<string>, book: AddressBook): RelayClient[] {
  const clients: RelayClient[] = [];
  const claims: Claim[] = [];
  for (const { key: name, property: member } of property.isAbsent
    ? []
    : (property.members("{office: {addresses: […], senders: […]}}") ?? [])) {
    if (!isLabel(name))
      member.report(`${show(name)} is no name for a relay client; use lower-case letters, digits and "-", at most 63, such as office.`);
    const fields = member.fields(["addresses", "senders"]);
    if (fields === undefined) continue;
    const ranges = readAddresses(name, fields.addresses);
    claims.push(...ranges);
    const senders = readSenders(
      readList(fields.senders, "give the addresses or the domains that it sends as, such as scanner@example.org"),
      domains,
      book,
    );
    clients.push({ name, addresses: ranges.map(({ range }) => range).sort(), senders });
  }
  checkApart(claims);
  return clients;
}

function readAddresses(client: string, property: Property): Claim[] {
  return readList(property, "give the address ranges that it connects from, such as 203.0.113.0/28").flatMap((entry) => {
    const text = entry.string("an address range");
    if (text === undefined) return [];
    const result = addressRange(text, relaying);
    if (!("error" in result)) return [{ ...result, client, property: entry }];
    entry.report(`${show(text)} ${result.error}.`);
    return [];
  });
}

/** One address belongs to one client: which senders it may use must not depend on an order. */
function checkApart(claims: readonly Claim[]): void {
  const sorted = [...claims].sort((a, b) => (a.first === b.first ? 0 : a.first < b.first ? -1 : 1));
  let widest: Claim | undefined;
  for (const claim of sorted) {
    if (widest !== undefined && claim.first <= widest.last) {
      const owner = widest.client === claim.client ? "of the same client" : `of "${widest.client}"`;
      claim.property.report(
        `${claim.range} has addresses in common with ${widest.range} (${widest.property.path}) ${owner}; narrow one of the two, or take it out.`,
      );
    }
    if (widest === undefined || claim.last > widest.last) widest = claim;
  }
}

function readList(property: Property, wayOut: string): Property[] {
  if (property.isAbsent) property.report(`Missing; ${wayOut}.`);
  const list = property.isAbsent ? [] : property.list();
  if (!property.isAbsent && list?.length === 0) property.report(`The list is empty; ${wayOut}, or take the client out.`);
  return list ?? [];
}
