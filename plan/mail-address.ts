import { domainName } from "./domain-name";
import { asciiLower } from "./names";
import { show } from "./property";

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

/** For a message about a text that is no local part, to stand after a colon: why, and what one is. */
export function localPartProblem(text: string): string {
  // eslint-disable-next-line no-control-regex -- "is it ASCII" is the question
  if (!/^[\x00-\x7f]*$/.test(text))
    return "the hosts take ASCII only before the @ (SMTPUTF8, RFC 6531, is off, as with most receivers); write it without accents and in Latin letters";
  if (text.includes("@")) return "give only what stands before the @; the domain is that of the list it is in";
  if (text.includes("+")) return '"+" separates extensions, and mail to NAME+ANYTHING reaches NAME already; declare NAME alone';
  return 'use letters, digits, ".", "-" and "_", at most 64, not beginning or ending with "." and not beginning with "-"';
}

/** An address in its one spelling: local part and domain in lower case, the domain in ASCII. `undefined` if the text is no address. */
export function mailAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  if (at < 0) return undefined;
  const local = localPart(text.slice(0, at));
  const domain = domainName(text.slice(at + 1));
  return local === undefined || "error" in domain ? undefined : joinAddress(local, domain.name);
}

/** A dot-atom of ASCII (RFC 5322 section 3.2.3), of characters that cannot be misread in a map. */
const outsideLocalPart = /^[A-Za-z0-9_+=-]+(?:\.[A-Za-z0-9_+=-]+)*$/;

/** An address of somebody else's domain: its local part stays as it is written, for what it means is known there alone. `undefined` if the text is none. */
export function outsideAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainName(text.slice(at + 1));
  return local.length > 64 || !outsideLocalPart.test(local) || local.startsWith("-") || "error" in domain
    ? undefined
    : joinAddress(local, domain.name);
}

/** For a message about a text that `mailAddress` does not take, to stand after a colon: why. */
export function addressProblem(text: string): string {
  const at = text.lastIndexOf("@");
  if (at < 0) return "there is no @ in it; write it as local@domain";
  const local = text.slice(0, at);
  if (localPart(local) === undefined) return localPartProblem(local);
  const domain = domainName(text.slice(at + 1));
  return "error" in domain ? `${show(text.slice(at + 1))} is not a domain name: ${domain.error}` : tooLong;
}

export const tooLong = "SMTP takes 254 characters in an address; shorten the local part";

/** LOCAL@DOMAIN, or `undefined` if that is longer than SMTP takes: 256 octets with the brackets (RFC 5321 section 4.5.3.1.3). */
export function joinAddress(local: string, domain: string): string | undefined {
  const address = `${local}@${domain}`;
  return address.length <= 254 ? address : undefined;
}
