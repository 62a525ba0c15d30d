import type { Presented } from "../presentation";
import { txtText } from "./txt";

/** A TXT says the same however it is split. */
export const dataOf = ({ type, content }: Presented): string => (type === "TXT" ? txtText(content) : content);

const sameData = (a: Presented, b: Presented): boolean => a.priority === b.priority && dataOf(a) === dataOf(b);

/** Whether nothing about them differs. AWS chooses the TTL of a reverse name. */
export const same = (a: Presented, b: Presented): boolean => sameData(a, b) && (a.ttl === b.ttl || a.type === "PTR");

export interface Pairing<A, B> {
  readonly pairs: readonly (readonly [A, B])[];
  readonly onlyA: readonly A[];
  readonly onlyB: readonly B[];
}

/** Which record of one identity became which: first those that are the same, then those with the same data, then one after the other. */
export function pair<A extends Presented, B extends Presented>(as: readonly A[], bs: readonly B[]): Pairing<A, B> {
  const pairs: (readonly [A, B])[] = [];
  const restA = [...as];
  const restB = [...bs];
  for (const matches of [same, sameData, () => true]) {
    for (let index = 0; index < restA.length;) {
      const a = restA[index];
      const at = a === undefined ? -1 : restB.findIndex((b) => matches(a, b));
      const b = restB[at];
      if (a === undefined || b === undefined) {
        index += 1;
        continue;
      }
      pairs.push([a, b]);
      restA.splice(index, 1);
      restB.splice(at, 1);
    }
  }
  return { pairs, onlyA: restA, onlyB: restB };
}
