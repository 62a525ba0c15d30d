import { createHash } from "node:crypto";
import type { Presented } from "../presentation";
import type { Change } from "./change";
import { unknownsOf, type FilledRecord } from "./facts";
import { byIdentity } from "./identity";
import { dataOf, pair, same } from "./pairs";
import type { Scope } from "./scope";

/** Why a record changes, where its own comment does not say it. */
type Reason = (op: Change["op"], before: FilledRecord | undefined, after: FilledRecord | undefined) => string;

/** What it takes to get from some records to others, by name. Each record that is in both is in no change. */
export function compare(before: readonly FilledRecord[], after: readonly FilledRecord[], scope: Scope, reason: Reason = planned): Change[] {
  const old = byIdentity(before);
  const changes: Change[] = [];
  const add = (op: Change["op"], a: FilledRecord | undefined, b: FilledRecord | undefined): void => {
    const record = b ?? a;
    if (record === undefined) return;
    changes.push({
      op,
      domain: scope.domainOf(record),
      name: record.name,
      type: record.type,
      ...(a === undefined ? {} : { before: presented(a) }),
      ...(b === undefined ? {} : { after: presented(b) }),
      reason: reason(op, a, b),
      unknown: b === undefined ? [] : unknownsOf(b),
      checksum: hash(JSON.stringify([op, canonical(a), canonical(b)])),
    });
  };
  for (const [id, records] of byIdentity(after)) {
    const { pairs, onlyA, onlyB } = pair(old.get(id) ?? [], records);
    old.delete(id);
    for (const [a, b] of pairs) if (!same(a, b)) add("update", a, b);
    for (const b of onlyB) add("create", undefined, b);
    for (const a of onlyA) add("delete", a, undefined);
  }
  for (const records of old.values()) for (const record of records) add("delete", record, undefined);
  return changes.sort(inOrder);
}

function planned(op: Change["op"], before: FilledRecord | undefined, after: FilledRecord | undefined): string {
  if (op !== "delete") return after?.comment ?? "";
  return before?.comment === undefined || before.comment === "" ? "Not planned any more" : `Not planned any more: ${before.comment}`;
}

/** By domain, then name, type and what is in it: the same list whatever order the sources have. */
function inOrder(a: Change, b: Change): number {
  const key = ({ domain, name, type, op, before, after }: Change): string =>
    [domain, name, type, String((after ?? before)?.priority ?? 0).padStart(5, "0"), (after ?? before)?.content ?? "", op].join("\0");
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function presented({ name, type, content, priority, ttl }: Presented): Presented {
  return { name, type, content, ...(priority === undefined ? {} : { priority }), ttl };
}

/** A record as its source has it: what was learnt about it meanwhile does not make it another. */
function canonical(record: FilledRecord | undefined): unknown[] {
  if (record === undefined) return [];
  const { name, type, priority, ttl } = record.source;
  return [name, type, dataOf(record.source), priority ?? null, type === "PTR" ? null : ttl];
}

export const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
