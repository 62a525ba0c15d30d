import { domainToASCII } from "node:url";

/** One DNS label in the LDH form of host names, lower case (RFC 1123 section 2.1; at most 63 octets, RFC 1035 section 2.3.4). */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host name without its zone: one or more labels (RFC 1123 section 2.1).
 * Returns it in lower case, or `undefined` if it is none.
 */
export function hostName(text: string): string | undefined {
  const name = asciiLower(text);
  return name.split(".").every((part) => label.test(part)) ? name : undefined;
}

export function isLabel(text: string): boolean {
  return label.test(text);
}

/**
 * A domain name of at least two labels, as DNS has it: lower case, internationalised labels as A-labels (IDNA, RFC 5890), no trailing dot,
 * at most 253 characters, and not something that reads as an address: the last label has a letter (RFC 3696 section 2).
 * Returns `undefined` if the text is none.
 */
export function domainName(text: string): string | undefined {
  // domainToASCII is the parser of URL hosts: it would drop line ends, decode %41 and cut at a slash. Only plain label characters may reach it.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(text)) return undefined;
  // eslint-disable-next-line no-control-regex -- "is it ASCII" is the question
  const name = /^[\x00-\x7f]*$/.test(text) ? asciiLower(text) : domainToASCII(text);
  const labels = name.split(".");
  if (labels.length < 2 || name.length > 253 || !labels.every((part) => label.test(part))) return undefined;
  return /[a-z]/.test(labels[labels.length - 1] ?? "") ? name : undefined;
}

/** Whether `name` is `zone` or below it. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/**
 * The local part of an address, in lower case: a dot-atom (RFC 5322 section 3.2.3) of at most 64 octets (RFC 5321 section 4.5.3.1.1), of the characters
 * that Dovecot takes in a user name (`auth_username_chars`): letters, digits, `.`, `-` and `_`. So `+` stays free as recipient delimiter, and nothing that
 * a map, a path or a shell could misread is in it. It does not begin with `-` (Postfix refuses such recipients: `allow_min_user`).
 * Returns `undefined` if the text is none.
 */
export function localPart(text: string): string | undefined {
  const part = asciiLower(text);
  return part.length <= 64 && /^[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*$/.test(part) ? part : undefined;
}

/** What a local part may be, for messages. */
export const localPartRule = `use letters, digits, ".", "-" and "_", at most 64, not beginning or ending with "." and not beginning with "-"; "+" separates extensions`;

/** An address in its one spelling: local part and domain in lower case, the domain in ASCII. `undefined` if the text is no address. */
export function mailAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  if (at < 0) return undefined;
  const local = localPart(text.slice(0, at));
  const domain = domainName(text.slice(at + 1));
  return local === undefined || domain === undefined ? undefined : joinAddress(local, domain);
}

/** LOCAL@DOMAIN, or `undefined` if that is longer than SMTP takes: 256 octets with the brackets (RFC 5321 section 4.5.3.1.3). */
export function joinAddress(local: string, domain: string): string | undefined {
  const address = `${local}@${domain}`;
  return address.length <= 254 ? address : undefined;
}

/** Only A to Z: `toLowerCase` would turn the Kelvin sign into a `k` and let it in. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
