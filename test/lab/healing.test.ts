/**
 * The lab's own commands, killed where they stand: the next one puts it right. MAILSERVER_TEST_KILLS=50 adds as many kills of `up` at random moments.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, beforeEach, describe, test } from "node:test";
import { readState } from "../../lab/cloud/store";
import { takeDown } from "../../lab/command/down";
import { instanceOf, volumesOf } from "../../lab/command/hosts-of";
import { engineProcesses } from "../../lab/engine/orphans";
import { projectRoot } from "../../lab/engine/root";
import { members } from "../../lab/hosts/control-group";
import { groupOf, hostFolder, initOf, isOn } from "../../lab/hosts/host";
import { losePower } from "../../lab/hosts/volume";
import { netns } from "../../lab/network/links";
import { until } from "../../lab/until";
import { LabUnderTest } from "./lab-under-test";
import { leftovers } from "./leftovers";
import { arrives, inMaildirs, newToken, offer } from "./mail-flow";

/** What is killed: the command and everything that it started, the lab's machines excepted; or the command alone. */
type Scope = "tree" | "command";

describe("a lab whose commands are killed", { timeout: 900_000 }, () => {
  const it = new LabUnderTest("test-heal");
  before(() => it.begin());
  after(() => it.end());
  beforeEach(() => it.assertUsable());

  const start = (...words: string[]): ChildProcess & { output: string } => {
    const command = spawn(
      process.execPath,
      ["--import", require.resolve("tsx"), join(projectRoot, "lab/command/lab.ts"), "--lab", it.name, ...words],
      { cwd: projectRoot, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    );
    const told = Object.assign(command, { output: "" });
    for (const stream of [command.stdout, command.stderr]) stream.on("data", (data: Buffer) => (told.output += data.toString()));
    return told;
  };
  /** Runs a command of the lab to its end. */
  const succeeds = async (...words: string[]): Promise<string> => {
    const command = start(...words);
    const [status] = (await once(command, "close")) as [number];
    assert.equal(status, 0, command.output);
    return command.output;
  };
  /** Starts a command and kills it when the condition holds. */
  const killedWhen = async (words: string[], scope: Scope, what: string, holds: () => boolean): Promise<void> => {
    const command = start(...words);
    await until(what, 180, async () => holds() || command.exitCode !== null, 2).catch((error: unknown) => {
      throw new Error(`${String(error)}; the command had said:\n${command.output}`);
    });
    assert.equal(command.exitCode, null, `it had ended before: ${command.output}`);
    process.kill(scope === "tree" ? -command.pid! : command.pid!, "SIGKILL");
    await once(command, "exit");
  };
  const machine = (key: string): string => instanceOf(readState(it.lab), key)?.id ?? "";
  const runs = (key: string, command: RegExp): boolean =>
    machine(key) !== "" &&
    members(groupOf(it.lab, machine(key))).some((pid) => command.test(readIfThere(`/proc/${pid}/cmdline`).replaceAll("\0", " ")));
  const works = async (): Promise<void> => {
    const { instances, volumes, addresses, securityGroups } = readState(it.lab);
    // Nothing twice, and nothing that nobody knows of.
    assert.deepEqual(
      [instances, volumes, addresses, securityGroups].map((all) => Object.keys(all).length),
      [2, 2, 2, 2],
    );
    for (const key of ["mx1", "mx2"]) await it.greets(key);
    for (const key of ["mx1", "mx2"]) await arrives(it, key, "alice@example.test");
    assert.deepEqual(await it.preview(), []);
  };
  const disks = (): string[] => {
    const hosts = join(it.lab.dir, "hosts");
    return existsSync(hosts) ? readdirSync(hosts).filter((name) => name.startsWith("i-")) : [];
  };

  test("`up`, killed at one stage after the other, ends in a lab that works", async () => {
    await killedWhen(["up"], "tree", "the network", () => existsSync(`/run/netns/${netns(it.lab, "names")}`));
    await killedWhen(["up"], "tree", "the outside host's disk", () => existsSync(join(hostFolder(it.lab, "outside"), "layers")));
    // The cloud has begun to make a machine, and the engine has not written its id down.
    await killedWhen(["up"], "tree", "a machine's disk", () => disks().length > 0);
    const lost = disks();
    await killedWhen(["up"], "command", "the backup's first boot", () =>
      disks().some((id) => !lost.includes(id) && initOf(it.lab, id) !== undefined),
    );
    assert.ok(!existsSync(hostFolder(it.lab, lost[0] ?? "")), "the machine that nobody knew of is gone");
    assert.ok(engineProcesses(it.lab).size > 0, "the engine goes on without its command");
    await killedWhen(["up"], "tree", "accounts on the primary", () => runs("mx1", /\/lib\/apply( |$)(?!--boot)/));
    const output = await succeeds("up");
    assert.doesNotMatch(output, /pending operations/);
    await works();
  });

  const kills = Number(process.env.MAILSERVER_TEST_KILLS ?? 0);
  for (let round = 1; round <= kills; round += 1) {
    test(`kill ${round} of ${kills} at a random moment`, async () => {
      if (round % 5 === 1) await succeeds("down");
      const command = start("up");
      const milliseconds = Math.round(Math.random() * 20_000);
      const ended = once(command, "exit");
      await Promise.race([sleep(milliseconds), ended]);
      const scope: Scope = Math.random() < 0.5 ? "tree" : "command";
      if (command.exitCode === null) process.kill(scope === "tree" ? -command.pid! : command.pid!, "SIGKILL");
      await ended;
      await succeeds("up").catch((error: unknown) => {
        throw new Error(`after a kill (${scope}) at ${milliseconds} ms, which had said:\n${command.output}\n${String(error)}`);
      });
      await works();
    });
  }

  test("this machine restarts: nothing but files is left, and `up` brings everything back, what was taken too", async () => {
    const token = newToken();
    assert.equal((await offer(it, it.address("mx1"), "bob@example.test", token))?.code, 250);
    const state = readState(it.lab);
    for (const instance of Object.values(state.instances)) {
      for (const volume of volumesOf(state, instance)) await losePower(it.lab, volume.id, instance.id);
    }
    await takeDown(it.lab);
    it.forgetClients();
    await succeeds("up");
    await it.greets("mx1");
    await until("the mail that was taken before", 60, async () => (await inMaildirs(it, "mx1")).has(token));
    await works();
  });

  test("a drill that is killed leaves nothing broken: `up` switches on what it had switched off", async () => {
    await killedWhen(["drill", "failover"], "tree", "the primary to lose its power", () => !isOn(it.lab, machine("mx1")));
    const output = await succeeds("up");
    assert.match(output, /switching .* on again/);
    await works();
  });

  test("`down`, killed at one stage after the other, leaves nothing in the end", async () => {
    it.forgetClients();
    assert.notDeepEqual(await leftovers(it.lab), []);
    await killedWhen(["down"], "tree", "the machines to be gone", () => !isOn(it.lab, "names"));
    await killedWhen(["down"], "tree", "the networks to go", () => !existsSync(`/run/netns/${netns(it.lab, "names")}`));
    await killedWhen(["down"], "tree", "the disks to go", () => disks().length < 2);
    await succeeds("down");
    assert.deepEqual(await leftovers(it.lab), []);
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
