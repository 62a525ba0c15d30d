import type { Change } from "./change";
import { hash } from "./compare";
import type { Report } from "./report";

/** What differs between two reviews that ought to be the same. */
export interface ReviewDifference {
  /** Changes that were reviewed and are not there now. */
  readonly gone: readonly Change[];
  /** Changes that are there now and were not reviewed. */
  readonly come: readonly Change[];
}

type Lists = Pick<Report, "effect" | "foreign"> & { readonly domains: readonly { readonly changes: readonly Change[] }[] };

/** The same for the same changes, whatever was learnt about addresses meanwhile. */
export function checksumOf(report: Lists): string {
  return hash(JSON.stringify(lists(report).map((changes) => changes.map(({ checksum }) => checksum).sort())));
}

/**
 * @param reviewed the report that somebody read
 * @param now the one that was just made of what is to be deployed
 */
export function differenceOf(reviewed: Lists, now: Lists): ReviewDifference {
  const before = lists(reviewed);
  const after = lists(now);
  const without = (some: readonly Change[], others: readonly Change[]): Change[] => {
    const known = new Set(others.map(({ checksum }) => checksum));
    return some.filter(({ checksum }) => !known.has(checksum));
  };
  // The same change may be missing in more than one list; who reads wants it once.
  const once = (changes: readonly Change[]): Change[] => [...new Map(changes.map((change) => [change.checksum, change])).values()];
  return {
    gone: once(before.flatMap((changes, index) => without(changes, after[index] ?? []))),
    come: once(after.flatMap((changes, index) => without(changes, before[index] ?? []))),
  };
}

const lists = ({ domains, effect, foreign }: Lists): (readonly Change[])[] => [domains.flatMap(({ changes }) => changes), effect, foreign];
