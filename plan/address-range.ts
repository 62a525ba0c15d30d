import { isIPv4, isIPv6 } from "node:net";

/** What ranges are for decides how wide one may be. */
export interface RangeUse {
  /** The shortest prefix that is taken. */
  readonly widest: { readonly 4: number; readonly 6: number };
  /** What a wider one would do, and what to give instead: `${value} ${tooWide}, none wider than a /8.` */
  readonly tooWide: string;
  /** Why none of IPv6 is taken, where that is so. */
  readonly withoutIPv6?: string;
}

/** A range in its one spelling, with its first and last address as numbers. */
export interface AddressRange {
  readonly range: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** An address range (CIDR, RFC 4632 section 3.1; RFC 4291 section 2.3), IPv6 as RFC 5952 has it; or in `error` why it is none that this use takes. */
export function addressRange(text: string, { widest, tooWide, withoutIPv6 }: RangeUse): AddressRange | { readonly error: string } {
  const match = /^(?<address>[0-9a-f.:]+)(?:\/(?<bits>0|[1-9]\d{0,2}))?$/i.exec(text);
  const { address = "", bits } = match?.groups ?? {};
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === 6 && withoutIPv6 !== undefined) return { error: withoutIPv6 };
  if (family === undefined)
    return { error: `is not an address range; write it as 203.0.113.0/24${withoutIPv6 === undefined ? " or 2001:db8::/32" : ""}` };
  const size = family === 4 ? 32 : 128;
  if (bits === undefined) return { error: `has no prefix length; for this one address write "${address}/${size}"` };
  const prefix = Number(bits);
  if (prefix > size) return { error: `has a prefix longer than ${size}; for this one address write "${address}/${size}"` };
  if (prefix < widest[family]) return { error: `${tooWide}, none wider than a /${widest[family]}` };
  const number = family === 4 ? fromIPv4(address) : fromIPv6(address);
  const host = BigInt(size - prefix);
  const first = (number >> host) << host;
  // AWS would silently take the network's address and then differ from what was declared; Postfix would skip the line.
  const range = `${family === 4 ? toIPv4(first) : toIPv6(first)}/${prefix}`;
  return number === first
    ? { range, first, last: first + (1n << host) - 1n }
    : { error: `has bits set after its prefix; for that network write "${range}", for the one address "${address}/${size}"` };
}

function fromIPv4(address: string): bigint {
  return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function toIPv4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join(".");
}

function fromIPv6(address: string): bigint {
  const groups = canonicalIPv6(address)
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":")));
  const [head = [], tail = []] = groups;
  const middle = Array<string>(8 - head.length - tail.length).fill("0");
  return [...head, ...middle, ...tail].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function toIPv6(number: bigint): string {
  return canonicalIPv6([112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((number >> shift) & 0xffffn).toString(16)).join(":"));
}

/** The URL standard's serialiser compresses as RFC 5952 does, and writes an embedded IPv4 address as two groups. */
function canonicalIPv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
