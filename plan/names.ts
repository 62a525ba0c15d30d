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

/** Whether `name` is `zone` or below it. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Only A to Z: `toLowerCase` would turn the Kelvin sign into a `k` and let it in. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
