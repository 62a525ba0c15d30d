/**
 * Declarations of every kind, sane, slipped and senseless: none may crash `parse`, wait for an answer, get a reason that helps nobody, or be rendered into
 * nonsense. `node --import tsx bench/fuzz.ts [TRIES]` by itself; on a failure fast-check shows the smallest such declaration and the seed to get it again.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { anyDeclaration } from "../test/generated/bad-declarations";
import { verdictOn } from "../test/generated/verdict";

/** Of those that are accepted, every so many is rendered too. */
const RENDERED = 20;

/** Milliseconds of a processor that no declaration of this size may take. */
const BOUND = 1000;

/** Rows for the table of `npm run bench`. */
export function fuzz(tries = 100_000): { what: string; value: number; unit: string; goal: string; bound: string }[] {
  let accepted = 0;
  let parsing = 0;
  let slowest = 0;
  let longest = 0;
  fc.assert(
    fc.property(anyDeclaration(), (declaration) => {
      const { plan, problems, milliseconds } = verdictOn(declaration, accepted % RENDERED === 0);
      if (plan !== undefined) accepted += 1;
      parsing += milliseconds;
      slowest = Math.max(slowest, milliseconds);
      for (const { message } of problems) longest = Math.max(longest, message.length);
      assert.ok(milliseconds < BOUND, `${milliseconds} ms`);
    }),
    { numRuns: tries },
  );
  const row = (what: string, value: number, unit: string, goal: string, bound: string): ReturnType<typeof fuzz>[number] => ({
    what,
    value,
    unit,
    goal,
    bound,
  });
  return [
    row("declarations fuzzed, none crashed", tries, "", "100,000", "making them takes six times as long as reading them"),
    row("of these accepted, and each 20th rendered", accepted, "", "", "how sane the generator is"),
    row("a declaration read, on average", parsing / tries, "ms CPU", "", "its number of names"),
    row("the slowest of them", slowest, "ms CPU", `below ${BOUND} ms`, "garbage collection, long texts"),
    row("the longest message", longest, "letters", "at most 500", "the values in it, each cut at 100"),
  ];
}

if (require.main === module) {
  const tries = Number(process.argv[2] ?? 100_000);
  for (const { what, value, unit, goal } of fuzz(tries))
    console.log(`${what.padEnd(44)} ${value.toFixed(value % 1 === 0 ? 0 : 2).padStart(10)} ${unit.padEnd(8)} ${goal}`);
}
