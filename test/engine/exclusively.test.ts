import "./throwaway-root";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { exclusively } from "../../lab/command/exclusively";
import { projectRoot } from "../../lab/engine/root";
import { claimLab } from "../../lab/lab";

const lab = claimLab("locked");

/** A process that takes the lab's lock, says so, and keeps it. */
async function holder(): Promise<ChildProcess> {
  const program = `
    const { exclusively } = require("./lab/command/exclusively");
    const { findLab } = require("./lab/lab");
    exclusively(findLab("locked"), "lab up", () => {}, () => new Promise(() => { console.log("held"); setInterval(() => {}, 1000); }));`;
  const child = spawn(process.execPath, ["--import", require.resolve("tsx"), "--eval", program], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("a second command waits for the first, says for which process, and goes on as soon as that one is killed", async () => {
  const child = await holder();
  let done = false;
  let tell: (line: string) => void = () => {};
  const told = new Promise<string>((resolve) => (tell = resolve));
  const down = exclusively(lab, "lab down", tell, async () => void (done = true));
  assert.equal(await told, `waiting for "lab up" (process ${child.pid}), which is changing the lab locked`);
  assert.ok(!done);
  child.kill("SIGKILL");
  await down;
  assert.ok(done);
});

test("the lock is free again after work that failed", async () => {
  await assert.rejects(
    exclusively(
      lab,
      "lab up",
      () => {},
      () => Promise.reject(new Error("no")),
    ),
    /no/,
  );
  assert.equal(
    await exclusively(
      lab,
      "lab up",
      () => {},
      async () => 1,
    ),
    1,
  );
});
