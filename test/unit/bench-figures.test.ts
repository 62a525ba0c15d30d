/** What the bench says of its measurements. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figure, isMet, median } from "../../bench/figure";
import { table } from "../../bench/table";

describe("figures of the bench", () => {
  const explained = { what: "a mailbox added", unit: "s", goal: 5, bound: "the engine" };

  test("are the median of the repetitions, with the least and the greatest", () => {
    assert.equal(median([9, 1, 2]), 2);
    assert.equal(median([10, 9, 1, 2]), 5.5);
    assert.deepEqual(figure(explained, [10, 9, 1]), { ...explained, value: 9, spread: [1, 10] });
    assert.deepEqual(figure(explained, [4]), { ...explained, value: 4 });
  });

  test("meet a goal that they do not exceed, and no goal is neither met nor missed", () => {
    assert.deepEqual(
      [5, 5.01].map((value) => isMet(figure(explained, [value]))),
      [true, false],
    );
    assert.equal(isMet(figure({ ...explained, goal: undefined }, [1])), undefined);
  });

  test("are a table of aligned columns for people", () => {
    const lines = table([
      figure(explained, [9, 1, 2]),
      figure({ what: "memory", unit: "MiB PSS", goal: 40, bound: "journald" }, [123.4]),
    ]).split("\n");
    assert.deepEqual(lines, [
      "a mailbox added     2.00 s (1.00 to 9.00)  met: at most 5       the engine",
      "memory               123 MiB PSS           NOT MET: at most 40  journald",
      "",
    ]);
  });
});
