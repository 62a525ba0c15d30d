/**
 * Values as the engine sends them: JSON in which an unknown value is a fixed string and a secret one is wrapped
 * (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go and sdk/go/common/resource/sig).
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

/** Stands for a value that is not known before the resource exists. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: Value): boolean => isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;

export const secret = (value: Value): Value => (isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value });

/** The value without its secret wrappers, at every depth. */
export function reveal(value: Value): Value {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  if (isSecret(value)) return reveal(value.value ?? null);
  return revealAll(value);
}

/** The same for a set of properties; those that are null are left out, as absent ones. */
export function revealAll(properties: Properties): Properties {
  const plain: Properties = {};
  for (const [key, value] of Object.entries(properties)) if (value !== null) plain[key] = reveal(value);
  return plain;
}

const some = (value: Value, test: (value: Value) => boolean): boolean =>
  test(value) || (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []).some((inner) => some(inner, test));

export const holdsSecret = (value: Value | undefined): boolean => value !== undefined && some(value, isSecret);
export const holdsUnknown = (value: Value | undefined): boolean => value !== undefined && some(value, (inner) => inner === UNKNOWN);

/** Equal as JSON, whatever the order of keys. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}
