import type { Rdata } from "./record";

/** A character string of a TXT record has at most 255 octets (RFC 1035 section 3.3.14). */
const longestString = 255;

/**
 * The value of a TXT record with its addresses filled in, one line, unsplit and unquoted.
 *
 * @param addresses by exchanger's key; throws if one is missing
 */
export function txtValue(rdata: Extract<Rdata, { type: "TXT" }>, addresses: ReadonlyMap<string, string>): string {
  return rdata.addresses.reduce((value, { exchanger }) => {
    const address = addresses.get(exchanger);
    if (address === undefined) throw new Error(`no address was given for exchanger "${exchanger}"`);
    return value.replaceAll(`{${exchanger}}`, () => address);
  }, rdata.value);
}

/**
 * A TXT record's content as Cloudflare keeps it and a zone file has it: quoted strings of at most 255 octets with one blank between them. Cloudflare stores
 * a long value so in any case, and a value in another form would show as a change in every preview. Readers put the strings together without a blank
 * (RFC 7208 section 3.3).
 */
export function txtContent(rdata: Extract<Rdata, { type: "TXT" }>, addresses: ReadonlyMap<string, string>): string {
  return quotedStrings(txtValue(rdata, addresses));
}

/** Exported for tests: the splitting and quoting itself. Quotes and backslashes are escaped (RFC 1035 section 5.1); no character is split. */
export function quotedStrings(value: string): string {
  const strings = [""];
  let octets = 0;
  for (const character of value) {
    const size = Buffer.byteLength(character);
    if (octets + size > longestString) {
      strings.push("");
      octets = 0;
    }
    octets += size;
    strings.push((strings.pop() ?? "") + (/["\\]/.test(character) ? `\\${character}` : character));
  }
  return strings.map((string) => `"${string}"`).join(" ");
}
