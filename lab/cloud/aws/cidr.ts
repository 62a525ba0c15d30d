import { BlockList, isIP } from "node:net";

/** Whether the text is a range of this IP version that names the network itself, as 192.0.2.0/24 and not 192.0.2.1/24. */
export function isNetworkAddress(cidr: string, version: 4 | 6): boolean {
  const [address = "", prefix = "", ...rest] = cidr.split("/");
  const bits = version === 4 ? 32 : 128;
  if (rest.length > 0 || isIP(address) !== version || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return false;
  return bitsOf(address, version)
    .slice(Number(prefix))
    .every((bit) => bit === 0);
}

/** Whether the address lies in the range. */
export function contains(cidr: string, address: string): boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  const block = new BlockList();
  block.addSubnet(network, Number(prefix));
  return block.check(address);
}

/** The n-th address of an IPv4 range; undefined past its end. */
export function addressAt(cidr: string, index: number): string | undefined {
  const [network = "", prefix = ""] = cidr.split("/");
  if (index >= 2 ** (32 - Number(prefix))) return undefined;
  const value = network.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0) + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

function bitsOf(address: string, version: 4 | 6): number[] {
  const groups = version === 4 ? address.split(".").map(Number) : expand(address);
  const width = version === 4 ? 8 : 16;
  return groups.flatMap((group) => Array.from({ length: width }, (_, index) => (group >> (width - 1 - index)) & 1));
}

function expand(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  if (tail === undefined) return groups(head);
  const [before, after] = [groups(head), groups(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
