import { domainName } from "./domain-name";
import { show, type Property } from "./property";

/** Where reports go: an address, and the same as a URI. */
export interface ReportAddress {
  readonly domain: string;
  /** LOCAL@DOMAIN, the domain in ASCII. */
  readonly address: string;
  readonly uri: string;
}

/** A dot-atom (RFC 5322 section 3.2.3) of ASCII: addresses of report services have extensions after a `+`. */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/** An address that gets reports, ours or anybody's. Records have it as `mailto:` URI; comma and `!` mean something in them (RFC 9989 section 4.7, `rua`). */
export function readReportAddress(property: Property): ReportAddress | undefined {
  const text = property.string("a mail address");
  if (text === undefined) return undefined;
  if (/^mailto:/i.test(text)) return property.report(`${show(text)} has "mailto:" before it; give the address alone.`);
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || at > 64 || !dotAtom.test(local))
    return property.report(
      `${show(text)} is not a mail address that reports can be sent to; write it as local@domain, in ASCII before the @.`,
    );
  const domain = domainName(text.slice(at + 1));
  if ("error" in domain)
    return property.report(`${show(text)} is not a mail address: ${show(text.slice(at + 1))} is not a domain name: ${domain.error}.`);
  const address = `${local}@${domain.name}`;
  if (address.length > 254) return property.report(`${show(text)} is too long; SMTP takes 254 characters in an address, give another one.`);
  return { domain: domain.name, address, uri: `mailto:${encodeURIComponent(local).replace(/[!'*]/g, encoded)}@${domain.name}` };
}

/** An `https:` URI as it is, or an address as `mailto:` URI. */
export function readReportUri(property: Property): string | undefined {
  const text = property.isText ? (property.string("") ?? "") : "";
  if (!/^[a-z]+:/i.test(text) || /^mailto:/i.test(text)) return readReportAddress(property)?.uri;
  return readHttpsUri(property);
}

/** An `https:` URI without what would end it in a record: comma, semicolon, `!`, blanks. */
export function readHttpsUri(property: Property): string | undefined {
  const text = property.string("an https: URI");
  if (text === undefined) return undefined;
  const good =
    /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._~&+=:@%/?-]*)?$/.test(text) && URL.canParse(text) && text.length <= 500;
  return good
    ? text
    : property.report(
        `${show(text)} is not a URI that can stand in a record; write it as https://host/path, without blanks, ",", ";" and "!".`,
      );
}

const encoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** A list of them, each once. */
export function readReportList<T>(
  property: Property,
  read: (entry: Property) => T | undefined,
  identity: (value: T) => string,
): readonly T[] | undefined {
  if (property.isAbsent) return [];
  const list = property.list();
  const seen = new Set<string>();
  const values = list?.map((entry) => {
    const value = read(entry);
    if (value === undefined) return undefined;
    if (seen.has(identity(value))) return entry.report(`${entry.shown} is in the list twice; take one out.`);
    seen.add(identity(value));
    return value;
  });
  return values?.every((value) => value !== undefined) === true ? values : undefined;
}
