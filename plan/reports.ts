import type { AddressBook } from "./address-book";
import { bothForms } from "./domain-name";
import { isInZone } from "./names";
import type { DeclaredPolicies } from "./policies";
import type { Property } from "./property";

/** A domain with what it says of its reports. */
interface Reporting {
  readonly name: string;
  readonly reports: DeclaredPolicies["reports"];
  readonly catchAll: Property;
}

/**
 * For each declared domain, the others whose DMARC reports one of its addresses takes: each needs its consent in DNS. Reports an address of a declared domain
 * that nobody gets mail for.
 */
export function reportsByTaker(domains: readonly Reporting[], book: AddressBook): ReadonlyMap<string, readonly string[]> {
  const takers = new Map(domains.map(({ name }) => [name, new Set<string>()]));
  const catchesAll = new Set(domains.flatMap(({ name, catchAll }) => (catchAll.isAbsent ? [] : [name])));
  for (const { name, reports } of domains) {
    for (const { to, property } of reports) {
      const taken = takers.get(to.domain);
      if (taken === undefined) continue;
      // A `+` and what follows it is an extension of the address before.
      const address = to.address.toLowerCase().replace(/\+[^@]*/, "");
      if (!book.reaches(address) && !catchesAll.has(to.domain))
        property.report(`Nobody gets mail for ${bothForms(address)}, and reports would bounce; ${book.wayOut(address)}`);
      // Names in one organisation's tree need no consent (RFC 9990 section 4).
      if (!isInZone(to.domain, name) && !isInZone(name, to.domain)) taken.add(name);
    }
  }
  return new Map([...takers].map(([name, taken]) => [name, [...taken].sort()]));
}
