import assert from "node:assert/strict";
import type { Declaration } from "../../plan/declaration";
import { parse } from "../../plan/parse";
import type { MailPlan } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";

/** The plan of a declaration that must be good; fails the test with its problems otherwise. */
export function planOf(declaration: unknown): MailPlan {
  const parsed = parse(declaration);
  if (!parsed.ok) assert.fail(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return parsed.value;
}

/** A declaration with some of its parts exchanged for others, right or wrong. */
export const changed = (changes: { readonly [key in keyof Declaration]?: unknown }): unknown => ({ ...twoExchangers, ...changes });
export const exchanger = (settings: object, key = "mx2"): unknown =>
  changed({ exchangers: { ...twoExchangers.exchangers, [key]: { ...twoExchangers.exchangers[key], ...settings } } });
export const domain = (settings: object): unknown =>
  changed({ domains: [{ name: "example.test", mailboxes: { alice: {} }, ...settings }] });
export const operator = (settings: object): unknown => changed({ operator: { ...twoExchangers.operator, ...settings } });

/** Exactly one problem, at this path, with all of these in its message. */
export function refused(declaration: unknown, path: string, ...says: (string | RegExp)[]): void {
  const parsed = parse(declaration);
  assert.ok(!parsed.ok, "nothing was found wrong");
  assert.deepEqual(
    parsed.problems.map((problem) => problem.path),
    [path],
    JSON.stringify(parsed.problems),
  );
  const message = parsed.problems[0]?.message ?? "";
  for (const part of says)
    assert.ok(typeof part === "string" ? message.includes(part) : part.test(message), `${message}\nshould say ${String(part)}`);
}

export const accepted = (declaration: unknown): void => void planOf(declaration);
