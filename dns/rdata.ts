import { isIPv4, isIPv6 } from "node:net";
import { octets, SyntaxProblem, type Token } from "./master-file-text";
import type { Presented } from "./presentation";
import { quotedStrings } from "./text";

/** Record data as `Presented` has it. */
export type Data = Pick<Presented, "content" | "priority">;

/** A name may be relative; `undefined`: there is nothing that it could be relative to. */
export type Origin = string | undefined;

type Field = "name" | "text" | "base" | "hex" | 8 | 16 | 32;

/** Fields of record data, in order. Numbers are unsigned, of so many bits; `hex` and `base` (base64) may be split by blanks and are the last. */
const FORMS: { readonly [type: string]: readonly Field[] } = {
  NS: ["name"],
  CNAME: ["name"],
  DNAME: ["name"],
  PTR: ["name"],
  SOA: ["name", "name", 32, 32, 32, 32, 32],
  // RFC 2782
  SRV: [16, 16, 16, "name"],
  // RFC 8659 section 4.1
  CAA: [8, "text", "text"],
  // RFC 6698 section 2.2, RFC 8162
  TLSA: [8, 8, 8, "hex"],
  SMIMEA: [8, 8, 8, "hex"],
  // RFC 4034 section 5.3, RFC 7344
  DS: [16, 8, 8, "hex"],
  CDS: [16, 8, 8, "hex"],
  // RFC 4255
  SSHFP: [8, 8, "hex"],
  DNSKEY: [16, 8, 8, "base"],
  CDNSKEY: [16, 8, 8, "base"],
};

/** Other types that there are (IANA, "Resource Record (RR) TYPEs"): their data is kept as it is written. */
const OTHERS = new Set(
  (
    "AFSDB APL CERT CSYNC DHCID EUI48 EUI64 HINFO HIP HTTPS IPSECKEY ISDN KEY KX L32 L64 LOC LP MB MG MINFO MR NAPTR NID NSEC NSEC3 NSEC3PARAM NULL " +
    "OPENPGPKEY PX RP RRSIG RT SIG SPF SVCB TA URI WKS X25 ZONEMD"
  ).split(" "),
);

/** Whether it is the name of a record type, in upper case; `TYPE65534` is one of RFC 3597. */
export const isType = (type: string): boolean =>
  type in FORMS || OTHERS.has(type) || ["A", "AAAA", "MX", "TXT"].includes(type) || /^TYPE\d{1,5}$/.test(type);

/**
 * Record data in the one form in which records are compared: names absolute and without the dot at the end, in lower case; numbers without zeros before
 * them; addresses as RFC 5952 has them; text in quoted strings, filled up to 255 octets.
 *
 * @throws SyntaxProblem at the token that is wrong
 */
export function recordData(type: string, tokens: readonly Token[], end: { line: number; column: number }, origin: Origin): Data {
  const token = (index: number, what: string): Token => {
    const found = tokens[index];
    if (found === undefined) throw new SyntaxProblem(end, `the ${type} record ends before ${what}`);
    return found;
  };
  const nothingAfter = (count: number): void => {
    const more = tokens[count];
    if (more !== undefined) throw new SyntaxProblem(more, `"${more.text}" is too much for a record of type ${type}`);
  };
  // RFC 3597 section 5 allows it for every type; of a type that has a form, that is what can be compared.
  if (tokens[0]?.text === "\\#" && !OTHERS.has(type) && !type.startsWith("TYPE")) {
    throw new SyntaxProblem(tokens[0], `write the ${type} record in the form of its type, not as octets`);
  }
  switch (type) {
    case "A":
    case "AAAA": {
      const address = token(0, "its address");
      nothingAfter(1);
      const family = type === "A" ? "IPv4" : "IPv6";
      if (!(type === "A" ? isIPv4(address.text) : isIPv6(address.text)))
        throw new SyntaxProblem(address, `"${address.text}" is no ${family} address`);
      return { content: type === "A" ? address.text : canonicalIPv6(address.text) };
    }
    case "MX": {
      const priority = number(token(0, "its preference"), 16);
      const content = absoluteName(token(1, "its host name"), origin);
      nothingAfter(2);
      return { content: content === "" ? "." : content, priority };
    }
    case "TXT":
      token(0, "its text");
      return { content: textContent(tokens.map(octets)) };
    default: {
      const form = FORMS[type];
      if (form === undefined) return { content: tokens.map((each) => (each.quoted ? `"${each.text}"` : each.text)).join(" ") };
      const fields = form.map((field, index) => {
        const given = token(index, "its end");
        switch (field) {
          case "name": {
            const name = absoluteName(given, origin);
            return name === "" ? "." : name;
          }
          case "text":
            return index === form.length - 1 ? quotedStrings(textOf(octets(given))) : octets(given).toString("utf8").toLowerCase();
          case "hex":
          case "base": {
            const all = tokens.slice(index).map(({ text }) => text);
            return field === "hex" ? hexadecimal(given, all.join("")) : all.join("");
          }
          default:
            return String(number(given, field));
        }
      });
      const last = form.at(-1);
      if (last !== "hex" && last !== "base") nothingAfter(form.length);
      return { content: fields.join(" ") };
    }
  }
}

