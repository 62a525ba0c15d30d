/** What is known only once a host exists; records have it in their data under its name. */
export type Fact =
  /** Its public IPv4 address. `exchanger` is its key. */
  | { readonly kind: "address"; readonly exchanger: string }
  /** Its public IPv6 address. */
  | { readonly kind: "ipv6Address"; readonly exchanger: string }
  /** SHA-256 of its TLS key's SubjectPublicKeyInfo, in hex. */
  | { readonly kind: "tlsKey"; readonly exchanger: string }
  /** Public half of the key that signs the domain's mail, as a DKIM record has it in `p=`. */
  | { readonly kind: "dkimKey"; readonly domain: string; readonly selector: string };

/** Facts by name, as far as they are known. */
export type Facts = ReadonlyMap<string, string>;

/** A fact's name in words, such as `address of mx1`: what a review shows in its place, and what stands for it in checksums. */
export function factName(fact: Fact): string {
  switch (fact.kind) {
    case "address":
      return `address of ${fact.exchanger}`;
    case "ipv6Address":
      return `IPv6 address of ${fact.exchanger}`;
    case "tlsKey":
      return `TLS key of ${fact.exchanger}`;
    case "dkimKey":
      return `DKIM key of selector ${fact.selector} for ${fact.domain}`;
    default: {
      const never: never = fact;
      return never;
    }
  }
}

/** What is known, or `«address of mx1»` in its place. */
export function knownOrNamed(fact: Fact, facts: Facts): string {
  const name = factName(fact);
  return facts.get(name) ?? `«${name}»`;
}
