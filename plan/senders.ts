import type { AddressBook } from "./address-book";
import { bothForms, domainName } from "./domain-name";
import { addressProblem, mailAddress } from "./mail-address";
import { nearest } from "./nearest";
import { show, type Property } from "./property";

/** Whom somebody may send as: declared domains as a whole and declared addresses, sorted, each once. */
export function readSenders(list: readonly Property[], domains: ReadonlySet<string>, book: AddressBook): string[] {
  return [...new Set(list.map((entry) => readSender(entry, domains, book)).filter((sender) => sender !== undefined))].sort();
}

/** What comes back to a sender must reach somebody. */
function readSender(property: Property, domains: ReadonlySet<string>, book: AddressBook): string | undefined {
  const text = property.string("a declared address or domain");
  if (text === undefined) return undefined;
  if (/^\*?@/.test(text))
    return property.report(`${show(text)} is not an address; for a whole domain write its name alone, ${show(text.replace(/^\*?@/, ""))}.`);
  if (!text.includes("@")) {
    const domain = domainName(text);
    if ("error" in domain) return property.report(`${show(text)} is neither an address nor a domain name: ${domain.error}.`);
    if (domains.has(domain.name)) return domain.name;
    const guess = nearest(domain.name, [...domains]);
    return property.report(
      `${bothForms(domain.name)} is not a declared domain, and this mail system may not send as it; ${guess === undefined ? "take a declared one, or an address in one." : `did you mean "${guess}"?`}`,
    );
  }
  const address = mailAddress(text);
  if (address === undefined) return property.report(`${show(text)} is not a mail address: ${addressProblem(text)}.`);
  if (book.reaches(address)) return address;
  return property.report(`${bothForms(address)} is not declared, so answers and bounces would reach nobody; ${book.wayOut(address)}`);
}