/** TXT content from character strings. Readers put them together without a blank (RFC 7208 section 3.3), so how they were split is not compared. */
export function textContent(strings: readonly Uint8Array[]): string {
  return quotedStrings(textOf(Buffer.concat(strings)));
}

/** Octets that are no UTF-8 stand as the characters of Latin-1, so that two that differ stay different. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? bytes.toString("latin1") : text;
}

/** A name as records are compared by: lower case, absolute, no dot at the end; the root is empty. Escapes are in it only where a character needs them. */
export function absoluteName(token: Token, origin: Origin): string {
  const { text } = token;
  if (text === "@" && !token.quoted) return required(token, origin);
  // Nearly every name has no escape in it.
  const plain = /^[!-~]+$/.test(text) && !text.includes("\\") ? text.toLowerCase() : unescapedName(token);
  const isAbsolute = plain.endsWith(".") && !plain.endsWith("\\.");
  const base = isAbsolute ? "" : required(token, origin);
  const name = isAbsolute ? plain.slice(0, -1) : base === "" ? plain : `${plain}.${base}`;
  if (name === "" && isAbsolute) return "";
  const labels = name.includes("\\") ? name.split(/(?<!\\)\./) : name.split(".");
  if (labels.includes("")) throw new SyntaxProblem(token, `a label of the name "${text}" is empty`);
  const long = labels.find((label) => labelLength(label) > 63);
  if (long !== undefined) throw new SyntaxProblem(token, `the label "${long}" has more than 63 octets`);
  if (labels.reduce((sum, label) => sum + labelLength(label) + 1, 1) > 255)
    throw new SyntaxProblem(token, `the name "${text}" has more than 255 octets`);
  return name;
}

function required(token: Token, origin: Origin): string {
  if (origin === undefined) {
    throw new SyntaxProblem(
      token,
      `the name "${token.text}" is relative, and nothing says to what; write $ORIGIN ZONE. before it, or a dot at its end`,
    );
  }
  return origin;
}

/** Only what DNS software writes with an escape keeps one: a dot that separates nothing, and what would not be a word otherwise. */
function unescapedName(token: Token): string {
  const other = /[^\x20-\x7e]/u.exec(token.text)?.[0];
  if (other !== undefined) throw new SyntaxProblem(token, `"${other}" in a name; write international names as DNS has them, with xn--`);
  return token.text
    .replace(/\\(\d{3})|\\(.)/g, (whole, number?: string, character?: string) => {
      const code = number === undefined ? (character ?? "").charCodeAt(0) : Number(number);
      if (code > 255 || (number === undefined && /\d/.test(character ?? ""))) throw new SyntaxProblem(token, `"${whole}" is no escape`);
      if (code <= 0x20 || code > 0x7e) return `\\${String(code).padStart(3, "0")}`;
      const plain = String.fromCharCode(code);
      return /[.;()"\\@$]/.test(plain) ? `\\${plain}` : plain;
    })
    .toLowerCase();
}

const labelLength = (label: string): number => (label.includes("\\") ? label.replace(/\\\d{3}|\\./g, "x").length : label.length);

function number(token: Token, bits: number): number {
  const value = /^\d+$/.test(token.text) ? Number(token.text) : NaN;
  if (!(value < 2 ** bits)) throw new SyntaxProblem(token, `"${token.text}" is no number from 0 to ${2 ** bits - 1}`);
  return value;
}

function hexadecimal(token: Token, text: string): string {
  if (!/^([0-9a-f]{2})+$/i.test(text)) throw new SyntaxProblem(token, `"${text}" is not hexadecimal, two digits an octet`);
  return text.toLowerCase();
}

/** RFC 5952, which is also how the WHATWG URL standard writes an address. */
const canonicalIPv6 = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
