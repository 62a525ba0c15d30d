/** `npm test`: sets the machine up, then runs every check and every test there is, the quick ones first. Exit status 1 when one fails. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureMachinePackages, unfitness } from "../lab/hosts/machine-packages";
import { shell } from "../lab/hosts/shell";
import { projectRoot } from "../lab/engine/root";

const started = Date.now();
const say = (line: string): void => {
  process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
};

/** Runs a command in the project's root, its output as it comes. */
function passes(what: string, command: string, ...args: string[]): boolean {
  say(what);
  const { status } = spawnSync(command, args, { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) say(`failed: ${what}`);
  return status === 0;
}

const bin = (name: string): string => join("node_modules/.bin", name);

/** A test that hangs fails after this, with its name, while there is time left for the others; the slowest, which builds the engine first, takes a third of it. */
const LIMIT_MS = 15 * 60_000;

const tests = (what: string, concurrency: number, ...patterns: string[]): boolean => {
  const limits = [`--test-timeout=${LIMIT_MS}`, "--test-force-exit", `--test-concurrency=${concurrency}`];
  return passes(what, process.execPath, "--import", "tsx", "--test", ...limits, ...patterns);
};

async function main(): Promise<void> {
  const unfit = unfitness();
  if (unfit !== undefined) throw new Error(unfit);
  await ensureMachinePackages(say);
  if (!existsSync("/usr/bin/shellcheck")) {
    say("installing on this machine, by apt: shellcheck");
    await shell("apt-get -qq update >&2; DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends shellcheck >&2");
  }
  const outcomes = [
    passes("types of the product", bin("tsc"), "--noEmit"),
    passes("types of the lab and the tests", bin("tsc"), "--noEmit", "-p", "lab"),
    passes("lint: the walls between the rooms", bin("eslint"), "."),
    passes("format", bin("prettier"), "--check", "--log-level", "warn", "."),
    passes("the package can be built", "sh", "build.sh"),
    tests("unit tests and components under mocks", 2, "test/unit/**/*.test.ts", "test/ci/**/*.test.ts", "test/components/**/*.test.ts"),
    tests("the real engine on the simulators", 2, "test/engine/**/*.test.ts"),
    // A lab waits for most of its time: for a boot, a queue, a TTL.
    tests("real hosts", 2, "test/lab/**/*.test.ts"),
  ];
  say(outcomes.every(Boolean) ? "everything passed" : "something failed, see above");
  process.exitCode = outcomes.every(Boolean) ? 0 : 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
