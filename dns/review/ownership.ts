import type { FilledRecord } from "./facts";
import { byIdentity } from "./identity";
import { pair, same } from "./pairs";

/** Whose the records of a zone are. */
export interface Ownership {
  readonly ours: readonly FilledRecord[];
  readonly foreign: readonly FilledRecord[];
  /** Whether something told. If not, a record where the head wants one is taken for ours, and every other one for foreign. */
  readonly isTold: boolean;
}

/**
 * Ours is what an older plan or Pulumi's state has. Without one, comments tell, where the zone has them: every record of ours says why it is there.
 *
 * @param head desired records
 * @param former records of an older plan, if there is one
 */
export function ownership(
  zone: readonly FilledRecord[],
  head: readonly FilledRecord[],
  former: readonly FilledRecord[] | undefined,
): Ownership {
  if (former === undefined && zone.some(({ comment }) => comment !== undefined)) {
    const comments = new Set(head.map(({ comment }) => comment));
    const isOurs = ({ comment }: FilledRecord): boolean => comment !== undefined && comment !== "" && comments.has(comment);
    return { ours: zone.filter(isOurs), foreign: zone.filter((record) => !isOurs(record)), isTold: true };
  }
  const known = byIdentity(former ?? head);
  const ours: FilledRecord[] = [];
  const foreign: FilledRecord[] = [];
  for (const [id, records] of byIdentity(zone)) {
    const { pairs, onlyB } = pair(known.get(id) ?? [], records);
    ours.push(...pairs.map(([, record]) => record));
    foreign.push(...onlyB);
  }
  return { ours, foreign, isTold: former !== undefined };
}

/** A record that is to be made, and one of somebody else that is in its way. */
export interface Collision {
  readonly wanted: FilledRecord;
  readonly existing: FilledRecord;
}

/**
 * Where making a record would fail or change what somebody else's means: the same one is there; an alias is, beside which nothing may stand (RFC 1034 section
 * 3.6.2), or would be; another address, alias or policy, of which there may be one.
 */
export function collisions(created: readonly FilledRecord[], foreign: readonly FilledRecord[]): Collision[] {
  const identities = byIdentity(foreign);
  const aliases = new Map(foreign.filter(({ type }) => type === "CNAME").map((record) => [record.name, record]));
  const names = new Map(foreign.map((record) => [record.name, record]));
  return created.flatMap((wanted) => {
    const group = byIdentity([wanted]).keys().next().value ?? "";
    const there = identities.get(group) ?? [];
    const mayStandBeside = ["CAA", "TLSA", "SRV", "DS"].includes(wanted.type);
    const existing =
      (mayStandBeside ? there.find((record) => same(record, { ...wanted, ttl: record.ttl })) : there[0]) ??
      aliases.get(wanted.name) ??
      (wanted.type === "CNAME" ? names.get(wanted.name) : undefined);
    return existing === undefined ? [] : [{ wanted, existing }];
  });
}
