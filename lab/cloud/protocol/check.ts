import type { Failure, PropertyMap, Type } from "./definition";
import { isObject, isSecret, UNKNOWN, type Properties, type Value } from "./property-value";

/** Problems of `inputs` (revealed) against what is known: unknown names, missing ones, wrong types. */
export function checkProperties(inputs: Properties, known: PropertyMap, notSimulated: readonly string[] = [], prefix = ""): Failure[] {
  const failures: Failure[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const property = known[name];
    const path = prefix + name;
    if (property !== undefined) {
      const before = failures.length;
      failures.push(...checkType(value, property.type, path));
      const reason = before === failures.length && value !== UNKNOWN ? property.check?.(value) : undefined;
      if (reason !== undefined) failures.push({ property: path, reason });
    } else if (notSimulated.includes(name)) {
      failures.push({ property: path, reason: "the lab's cloud does not simulate this input; leave it out" });
    } else {
      failures.push({ property: path, reason: `unknown input; known are ${Object.keys(known).sort().join(", ")}` });
    }
  }
  for (const [name, property] of Object.entries(known)) {
    if (property.required === true && inputs[name] === undefined)
      failures.push({ property: prefix + name, reason: "required, and missing" });
  }
  return failures;
}

function checkType(value: Value, type: Type, path: string): Failure[] {
  if (value === UNKNOWN || type.kind === "any") return [];
  switch (type.kind) {
    case "list":
      if (!Array.isArray(value)) return [mistyped(value, "a list", path)];
      return value.flatMap((item, index) => checkType(item, type.of, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return [mistyped(value, "a map", path)];
      return Object.entries(value).flatMap(([key, item]) => checkType(item, type.of, `${path}.${key}`));
    case "object":
      if (!isObject(value)) return [mistyped(value, "an object", path)];
      return checkProperties(value, type.properties, [], `${path}.`);
    default:
      return typeof value === type.kind ? [] : [mistyped(value, `a ${type.kind}`, path)];
  }
}

// The value itself is not named: it may be a secret.
const mistyped = (value: Value, expected: string, property: string): Failure => ({
  property,
  reason: `expected ${expected}, got ${Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`}`,
});

/** Defaults of properties that are absent, at the first level and inside objects that are there. */
export function withDefaults(inputs: Properties, known: PropertyMap): Properties {
  const filled = { ...inputs };
  for (const [name, { default: value, type }] of Object.entries(known)) {
    const given = filled[name];
    if (given === undefined || given === null) {
      if (value !== undefined) filled[name] = value;
    } else if (type.kind === "object" && isObject(given) && !isSecret(given)) {
      filled[name] = withDefaults(given, type.properties);
    }
  }
  return filled;
}
