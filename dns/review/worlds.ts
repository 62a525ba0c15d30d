import type { Comparison } from "../rules/rule";
import type { Change } from "./change";
import { compare } from "./compare";
import { fill, learn, type FilledRecord, type KnownFacts } from "./facts";
import { byIdentity, identity } from "./identity";
import { collisions, ownership, type Ownership } from "./ownership";
import { pair } from "./pairs";
import { RecordSet } from "./record-set";
import { lookUp, Scope } from "./scope";
import type { Side } from "./side";

/** What there is before a deploy, what there is after it, and what lies between. */
export interface Worlds extends Comparison {
  readonly scope: Scope;
  /** Desired records, with what is known filled in. */
  readonly desired: readonly FilledRecord[];
  /** What becomes different from the second side. */
  readonly effect: readonly Change[];
  /** What a zone holds otherwise than an older plan. */
  readonly byHand: readonly Change[];
}

interface FilledSide {
  readonly side: Side;
  readonly records: readonly FilledRecord[];
}

export function worlds(head: Side, against: readonly [Side, ...Side[]]): Worlds {
  const scope = new Scope([head, ...against]);
  const facts = learn(head, against);
  // An exchanger that is no longer desired has its address too.
  const own = (side: Side): KnownFacts =>
    side.kind === "plan"
      ? learn(
          side,
          against.filter(({ kind }) => kind === "zone"),
        )
      : new Map();
  const filled = (side: Side): FilledSide => ({ side, records: fill(side, own(side), facts, head) });
  const desired = fill(head, facts, facts, head);
  const [first, second] = against.map(filled);
  if (first === undefined) throw new Error("there is nothing to compare with");
  const all = [first, ...(second === undefined ? [] : [second]), ...against.slice(2).map(filled)];
  const former = all.find(({ side }) => side.kind === "plan");
  const zone = all.find(({ side }) => side.kind === "zone");
  const owned = zone === undefined ? undefined : ownership(zone.records, desired, former?.records);
  const held = zone === undefined ? (): boolean => true : holder(zone.side);

  const changesFrom = ({ side, records }: FilledSide): Change[] =>
    side.kind === "plan" ? compare(records, desired, scope) : compare((owned?.ours ?? records).filter(held), desired.filter(held), scope);
  const changes = changesFrom(first);
  const foreign = owned?.foreign ?? [];
  return {
    scope,
    desired,
    before: new RecordSet(
      withFacts(first.side, against),
      first.side.kind === "plan"
        ? [...first.records, ...foreign]
        : [...first.records, ...(former?.records ?? desired).filter((record) => !held(record))],
    ),
    after: new RecordSet(
      withFacts(
        { ...head, records: desired, signed: signedAfter(head, former?.side) },
        against.filter(({ kind }) => kind === "zone"),
      ),
      [...withProxies(desired, owned?.ours ?? []), ...foreign],
    ),
    ...(zone === undefined ? {} : { published: new RecordSet(zone.side, zone.records) }),
    collisions: owned === undefined ? [] : collisions(created(desired.filter(held), owned.ours), foreign),
    changes,
    domains: scope.domains,
    zoneOf: (name) => scope.zoneOf(name),
    domainOf: (record) => scope.domainOf(record),
    effect: second === undefined ? [] : changesFrom(second),
    byHand: former === undefined || zone === undefined || owned === undefined ? [] : changedByHand(former, owned, held, scope),
  };
}

/** Whether a zone's source could have a record. */
function holder({ zones }: Side): (record: { readonly name: string }) => boolean {
  if (zones === undefined) return () => true;
  const held = new Set(zones);
  return ({ name }) => lookUp(name, (part) => (held.has(part) ? part : undefined)) !== undefined;
}

/** A side, with what others know of the same time where it says nothing itself. */
function withFacts(side: Side, others: readonly Side[]): Side {
  const plan = side.plan ?? others.find((other) => other.plan !== undefined)?.plan;
  const signed = new Map([...others, side].flatMap((one) => [...(one.signed ?? [])]));
  const mtaStsPolicies = side.mtaStsPolicies ?? others.find((other) => other.mtaStsPolicies !== undefined)?.mtaStsPolicies;
  return {
    ...side,
    ...(plan === undefined ? {} : { plan }),
    signed,
    ...(mtaStsPolicies === undefined ? {} : { mtaStsPolicies }),
  };
}

/** A zone that the plan had signed, and signs no more, is signed no more; of others' zones a plan says nothing. */
function signedAfter(head: Side, former: Side | undefined): ReadonlyMap<string, boolean> {
  const left = head.plan === undefined ? [] : (former?.plan?.signedZones ?? []);
  return new Map([...left.map(({ name }) => [name, false] as const), ...(head.signed ?? [])]);
}

/** Pulumi does not look at what is there: a record that somebody proxied by hand stays so until a refresh. */
function withProxies(desired: readonly FilledRecord[], ours: readonly FilledRecord[]): readonly FilledRecord[] {
  const proxied = new Set(ours.filter((record) => record.proxied === true).map(identity));
  return proxied.size === 0 ? desired : desired.map((record) => (proxied.has(identity(record)) ? { ...record, proxied: true } : record));
}

/** Desired records that nothing of ours becomes. */
function created(desired: readonly FilledRecord[], ours: readonly FilledRecord[]): FilledRecord[] {
  const there = byIdentity(ours);
  return [...byIdentity(desired)].flatMap(([id, records]) => pair(there.get(id) ?? [], records).onlyB);
}

/** Only what is at a place of the mail system: its records, others of the same purpose beside them, another MX. */
function changedByHand(former: FilledSide, owned: Ownership, held: (record: FilledRecord) => boolean, scope: Scope): Change[] {
  const planned = former.records.filter(held);
  const places = new Set(planned.flatMap((record) => [identity(record), ...(record.type === "MX" ? [`${record.name} MX`] : [])]));
  const added = owned.foreign.filter((record) => places.has(identity(record)) || (record.type === "MX" && places.has(`${record.name} MX`)));
  return compare(planned, [...owned.ours, ...added].filter(held), scope, () => `Not as ${former.side.label} has it`);
}
