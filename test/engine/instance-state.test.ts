import assert from "node:assert/strict";
import { test } from "node:test";
import { setPower } from "../../lab/cloud/behind-the-program";
import { machine } from "./machine";
import { TOKENS, withSimulated } from "./simulated";

test("a machine is brought into the state that the program wants, in the world too, and only where it is in another", async () => {
  await withSimulated(async (it) => {
    const { id: instanceId } = await machine(it);
    const done: string[] = [];
    Object.assign(it.cloud, {
      world: { ...it.cloud.world, start: async () => void done.push("start"), stop: async () => void done.push("stop") },
    });
    const running = { instanceId, state: "running" };
    const made = await it.create(TOKENS.power, running);
    assert.equal(made.id, instanceId);
    assert.deepEqual(done, [], "it runs already");
    await it.update(TOKENS.power, made.id, { instanceId, state: "stopped" }, made.outputs);
    assert.equal(it.cloud.read().instances[instanceId]?.state, "stopped");
    await it.update(TOKENS.power, made.id, running, made.outputs);
    assert.equal(it.cloud.read().instances[instanceId]?.state, "running");
    assert.deepEqual(done, ["stop", "start"]);
    await it.delete(TOKENS.power, made);
    assert.equal(it.cloud.read().instances[instanceId]?.state, "running", "its end leaves the machine alone");
  });
});

test("a machine that was stopped by hand is seen as stopped, by both resources", async () => {
  await withSimulated(async (it) => {
    const { id, outputs } = await machine(it);
    const made = await it.create(TOKENS.power, { instanceId: id, state: "running" });
    await setPower(it.cloud.lab, id, "stopped");
    assert.equal((await it.read(TOKENS.power, id, { instanceId: id, state: "running" }, made.outputs))?.inputs.state, "stopped");
    assert.equal((await it.read(TOKENS.instance, id, {}, outputs))?.outputs.instanceState, "stopped");
  });
});

test("only running and stopped can be wanted, of a machine that exists", async () => {
  await withSimulated(async (it) => {
    await assert.rejects(
      it.create(TOKENS.power, { instanceId: "i-0", state: "terminated" }),
      /expected state to be one of running, stopped/,
    );
    await assert.rejects(it.create(TOKENS.power, { instanceId: "i-0", state: "running" }), /^Error: InvalidInstanceID\.NotFound: /);
    assert.equal(await it.read(TOKENS.power, "i-0", {}, {}), undefined);
  });
});
