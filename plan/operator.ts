import { addressRange, type RangeUse } from "./address-range";
import { show, type Property } from "./property";
import { publicKeyProblem } from "./public-key";
import type { Operator } from "./types";

/** Wider than any one organisation's network: an IPv4 /8 was the largest block ever given to one, an IPv6 /16 is. */
const ssh: RangeUse = {
  widest: { 4: 8, 6: 16 },
  tooWide: "would open SSH to the whole Internet or a large part of it; give the ranges that operators come from",
};

export function readOperator(property: Property): Operator | undefined {
  const fields = property.isAbsent
    ? property.report("Missing; give the operator's publicKeys and the addresses from which SSH is open.")
    : property.fields(["publicKeys", "addresses"], (key) =>
        key === "publicKey" ? "There may be several keys: give publicKeys, a list, even with one in it." : undefined,
      );
  if (fields === undefined) return undefined;
  const publicKeys = readPublicKeys(fields.publicKeys);
  const addresses = readAddresses(fields.addresses);
  return publicKeys === undefined || addresses === undefined ? undefined : { publicKeys, addresses };
}

function readPublicKeys(property: Property): readonly string[] | undefined {
  const wayOut = "give at least the key that the program logs in with, the content of a file such as id_ed25519.pub";
  if (property.isAbsent) return property.report(`Missing; ${wayOut}.`);
  const list = property.list();
  if (list === undefined) return undefined;
  if (list.length === 0) return property.report(`The list is empty and nobody could log in to a host, the program neither; ${wayOut}.`);
  const keys = new Set<string>();
  for (const entry of list) {
    const key = readPublicKey(entry);
    if (key === undefined) continue;
    if (keys.has(key)) entry.report("This key is in the list twice; take one out.");
    else keys.add(key);
  }
  return keys.size === list.length ? [...keys] : undefined;
}

function readPublicKey(property: Property): string | undefined {
  // A line end at the very end is how files of keys are read, and means nothing.
  const text = property.string("a public SSH key")?.replace(/\r?\n$/, "");
  const problem = text === undefined ? undefined : publicKeyProblem(text);
  return problem === undefined ? text : property.report(`${problem}.`);
}

function readAddresses(property: Property): readonly string[] | undefined {
  const wayOut = "give at least one range from which operators come, such as 203.0.113.0/24";
  if (property.isAbsent) return property.report(`Missing; ${wayOut}.`);
  const list = property.list();
  if (list === undefined) return undefined;
  if (list.length === 0) return property.report(`The list is empty and nobody could log in to a host, the program neither; ${wayOut}.`);
  const ranges = new Set<string>();
  for (const entry of list) {
    const text = entry.string("an address range");
    if (text === undefined) continue;
    const result = addressRange(text, ssh);
    if ("error" in result) entry.report(`${show(text)} ${result.error}.`);
    // AWS refuses a second rule for the same range (EC2 error InvalidPermission.Duplicate).
    else if (ranges.has(result.range)) entry.report(`${show(text)} is in the list twice; take one out.`);
    else ranges.add(result.range);
  }
  return ranges.size === list.length ? [...ranges].sort() : undefined;
}
