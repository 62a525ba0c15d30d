import "./throwaway-root";
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import execa from "execa";
import { initialState } from "../../lab/cloud/initial-state";
import { changeState, readState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";
import { claimLab } from "../../lab/lab";

const PROCESSES = 4;
const CHANGES = 25;

test("plugins of several processes change the cloud at once and lose nothing", async () => {
  const lab = claimLab("store");
  const program = `
    const { findLab } = require("./lab/lab");
    const { changeState } = require("./lab/cloud/store");
    const zone = (index) => "zone-" + process.pid + "-" + index;
    for (let index = 0; index < ${CHANGES}; index += 1) {
      changeState(findLab("store"), (state) => { state.zones[zone(index)] = { id: zone(index), name: "x" }; });
    }`;
  const run = (): Promise<unknown> =>
    execa(process.execPath, ["--import", require.resolve("tsx"), "--eval", program], { cwd: join(projectRoot) });
  await Promise.all(Array.from({ length: PROCESSES }, run));
  const made = Object.keys(readState(lab).zones).length - Object.keys(initialState().zones).length;
  assert.equal(made, PROCESSES * CHANGES);
});

test("a change that is refused half way is not written", async () => {
  const lab = claimLab("refused");
  const refused = changeState(lab, (state) => {
    state.port25 = "open";
    throw new Error("no");
  });
  await assert.rejects(refused, /no/);
  assert.equal(readState(lab).port25, "closed");
  await changeState(lab, (state) => (state.port25 = "open"));
  assert.equal(readState(lab).port25, "open");
});
