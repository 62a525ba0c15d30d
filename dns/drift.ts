import type { Presented } from "./presentation";
import { identity } from "./review/identity";

/** Something that a name server answers otherwise than it ought to. */
export interface Drift {
  readonly name: string;
  readonly type: string;
  /** What the stack says; undefined: there ought to be no such record. */
  readonly wanted?: Presented;
  /** What the server says; undefined: nothing. */
  readonly found?: Presented;
}

/**
 * What one server has otherwise than the stack.
 *
 * A name may hold what is not ours, such as the proof of ownership of somebody's service in TXT; only what means the same as a record of ours counts: a second
 * SPF, another MX of the domain, another address of a host.
 *
 * @param wanted the stack's records
 * @param found all that the server answered for their names and types
 */
export function drifts(wanted: readonly Presented[], found: readonly Presented[]): Drift[] {
  const left = [...found];
  const result: Drift[] = [];
  const later: Presented[] = [];
  for (const record of wanted) {
    const index = left.findIndex((other) => isEqual(record, other));
    if (index < 0) later.push(record);
    else left.splice(index, 1);
  }
  for (const record of later) {
    const index = left.findIndex((other) => isMeantBy(other, record));
    const [other] = index < 0 ? [] : left.splice(index, 1);
    result.push({ name: record.name, type: record.type, wanted: record, ...(other === undefined ? {} : { found: other }) });
  }
  for (const other of left) {
    if (wanted.some((record) => countsAs(other, record))) result.push({ name: other.name, type: other.type, found: other });
  }
  return result;
}

/** AWS chooses the time to live of a PTR. */
function isEqual(a: Presented, b: Presented): boolean {
  return (
    a.name === b.name && a.type === b.type && a.content === b.content && a.priority === b.priority && (a.type === "PTR" || a.ttl === b.ttl)
  );
}

const isMeantBy = (other: Presented, record: Presented): boolean =>
  other.name === record.name && other.type === record.type && identity(other) === identity(record);

/** Of TXT only the same kind of policy; of every other type whatever stands at the same name. */
function countsAs(other: Presented, record: Presented): boolean {
  return other.type === "TXT" ? isMeantBy(other, record) : other.name === record.name && other.type === record.type;
}
