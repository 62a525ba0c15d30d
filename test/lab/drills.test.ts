/** The drills as a person runs them, on one lab: what they promise, and that they leave the lab as it was however they end. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import execa from "execa";
import { readState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";
import { until } from "../../lab/until";
import { LabUnderTest } from "./lab-under-test";

type Figures = Record<string, unknown>;

describe("drills", { timeout: 600_000 }, () => {
  const it = new LabUnderTest("test-drills");
  before(async () => {
    await it.begin();
    await it.up();
  });
  after(() => it.end());
  beforeEach(() => it.assertUsable());

  const drill = (...words: string[]): execa.ExecaChildProcess =>
    execa(process.execPath, ["--import", require.resolve("tsx"), "lab/command/lab.ts", "--lab", it.name, "drill", ...words], {
      cwd: projectRoot,
      stdin: "ignore",
      reject: false,
    });

  /** Its figures, once everything was as expected and all mail was delivered once. */
  const played = async (name: string): Promise<Figures> => {
    const { exitCode, stdout, stderr } = await drill(name, "--json");
    const figures = JSON.parse(stdout) as Figures;
    assert.deepEqual(figures.unmet, [], stderr);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual([figures.delivered, figures.lost, figures.duplicated, figures.leftInQueues], [figures.accepted, 0, 0, 0]);
    const page = readFileSync(join(it.lab.dir, `drill-${name}.html`), "utf8");
    assert.ok(page.includes("Everything as expected") && stderr.includes(`drill-${name}.html`));
    return figures;
  };

  /** What drills break, in a form that tells as it was from as it is not. */
  const state = async (): Promise<string[]> => {
    const look =
      "cd /srv/mailserver; ls; ls active/etc/postfix; systemctl is-active postfix; pgrep -c -x qmgr; grep -c State:.T /proc/$(pgrep -x qmgr)/status || :";
    return Promise.all([it.sh("mx1", `${look}; cat /etc/postfix/mailboxes`), it.sh("mx2", look)]);
  };

  test("with no name or an unknown one it says which there are", async () => {
    const none = await drill();
    assert.equal(none.exitCode, 0);
    for (const name of ["failover", "busy", "disk-full", "refused", "dns-review"])
      assert.match(none.stdout, new RegExp(`^ {2}${name} +the |^ {2}${name} +slow `, "m"));
    const unknown = await drill("fire");
    assert.equal(unknown.exitCode, 1);
    assert.match(unknown.stderr, /no drill "fire"; there are:[^]*disk-full/);
  });

  test("busy: 421 on a full port 25 sends senders to the backup; handover, submission and IMAP go on", async () => {
    const asItWas = await state();
    const figures = await played("busy");
    assert.ok(Number(figures.slowSessions) >= 50 && Number(figures.byBackup) > 0, JSON.stringify(figures));
    assert.match(String(figures.answer), /^421 4\.3\.2 /);
    assert.equal(figures.sessionBreaks, 0);
    assert.ok(Number(figures.slowestAnswer) < 5000 && Number(figures.submission) < 10_000, JSON.stringify(figures));
    assert.deepEqual(await state(), asItWas);
  });

  test("refused: held mail that the primary refuses does not bounce, is reported, and comes home after the repair", async () => {
    const asItWas = await state();
    const figures = await played("refused");
    assert.match(String(figures.answer), /^550 5\.1\.1 /);
    assert.equal(figures.refused, 4);
    assert.equal(figures.reported, 4);
    assert.equal(figures.bounces, 0);
    assert.deepEqual(await state(), asItWas);
  });

  const full = async (host: string): Promise<boolean> =>
    (await it.sh(host, "df --output=avail /srv/mailserver | tail -n 1")).trim() === "0";

  test("disk-full, interrupted: the volume has room again before the drill ends", async () => {
    const asItWas = await state();
    const running = drill("disk-full");
    await until("the primary's full volume", 60, () => full("mx1"), 20);
    running.kill("SIGINT");
    assert.equal((await running).exitCode, 130);
    assert.deepEqual(await state(), asItWas);
    assert.ok(!existsSync(join(it.lab.dir, "remedies.json")));
  });

  test("disk-full, killed: the next drill makes room first; 452, nothing bounces, and all mail comes home", async () => {
    const asItWas = await state();
    const killed = drill("disk-full");
    await until("the primary's full volume", 60, () => full("mx1"), 20);
    killed.kill("SIGKILL");
    await killed;
    assert.ok(await full("mx1"), "nobody made room");
    const figures = await played("disk-full");
    for (const answer of [figures.primaryAnswer, figures.backupAnswer]) assert.match(String(answer), /^452 4\.3\.1 /);
    assert.equal(figures.deferred, 3);
    assert.equal(figures.bounces, 0);
    assert.equal(figures.sessionBreaks, 0);
    assert.deepEqual(await state(), asItWas);
    assert.deepEqual(await it.preview(), []);
  });

  test("dns-review, killed during its deploy: the next one takes that back; the mistake is blocked, and what was reviewed is deployed and no more", async () => {
    const asItWas = await state();
    const records = (): string[] =>
      Object.values(readState(it.lab).records)
        .map(({ name, type, content, priority, ttl }) => `${name} ${ttl} ${type} ${priority ?? ""} ${content ?? ""}`)
        .sort();
    const before = records();
    const killed = drill("dns-review");
    await until("a record of the deploy", 120, async () => records().length > before.length, 20);
    killed.kill("SIGKILL");
    await killed;
    const { blockedBy, statuses, checksumKept, changes, notLive, accepted } = await played("dns-review");
    // The new name gets what the old one has.
    const wanted = before.filter((record) => /^(\S+\.)?club\.test /.test(record)).length;
    assert.deepEqual(
      { blockedBy, statuses, checksumKept, changes, notLive },
      { blockedBy: "mx-last-removed", statuses: "3, 0, 3, 0, 0, 0", checksumKept: true, changes: wanted, notLive: 0 },
    );
    assert.ok(Number(accepted) > 1, "mail flowed");
    const kept = (name: string): string => readFileSync(join(it.lab.dir, `drill-dns-review-${name}.md`), "utf8");
    assert.match(kept("blocked"), /mx-last-removed/);
    assert.match(kept("review"), /nothing blocks/);
    assert.deepEqual(records(), before);
    assert.deepEqual(await state(), asItWas);
    assert.ok(!existsSync(join(it.lab.dir, "remedies.json")));
    assert.deepEqual(await it.preview(), []);
  });
});
