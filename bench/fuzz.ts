/**
 * Declarations of every kind, sane, slipped and senseless: none may crash `parse`, wait for an answer, get a reason that helps nobody, or be rendered into
 * nonsense. On a failure fast-check shows the smallest such declaration and the seed to get it again.
 */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { anyDeclaration } from "../test/generated/bad-declarations";
import { verdictOn } from "../test/generated/verdict";
import { figure } from "./figure";
import type { Measurement } from "./measurement";

const TRIES = 100_000;

/** Between two lines of progress. */
const AT_A_TIME = 10_000;

/** Of those that are accepted, every so many is rendered too. */
const RENDERED = 20;

/** Milliseconds of a processor that no declaration of this size may take. */
const BOUND = 1000;

/** Letters of a message that a person still reads. */
const LONGEST = 500;

export const fuzz: Measurement = {
  name: "fuzz",
  title: `${TRIES} declarations that nobody thought of`,
  async run(bench) {
    let accepted = 0;
    let parsing = 0;
    let slowest = 0;
    let longest = 0;
    for (let tried = 0; tried < TRIES; tried += AT_A_TIME) {
      bench.say(`${tried} of ${TRIES} declarations`);
      fc.assert(
        fc.property(anyDeclaration(), (declaration) => {
          const { plan, problems, milliseconds } = verdictOn(declaration, accepted % RENDERED === 0);
          if (plan !== undefined) accepted += 1;
          parsing += milliseconds;
          slowest = Math.max(slowest, milliseconds);
          for (const { message } of problems) longest = Math.max(longest, message.length);
          assert.ok(milliseconds < BOUND, `${milliseconds} ms`);
        }),
        { numRuns: AT_A_TIME },
      );
      await setImmediate(); // Ctrl-C is heard.
    }
    const making = "making them takes six times as long as reading them";
    return [
      figure({ what: "declarations fuzzed, none crashed", unit: "", bound: making }, [TRIES]),
      figure({ what: `  accepted, and each ${RENDERED}th of these rendered`, unit: "", bound: "how sane the generator is" }, [accepted]),
      figure({ what: "  one read, on average", unit: "ms CPU", bound: "its number of names" }, [parsing / TRIES]),
      figure({ what: "  the slowest", unit: "ms CPU", goal: BOUND, bound: "garbage collection, long texts" }, [slowest]),
      figure({ what: "  the longest message", unit: "letters", goal: LONGEST, bound: "the values in it, each cut at 100" }, [longest]),
    ];
  },
};
