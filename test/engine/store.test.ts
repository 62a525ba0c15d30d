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

test("what was read stays as it was read, and what a change returns is no part of the cloud", async () => {
  const lab = claimLab("copies");
  await changeState(lab, (state) => (state.standardVcpus = 7));
  const before = readState(lab);
  const zone = await changeState(lab, (state) => {
    state.standardVcpus = 8;
    return (state.zones.z = { id: "z", name: "z.test" });
  });
  zone.name = "changed";
  await changeState(lab, () => {});
  assert.deepEqual([before.standardVcpus, readState(lab).standardVcpus], [7, 8]);
  assert.equal(readState(lab).zones.z?.name, "z.test");
});

test("a change that is refused half way is not written", async () => {
  const lab = claimLab("refused");
  await changeState(lab, (state) => (state.standardVcpus = 6));
  const refused = changeState(lab, (state) => {
    state.port25 = "open";
    throw new Error("no");
  });
  await assert.rejects(refused, /no/);
  assert.equal(readState(lab).port25, "closed");
  await changeState(lab, (state) => (state.standardVcpus = 16));
  assert.deepEqual([readState(lab).port25, readState(lab).standardVcpus], ["closed", 16], "nor with the next change");
  await changeState(lab, (state) => (state.port25 = "open"));
  assert.equal(readState(lab).port25, "open");
});
