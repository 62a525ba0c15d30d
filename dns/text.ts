/** A character string of a TXT record has at most 255 octets (RFC 1035 section 3.3.14). */
const longestString = 255;

/**
 * A TXT record's value as Cloudflare keeps it and a zone file has it: quoted strings of at most 255 octets with one blank between them. Cloudflare stores
 * a long value so in any case, and a value in another form would show as a change in every preview. Readers put the strings together without a blank
 * (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2). Quotes and backslashes are escaped (RFC 1035 section 5.1); no character is split.
 */
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
