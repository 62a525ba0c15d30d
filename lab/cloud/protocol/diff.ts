import type { Property, PropertyMap } from "./definition";
import { equal, isObject, type Properties, type Value } from "./property-value";

export interface Change {
  /** Path of what changed, for instance `tags.Name` or `vpcSecurityGroupIds[0]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** First element of the path. */
  readonly property: string;
  readonly replaces: boolean;
}

/** What changed between two sets of inputs (revealed). */
export function diffInputs(before: Properties, after: Properties, known: PropertyMap): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((property) => {
    const from = before[property];
    const to = after[property];
    const definition = known[property];
    if (equal(from, to) || definition?.same?.(from, to, after) === true) return [];
    return inside(from, to, property, definition?.type.kind === "object" ? definition.type.properties : undefined).map((change) => ({
      ...change,
      property,
      replaces: doesReplace(definition, after, before) || change.replaces,
    }));
  });
}

function inside(from: Value | undefined, to: Value | undefined, path: string, nested: PropertyMap | undefined): Omit<Change, "property">[] {
  if (from === undefined) return [{ path, kind: "add", replaces: false }];
  if (to === undefined) return [{ path, kind: "delete", replaces: false }];
  const pairs = bothLists(from, to) ?? bothObjects(from, to);
  if (pairs === undefined) return [{ path, kind: "update", replaces: false }];
  return pairs.flatMap(([step, key, a, b]) => {
    if (equal(a, b) || nested?.[key]?.same?.(a, b, {}) === true) return [];
    return inside(a, b, path + step, undefined).map((change) => ({ ...change, replaces: doesReplace(nested?.[key], {}, {}) }));
  });
}

const doesReplace = (definition: Property | undefined, inputs: Properties, before: Properties): boolean =>
  typeof definition?.replaces === "function" ? definition.replaces(inputs, before) : definition?.replaces === true;

type Pair = [step: string, key: string, from: Value | undefined, to: Value | undefined];

const bothLists = (from: Value, to: Value): Pair[] | undefined =>
  Array.isArray(from) && Array.isArray(to)
    ? Array.from({ length: Math.max(from.length, to.length) }, (_, index) => [`[${index}]`, String(index), from[index], to[index]])
    : undefined;

const bothObjects = (from: Value, to: Value): Pair[] | undefined =>
  isObject(from) && isObject(to)
    ? [...new Set([...Object.keys(from), ...Object.keys(to)])]
        .sort()
        .map((key) => [/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `["${key}"]`, key, from[key], to[key]])
    : undefined;
