import type { PropertyMap } from "./definition";
import { equal, isObject, type Properties, type Value } from "./property-value";

/** Calls of the real service that the real provider makes for one operation: those it always makes, and those that an input brings. */
export interface Calls {
  /** The first one is the operation's own; a refused or throttled request is said to be it. */
  readonly always: readonly string[];
  /** By the name of an input: made where it is given (create, delete) or has changed (update). */
  readonly with?: { readonly [input: string]: readonly string[] };
}

export interface OperationCalls {
  readonly create: Calls;
  readonly read: Calls;
  readonly update: Calls;
  readonly delete: Calls;
}

/** Where no service is behind a resource. */
export const noCalls: OperationCalls = {
  create: { always: [] },
  read: { always: [] },
  update: { always: [] },
  delete: { always: [] },
};

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || value === false || value === "" || (isObject(value) && Object.keys(value).length === 0);

const together = ({ always, with: conditional = {} }: Calls, isMade: (input: string) => boolean): string[] => [
  ...new Set([...always, ...Object.keys(conditional).flatMap((input) => (isMade(input) ? (conditional[input] ?? []) : []))]),
];

/** The calls of a create or a delete. */
export const callsWith = (calls: Calls, given: Properties): string[] => together(calls, (input) => !isEmpty(given[input]));

/** The calls of an update. An input that the program leaves to the service has not changed; a map that it no longer gives has. */
export const callsOfChange = (calls: Calls, before: Properties, after: Properties, known: PropertyMap): string[] =>
  together(calls, (input) => {
    const [from, to] = [before[input], after[input]];
    if (isEmpty(from) && isEmpty(to)) return false;
    if (to === undefined) return isObject(from) && known[input]?.type.kind === "map";
    return !equal(from, to) && known[input]?.same?.(from, to, after) !== true;
  });
