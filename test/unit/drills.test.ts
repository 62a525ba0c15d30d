import assert from "node:assert/strict";
import { test } from "node:test";
import { figureRows } from "../../lab/drills/drill";
import { drills } from "../../lab/drills/drills";

test("each drill has a name of its own, fit for a command line and a file, and says in one line what it does", () => {
  const names = drills.map(({ name }) => name);
  assert.deepEqual(names, ["failover", "busy", "disk-full", "refused", "dns-review"]);
  for (const { name, description } of drills) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.doesNotMatch(description, /\n/);
  }
});

test("every figure is told with its label, in the order of the drill", () => {
  const drill = {
    name: "unit",
    description: "",
    labels: { lost: "lost mails", home: "seconds", answer: "what it said", unknown: "unknown recipient" },
    play: () => Promise.reject(new Error("not played")),
  };
  const figures = { lost: 0, home: 1.26, answer: "421 busy", unknown: { code: 550, milliseconds: 12 } };
  assert.deepEqual(figureRows(drill, figures), [
    ["lost mails", "0"],
    ["seconds", "1.3"],
    ["what it said", "421 busy"],
    ["unknown recipient", "550, 12 ms"],
  ]);
});
