import { createPublicKey, type KeyObject } from "node:crypto";
import { dataOf } from "../review/pairs";
import type { RecordSet } from "../review/record-set";
import { tagsOf } from "../review/txt";
import { exchangersOf } from "./targets";
import type { Comparison, Rule } from "./rule";

interface Key {
  /** The domain that signs. */
  readonly owner: string;
  /** `rsa` or `ed25519`. */
  readonly type: string;
  /** Base64, without blanks; empty: revoked (RFC 6376 section 3.6.1). */
  readonly value: string;
}

/** DKIM keys of the mail domains, by the names of their records. */
function keysIn(records: RecordSet, { domains }: Comparison): Map<string, Key> {
  const own = new Set(domains);
  return new Map(
    records.records.flatMap((record): [string, Key][] => {
      const [selector, owner] = record.name.split("._domainkey.");
      if (record.type !== "TXT" || selector === undefined || owner === undefined || !own.has(owner)) return [];
      const tags = tagsOf(dataOf(record));
      const value = tags.get("p");
      return value === undefined
        ? []
        : [[record.name, { owner, type: tags.get("k") ?? "rsa", value: value.includes("«") ? value : value.replace(/\s/g, "") }]];
    }),
  );
}

const changedInPlace: Rule = {
  id: "dkim-key-changed-in-place",
  severity: "block",
  summary: "A DKIM selector gets another key",
  reason:
    "Mail that is on its way was signed with the old key, and fails with the new one; so does new mail where the old record is still remembered.",
  source: "RFC 6376 section 3.1 (selectors are for changing keys)",
  *check(comparison) {
    const before = keysIn(comparison.before, comparison);
    for (const [name, key] of keysIn(comparison.after, comparison)) {
      const old = before.get(name);
      if (old === undefined || old.value === "" || key.value === "" || old.value === key.value) continue;
      if (`${old.value}${key.value}`.includes("«")) continue;
      yield {
        domain: key.owner,
        record: `${name} TXT`,
        message: `The selector ${name} has another key than before.`,
        fix: "Publish the new key under a selector of its own, sign with that after the TTL, and take the old one out a week later.",
      };
    }
  },
};

const selectorRemoved: Rule = {
  id: "dkim-selector-in-use-removed",
  severity: "block",
  summary: "A DKIM key goes, and no other of its kind was published before",
  reason: "Mail that is on its way was signed with it. Only a key that was published before this deploy can be the one that signs instead.",
  source: "RFC 6376 section 3.6.1, RFC 8463 section 3 (receivers that know RSA only)",
  *check(comparison) {
    const after = keysIn(comparison.after, comparison);
    const before = keysIn(comparison.before, comparison);
    const kept = new Set<string>();
    for (const [name, { owner, type, value }] of before)
      if (value !== "" && (after.get(name)?.value ?? "") !== "") kept.add(`${type} ${owner}`);
    for (const [name, { owner, type, value }] of before) {
      if (value === "" || (after.get(name)?.value ?? "") !== "" || kept.has(`${type} ${owner}`)) continue;
      // The domain itself goes, and that is said elsewhere.
      if (exchangersOf(comparison.after, owner).length === 0) continue;
      yield {
        domain: owner,
        record: `${name} TXT`,
        message: `The DKIM key ${name} goes, and ${owner} had no other ${type} key before.`,
        fix: "Publish the next key first, sign with it after the TTL, and take this one out a week later.",
      };
    }
  },
};

/** RFC 8301 section 3.2 in bits: signers should have no shorter key. */
const shortestKey = 2048;

const shortKey: Rule = {
  id: "dkim-key-short",
  severity: "warn",
  summary: "An RSA key of fewer than 2048 bits signs",
  reason: "Keys of 1024 bits are within reach of who wants to send as the domain; some receivers do not count them.",
  source: "RFC 8301 section 3.2",
  *check(comparison) {
    for (const [name, { owner, type, value }] of keysIn(comparison.after, comparison)) {
      const bits = type === "rsa" ? bitsOf(value) : undefined;
      if (bits === undefined || bits >= shortestKey) continue;
      yield {
        domain: owner,
        record: `${name} TXT`,
        message: `The DKIM key ${name} has ${bits} bits.`,
        fix: `Make one of ${shortestKey} bits under another selector.`,
      };
    }
  },
};

/** Of an RSA key in either form that is in use; `undefined` of what is none. */
function bitsOf(base64: string): number | undefined {
  for (const type of ["spki", "pkcs1"] as const) {
    const key = parsed(base64, type);
    if (key !== undefined) return key.asymmetricKeyDetails?.modulusLength;
  }
  return undefined;
}

function parsed(base64: string, type: "spki" | "pkcs1"): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type });
  } catch {
    return undefined;
  }
}

export const dkimRules: readonly Rule[] = [changedInPlace, selectorRemoved, shortKey];
