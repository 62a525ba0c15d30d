import { isIPv4, isIPv6 } from "node:net";

/** The widest ranges taken, in bits of the prefix. Wider than any one organisation's network: an IPv4 /8 was the largest block ever given to one, an IPv6 /16 is. */
const widest = { 4: 8, 6: 16 } as const;

/**
 * An address range (CIDR, RFC 4632 section 3.1; RFC 4291 section 2.3) in its one spelling, IPv6 as RFC 5952 has it;
 * or in `error` why it is none from which SSH may be open.
 */
export function addressRange(text: string): { readonly range: string } | { readonly error: string } {
  const match = /^(?<address>[0-9a-f.:]+)(?:\/(?<bits>0|[1-9]\d{0,2}))?$/i.exec(text);
  const { address = "", bits } = match?.groups ?? {};
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined) return { error: "is not an address range; write it as 203.0.113.0/24 or 2001:db8::/32" };
  const size = family === 4 ? 32 : 128;
  if (bits === undefined) return { error: `has no prefix length; for this one address write "${address}/${size}"` };
  const prefix = Number(bits);
  if (prefix > size) return { error: `has a prefix longer than ${size}; for this one address write "${address}/${size}"` };
  if (prefix < widest[family])
    return {
      error: `would open SSH to the whole Internet or a large part of it; give the ranges that operators come from, none wider than a /${widest[family]}`,
    };
  const number = family === 4 ? fromIPv4(address) : fromIPv6(address);
  const host = BigInt(size - prefix);
  const network = (number >> host) << host;
  // AWS would silently take the network's address and then differ from what was declared.
  const range = `${family === 4 ? toIPv4(network) : toIPv6(network)}/${prefix}`;
  return number === network
    ? { range }
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
