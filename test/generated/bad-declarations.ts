import fc from "fast-check";
import { saneDeclaration } from "./declarations";

/** Keys and texts that programs stumble over. */
const nasty = [
  "",
  " ",
  ".",
  "..",
  "-",
  "@",
  "*",
  "\0",
  "\n",
  "a\nb",
  "\r",
  "\u2028",
  "\u0085",
  "\u202e",
  "\ufeff",
  "\ud800",
  "💩",
  "é",
  "e\u0301",
  "\u212a",
  "İ",
  "ß",
  "مثال",
  "xn--",
  "xn--a",
  "xn--zzzzzzzz",
  "p\u0430ypal.test",
  "a.test.",
  "A.TEST",
  "ｅｘａｍｐｌｅ.test",
  "a@b@c.test",
  "postmaster",
  "root",
  "+",
  "a+b",
  "$(id)",
  "`id`",
  "{{fqdn}}",
  "${fqdn}",
  "#",
  ";",
  "|",
  "'",
  '"',
  "\\",
  "../../etc/passwd",
  "/",
  "0",
  "-1",
  "1e400",
  "null",
  "undefined",
  "true",
  "0.0.0.0/0",
  "::/0",
  "203.0.113.0/24",
  "203.0.113.1/24",
  "203.0.113.0/33",
  "256.1.1.1/8",
  "t2.micro",
  "primary",
  "backup",
  "-----BEGIN OPENSSH PRIVATE KEY-----",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "a".repeat(63),
  "a".repeat(64),
  "a".repeat(100_000),
  `${"a.".repeat(126)}test`,
  "ü".repeat(60),
] as const;

const text = (): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...nasty) }, fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 40 }));

const scalar = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    text(),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, undefined, true, false, 0, -0, 1e308, -1, 65_536, Number.NaN, Infinity, 2 ** 53),
  );

/** A list in a list in a list, or a map in a map, without end. */
const nested = (): fc.Arbitrary<unknown> =>
  fc.record({ depth: fc.integer({ min: 1, max: 5000 }), isList: fc.boolean(), end: scalar() }).map(({ depth, isList, end }) => {
    let value = end;
    for (let level = 0; level < depth; level += 1) value = isList ? [value] : { a: value };
    return value;
  });

const keys = [
  "hostZone",
  "exchangers",
  "domains",
  "systemUsers",
  "postmaster",
  "relayClients",
  "operator",
  "name",
  "zone",
  "mailboxes",
  "aliases",
  "role",
];

/** As JSON has it: `__proto__` is a key like any other. */
const map = (entries: readonly (readonly [string, unknown])[]): object => {
  const result = {};
  for (const [key, value] of entries) Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
  return result;
};

/** Whatever JSON or YAML can hold, often with keys that mean something. */
export function garbage(): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(fc.oneof(fc.constantFrom(...keys), text()), tie("value")), { maxLength: 6 }).map(map),
      nested(),
    ),
  }));
  return fc.oneof(value, fc.array(fc.tuple(fc.constantFrom(...keys), value), { minLength: 1, maxLength: 8 }).map(map));
}

type Step = string | number;

interface Change {
  /** Where, as a share of all places. */
  readonly at: number;
  readonly how: "replace" | "append" | "insert" | "upper" | "dot" | "drop" | "twin" | "rename" | "again";
  readonly value: unknown;
  readonly text: string;
}

const change = (): fc.Arbitrary<Change> =>
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    how: fc.constantFrom("replace", "append", "insert", "upper", "dot", "drop", "twin", "rename", "again"),
    value: fc.oneof({ weight: 4, arbitrary: scalar() }, fc.constantFrom([], {}, [[]], [null], { a: null }), nested()),
    text: text(),
  });

/** A sane declaration with some changes in it, as slips, copies and attacks make them. Some of what comes out is sane still. */
export function mutated(): fc.Arbitrary<unknown> {
  return fc
    .tuple(saneDeclaration(), fc.array(change(), { minLength: 1, maxLength: 4 }))
    .map(([declaration, changes]) => changes.reduce(changedBy, declaration as unknown));
}

/** Every kind there is. */
export const anyDeclaration = (): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 1, arbitrary: saneDeclaration() }, { weight: 6, arbitrary: mutated() }, { weight: 3, arbitrary: garbage() });

function changedBy(root: unknown, { at, how, value, text: added }: Change): unknown {
  const places = placesIn(root);
  const path = places[Math.floor(at * places.length)] ?? [];
  return edit(root, path, (old) => {
    switch (how) {
      case "append":
        return typeof old === "string" ? old + added : value;
      case "insert":
        return typeof old === "string" ? old.slice(0, 1) + added + old.slice(1) : value;
      case "upper":
        return typeof old === "string" ? old.toUpperCase() : old;
      case "dot":
        return typeof old === "string" ? `${old}.` : old;
      case "again":
        return Array.isArray(old) ? [...(old as unknown[]), ...(old as unknown[])] : old;
      case "twin":
        return isMap(old)
          ? map(
              Object.entries(old).flatMap(([key, member]) => [
                [key, member],
                [key.toUpperCase(), member],
              ]),
            )
          : old;
      case "rename":
        return isMap(old) ? map(Object.entries(old).map(([key, member], index) => [index === 0 ? added : key, member])) : value;
      case "drop":
        return undefined;
      case "replace":
        return value;
    }
  });
}

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Down to where declarations reach. */
function placesIn(value: unknown, path: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== "object" || value === null || path.length > 8) return [path];
  const steps: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => placesIn((value as { [key: Step]: unknown })[step], [...path, step]))];
}

function edit(value: unknown, [step, ...rest]: readonly Step[], how: (old: unknown) => unknown): unknown {
  if (step === undefined) return how(value);
  if (Array.isArray(value)) return value.map((element: unknown, index) => (index === step ? edit(element, rest, how) : element));
  return map(Object.entries(value as object).map(([key, member]) => [key, key === step ? edit(member, rest, how) : member]));
}
