import type { Exchanger } from "../../plan/types";
import { reverseName } from "../presentation";
import { quotedStrings } from "../text";
import { byIdentity } from "./identity";
import { dataOf } from "./pairs";
import type { Side, SourceRecord } from "./side";

/** What is not known before a deploy, by name, as far as another side tells it. */
export type KnownFacts = ReadonlyMap<string, string>;

/** A record with what is known filled in. */
export interface FilledRecord extends SourceRecord {
  /** As its source has it, facts by their names. */
  readonly source: SourceRecord;
}

const hole = /«([^»]*)»/g;

/** Names of what is not known in a record. */
export function unknownsOf({ name, content }: SourceRecord): string[] {
  return [...new Set([...`${name} ${content}`.matchAll(hole)].map((match) => match[1] ?? ""))];
}

const isKnown = (record: SourceRecord): boolean => !record.content.includes("«") && !record.name.includes("«");

/**
 * Learns from sides what the head does not know. An exchanger's address stays with it under another host name, and is another one in another region; one that is
 * new has none yet, whatever stands at its name.
 */
export function learn(head: Side, sides: readonly Side[]): KnownFacts {
  const facts = new Map<string, string>();
  const isNew = addresses(head, sides, facts);
  const unknown = byIdentity(head.records.filter((record) => !isKnown(record)));
  const known = byIdentity(head.records.filter(isKnown));
  for (const side of sides) {
    const groups = byIdentity(side.records.filter(isKnown));
    // Where a side is searched for one record after the other, an address that was just learnt makes the next record whole.
    for (const [id, group] of unknown) {
      // What is known of the same purpose, such as a key that comes next, is none of those that are asked for.
      const candidates = (groups.get(id) ?? []).filter((other) => !known.get(id)?.some((record) => dataOf(record) === dataOf(other)));
      if (candidates.length !== group.length) continue;
      group.forEach((record, index) => {
        const other = candidates[index];
        if (other === undefined) return;
        for (const [name, value] of captured(filledText(dataOf(record), facts), dataOf(other))) {
          if (!facts.has(name) && !isNew(name)) facts.set(name, value);
        }
      });
    }
  }
  return facts;
}

/** @returns whether a fact is of an exchanger that no side has had */
function addresses(head: Side, sides: readonly Side[], facts: Map<string, string>): (name: string) => boolean {
  const former = sides.find(({ plan }) => plan !== undefined)?.plan;
  const added: string[] = [];
  for (const exchanger of head.plan?.exchangers ?? []) {
    const before = former === undefined ? exchanger : former.exchangers.find((other) => isSame(exchanger, other));
    if (before === undefined || before.region !== exchanger.region) {
      added.push(` of ${exchanger.key}`);
      continue;
    }
    for (const [type, name] of [
      ["A", `address of ${exchanger.key}`],
      ["AAAA", `IPv6 address of ${exchanger.key}`],
    ] as const) {
      for (const side of sides) {
        const found = side.records.filter((record) => record.name === before.fqdn && record.type === type && isKnown(record));
        if (found.length === 1 && found[0] !== undefined && !facts.has(name)) facts.set(name, found[0].content);
      }
    }
  }
  return (name) => added.some((end) => name.endsWith(end));
}

/** Whether they are one exchanger, under another key or not. */
export const isSame = (now: Pick<Exchanger, "key" | "aliases">, before: Pick<Exchanger, "key">): boolean =>
  now.key === before.key || now.aliases.includes(before.key);

/** What stands in the holes of a pattern in a text that it fits. */
function captured(pattern: string, text: string): [name: string, value: string][] {
  const names: string[] = [];
  const source = pattern
    .split(hole)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(part);
      return "([^ ;]+)";
    })
    .join("");
  const values = new RegExp(`^${source}$`).exec(text)?.slice(1) ?? [];
  return values.map((value, index) => [names[index] ?? "", value]);
}

function filledText(text: string, facts: KnownFacts): string {
  return text.replace(hole, (whole, name: string) => {
    const exchanger = /^reverse name of (.*)'s address$/.exec(name)?.[1];
    if (exchanger === undefined) return facts.get(name) ?? whole;
    const address = facts.get(`address of ${exchanger}`);
    return address === undefined ? whole : reverseName(address);
  });
}

/**
 * A side's records with what is known in them. Names of facts under former keys of an exchanger become those under its present one.
 *
 * @param own facts by the names that this side has for them
 * @param facts by the names that `now` has
 */
export function fill(side: Side, own: KnownFacts, facts: KnownFacts, now: Side): FilledRecord[] {
  const keys = new Map(
    (side.plan?.exchangers ?? []).flatMap(({ key }) => {
      const present = now.plan?.exchangers.find((exchanger) => isSame(exchanger, { key }))?.key;
      return present === undefined || present === key ? [] : [[key, present] as const];
    }),
  );
  const renamed = (text: string): string =>
    keys.size === 0
      ? text
      : text.replace(hole, (whole) =>
          [...keys].reduce(
            (name, [before, after]) => name.replace(` of ${before}»`, ` of ${after}»`).replace(` of ${before}'s `, ` of ${after}'s `),
            whole,
          ),
        );
  return side.records.map((record) => {
    if (isKnown(record)) return { ...record, source: record };
    const source = { ...record, name: renamed(record.name), content: renamed(record.content) };
    const filled = (text: string): string => filledText(renamed(filledText(text, own)), facts);
    const content = record.type === "TXT" ? quotedStrings(filled(dataOf(record))) : filled(record.content);
    return { ...source, name: filled(record.name), content, source };
  });
}
