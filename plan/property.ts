import { inspect } from "node:util";
import { nearest } from "./nearest";
import type { Problem } from "./types";

/**
 * One value of untrusted input with its path. Reading it either gives a value of the wanted kind or reports a problem and gives `undefined`,
 * so that a reader goes on and finds everything that is wrong in one pass.
 */
export class Property {
  constructor(
    readonly path: string,
    private readonly value: unknown,
    private readonly problems: Problem[],
  ) {}

  /** Not given. `null` counts as given: in YAML it is a key that somebody forgot to fill. */
  get isAbsent(): boolean {
    return this.value === undefined;
  }

  get isText(): boolean {
    return typeof this.value === "string";
  }

  /** The value for a message: one line, no control characters, cut short. Never used where a password or a private key may be. */
  get shown(): string {
    return show(this.value);
  }

  /** @param key the member that the problem is about, where it may not have been given */
  report(message: string, key?: string): undefined {
    this.problems.push({ path: key === undefined ? this.path : member(this.path, key), message });
    return undefined;
  }

  /** A map with these keys and no other. `hint` may answer an unknown key in its own words. */
  fields<K extends string>(keys: readonly K[], hint?: (key: string) => string | undefined): { readonly [P in K]: Property } | undefined {
    const example = keys.slice(0, 3).map((key) => `${key}: …`);
    const members = this.members(`{${[...example, ...(keys.length > example.length ? ["…"] : [])].join(", ")}}`);
    if (members === undefined) return undefined;
    const known: readonly string[] = keys;
    for (const { key, property } of members) {
      if (known.includes(key)) continue;
      const guess = nearest(key, known);
      const wayOut = guess === undefined ? `known here: ${known.join(", ")}.` : `did you mean "${guess}"?`;
      property.report(hint?.(key) ?? `There is no property ${show(key)}; ${wayOut}`);
    }
    const given = new Map(members.map(({ key, property }) => [key, property]));
    const field = (key: K): Property => given.get(key) ?? new Property(member(this.path, key), undefined, this.problems);
    return Object.fromEntries(keys.map((key) => [key, field(key)])) as { [P in K]: Property };
  }

  /**
   * A map with keys of the user's choice, sorted by key: Pulumi's configuration keeps no order of keys.
   *
   * @param example for the message to somebody who wrote something else
   */
  members(example: string): { readonly key: string; readonly property: Property }[] | undefined {
    const value = this.value;
    if (!isMap(value))
      return this.report(`Expected a map such as ${example}, got ${kind(value)}${value === null ? "; write {} for an empty one" : ""}.`);
    return Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => ({ key, property: new Property(member(this.path, key), value[key], this.problems) }));
  }

  list(): Property[] | undefined {
    if (!Array.isArray(this.value))
      return this.report(`Expected a list, got ${kind(this.value)}; write each element after a "-", or all in brackets, even one alone.`);
    return Array.from(this.value, (value: unknown, index) => new Property(`${this.path}[${index}]`, value, this.problems));
  }

  /** `meaning` says in the message what belongs here, with its article. */
  string(meaning: string): string | undefined {
    if (typeof this.value === "string") return this.value;
    return this.report(this.isAbsent ? `Missing; give ${meaning}.` : `Expected ${meaning} as a string, got ${kind(this.value)}.`);
  }

  /** A string of this form. The message never has the value in it. */
  secret(form: RegExp, refusal: string): string | undefined {
    return typeof this.value === "string" && form.test(this.value) ? this.value : this.report(refusal);
  }

  /** `meaning` says in the message what is asked. */
  boolean(meaning: string): boolean | undefined {
    if (typeof this.value === "boolean") return this.value;
    return this.report(`${this.shown} is neither true nor false; say ${meaning}.`);
  }

  integer(least: number, most: number, wayOut: string): number | undefined {
    const value = this.value;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    const isQuoted = typeof value === "string" && /^\d{1,16}$/.test(value);
    return this.report(`${this.shown} is not a whole number from ${least} to ${most}; ${isQuoted ? "write it without quotes" : wayOut}.`);
  }
}

/** Path of a member, in the syntax of `pulumi config set --path`. */
export function member(path: string, key: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(key) ? key : `[${show(key)}]`;
  if (path === "") return step;
  return step.startsWith("[") ? path + step : `${path}.${step}`;
}

/** A value on one line for a message. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : isScalar(value) ? inspect(value) : kind(value);
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return clean.length > 100 ? `${clean.slice(0, 100)}…` : clean;
}

function isScalar(value: unknown): boolean {
  return value === null || value === undefined || ["number", "bigint", "boolean"].includes(typeof value);
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The kind of a value, without the value, which may be a secret in the wrong place. */
function kind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
