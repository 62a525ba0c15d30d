/**
 * `npm run bench`: the figures of the project, on a lab of its own with everything cached, as a table for people and as JSON (`--json`). No figure is asserted;
 * what bounds each stands beside it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { HOSTS_VARIABLE } from "../lab/cloud/plugin-environment";
import { internetClient } from "../lab/clients/internet-client";
import { endLab } from "../lab/command/down";
import { hostNamed } from "../lab/command/hosts-of";
import { startExchanger, stopExchanger } from "../lab/command/power";
import { rememberStackFile } from "../lab/command/stack-file-of";
import { statusOf } from "../lab/command/status";
import { run as failover } from "../lab/drills/failover";
import { projectRoot } from "../lab/engine/root";
import { members } from "../lab/hosts/control-group";
import { groupOf } from "../lab/hosts/host";
import { claimLab, findLab, type Lab } from "../lab/lab";
import { until } from "../lab/until";
import { bareBoot } from "./bare-boot";

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the project wants to reach. */
  readonly goal: string;
  readonly bound: string;
}

const NAME = "bench";

const started = Date.now();
const say = (line: string): void => void process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = Date.now();
  await work();
  return (Date.now() - start) / 1000;
};

/** The lab's command as a person runs it. */
const lab = (...words: string[]): Promise<unknown> =>
  execa("sh", ["lab/run.sh", "lab/command/lab.ts", "--lab", NAME, ...words], { cwd: projectRoot, stdin: "ignore" });

async function figures(): Promise<Figure[]> {
  const all: Figure[] = [];
  const add = (what: string, value: number, unit: string, goal: string, bound: string): void => {
    all.push({ what, value, unit, goal, bound });
    say(`${what}: ${value.toFixed(1)} ${unit} (goal: ${goal})`);
  };

  await lab("up"); // Whatever is not cached yet is made here, and does not count.
  await endLab(claimLab(NAME));
  add(
    "serving lab, everything cached",
    await seconds(() => lab("up")),
    "s",
    "at most 40 s",
    "two first boots after one another (backups first), Postfix's and Dovecot's start, the engine's own start",
  );
  const it = claimLab(NAME);
  const status = statusOf(it, true);
  const [primary, backup] = ["primary", "backup"].map((role) => Object.entries(status.hosts).find(([, host]) => host.role === role));
  if (primary === undefined || backup === undefined) throw new Error("the lab's stack needs a primary and a backup");

  for (const [[key], goal] of [
    [primary, 90],
    [backup, 40],
  ] as const) {
    add(
      `idle memory of the ${key === primary[0] ? "primary" : "backup"}`,
      pssMiB(it, key),
      "MiB PSS",
      `at most ${goal} MiB`,
      "every process of the guest",
    );
  }

  const clients = internetClient(it);
  try {
    const bare = await bareBoot(it);
    await stopExchanger(it, primary[0]);
    const serving = await seconds(async () => {
      await startExchanger(it, primary[0]);
      await until("a greeting of the primary", 120, () => clients.greeting(primary[1].ipv4, 25, 1000), 20);
    });
    add(
      "boot to serving over a bare boot",
      serving - bare,
      "s",
      "at most 5 s",
      `the volume's bundle checked, Postfix's start; bare boot: ${bare.toFixed(1)} s`,
    );

    const { firstHeldMail, allHeldMail, accepted } = await failover(it, () => {});
    add("first held mail after the primary's greeting", firstHeldMail, "s", "at most 2 s", "Dovecot's start, then ETRN");
    add(`all ${accepted} held mails after the greeting`, allHeldMail, "s", "", "the backup's queue manager");

    add(
      "a mailbox added, usable on all exchangers",
      await mailboxAdded(it, clients, [primary[1].ipv4, backup[1].ipv4]),
      "s",
      "at most 5 s",
      "the engine's start and its look at every resource",
    );
  } finally {
    clients.close();
  }
  return all;
}

/** Proportional set size of every process of a host. */
function pssMiB(it: Lab, key: string): number {
  const kib = members(groupOf(it, hostNamed(it, key))).map((pid) => {
    try {
      return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0; // It has ended since the list was read.
    }
  });
  return kib.reduce((sum, size) => sum + size, 0) / 1024;
}

/** Seconds from the start of `up` until both exchangers take mail for the new address. */
async function mailboxAdded(it: Lab, clients: ReturnType<typeof internetClient>, addresses: readonly string[]): Promise<number> {
  const file = join(tmpdir(), `mailserver-bench-${process.pid}.yaml`);
  writeFileSync(file, readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8").replace("alice: {}", "alice: {}\n        dora: {}"));
  rememberStackFile(it, file);
  const sendTo = (host: string, user: string): Promise<{ code: number }> =>
    clients.send({ host, port: 25 }, { from: "anna@outside.test", to: `${user}@example.test`, token: "added" });
  // A first visit waits 6 s for postscreen's greeting; that is not what is measured.
  await Promise.all(addresses.map((host) => sendTo(host, "alice")));
  const start = Date.now();
  const up = lab("pulumi", "up", "--yes", "--skip-preview");
  const taken = addresses.map((host) =>
    until(`${host} to take mail for dora`, 120, async () => (await sendTo(host, "dora")).code === 250, 50),
  );
  await Promise.all(taken);
  const usable = (Date.now() - start) / 1000;
  await up;
  return usable;
}

async function main(): Promise<void> {
  process.env[HOSTS_VARIABLE] = "1";
  const left = findLab(NAME);
  if (left !== undefined) await endLab(left);
  const end = async (): Promise<void> => {
    const mine = findLab(NAME);
    if (mine !== undefined) await endLab(mine);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end().then(() => process.exit(130)));
  try {
    const all = await figures();
    if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    else
      for (const { what, value, unit, goal, bound } of all)
        console.log(`${what.padEnd(48)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(8)} ${goal.padEnd(16)} ${bound}`);
  } finally {
    await end();
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
