import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import execa from "execa";
import { parse, stringify } from "yaml";
import { HOSTS_VARIABLE, LAB_VARIABLE } from "../cloud/plugin-environment";
import { cacheRoot, type Lab } from "../lab";
import { identityOf } from "../process-identity";
import { writeWhole } from "../whole-file";
import { ensureEngine } from "./cli";
import { RUN_BY_VARIABLE } from "./orphans";
import type { Progress } from "./progress";
import { preparePulumiHome } from "./pulumi-home";
import { projectRoot } from "./root";
import { ensureSecrets } from "./secrets";
import { composeStackFile, hasSalt, keepSalt, recordDeployed, type SetSecret } from "./stack-file";

/** Every lab has one stack of this name in a backend of its own. */
export const STACK = "lab";

export interface RunOptions {
  /** `hosts` makes machines; `state-only` keeps the books. */
  readonly world: "hosts" | "state-only";
  /** Show the engine's output as it comes, or give it back. */
  readonly stdio: "inherit" | "capture";
  /** Told each line of captured standard output as it comes. */
  readonly line?: (text: string) => void;
  /** Words put before the command, for instance `nsenter --net=…`. */
  readonly via?: readonly string[];
  /** Folder of the program. Default: the product's. */
  readonly program?: string;
  /** The stack's configuration that a person edits. Default: `Pulumi.lab.yaml` beside the program. */
  readonly stackFile?: string;
  /** Variables for the engine, beside the lab's own. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Told what long work waits for. */
  readonly progress?: Progress;
  /** Ends the run, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly exitCode: number;
  /** Empty where the output was shown. */
  readonly stdout: string;
  readonly stderr: string;
}

/** The engine's state, a folder. */
export const backendOf = (lab: Lab): string => join(lab.dir, "pulumi-state");

export const projectName = (program = projectRoot): string =>
  (parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { name: string }).name;

/** Commands that run with the composed configuration; `config` works on the file that a person edits. */
const CONFIGURED = ["preview", "pre", "up", "update", "destroy", "refresh", "import", "watch"];

/** The real CLI on the lab's stack and cloud. A failing command is a result, not an exception. */
export async function runPulumi(lab: Lab, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const cli = await ensureEngine(options.progress ?? (() => {}));
  const program = options.program ?? projectRoot;
  const source = options.stackFile ?? join(program, `Pulumi.${STACK}.yaml`);
  const passphraseFile = join(lab.dir, "passphrase");
  mkdirSync(backendOf(lab), { recursive: true });
  if (!existsSync(passphraseFile)) writeWhole(passphraseFile, ensureSecrets(lab, []).passphrase, 0o600);

  const environment = {
    ...preparePulumiHome(lab, cli),
    PULUMI_BACKEND_URL: `file://${backendOf(lab)}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_STACK: STACK,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The program's types are checked by the tests; checking them again at each run, and compiling the SDKs, would cost a person a second each time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    NODE_COMPILE_CACHE: join(cacheRoot, "node"),
    [LAB_VARIABLE]: lab.name,
    [HOSTS_VARIABLE]: options.world === "hosts" ? "1" : "",
    [RUN_BY_VARIABLE]: identityOf(process.pid),
    ...options.variables,
  };
  const quietly = async (words: readonly string[], input?: string): Promise<void> => {
    await execa(cli, [...words, "--non-interactive"], { cwd: program, env: environment, input: input ?? "" });
  };
  await ensureStack(lab, cli, program, environment);

  const [verb = ""] = args;
  const words = [...args];
  if (CONFIGURED.includes(verb) && !args.includes("--config-file")) {
    const setSecret: SetSecret = (key, value, file) => quietly(["config", "set", "--secret", "--path", key, "--config-file", file], value);
    words.splice(1, 0, "--config-file", await composeStackFile(lab, source, setSecret));
  } else if (verb === "config" && !args.includes("--config-file")) {
    words.push("--config-file", source);
  }

  const [command = cli, ...prefix] = [...(options.via ?? []), cli];
  const run = execa(command, [...prefix, ...words], {
    cwd: program,
    env: environment,
    reject: false,
    stripFinalNewline: false,
    stdin: options.stdio === "inherit" ? "inherit" : "ignore",
    stdout: options.stdio === "inherit" ? "inherit" : "pipe",
    stderr: options.stdio === "inherit" ? "inherit" : "pipe",
  });
  if (run.stdout !== null && options.line !== undefined) createInterface({ input: run.stdout }).on("line", options.line);
  const interrupt = (): void => void run.kill("SIGINT", { forceKillAfterTimeout: false });
  options.signal?.addEventListener("abort", interrupt);
  const { exitCode, stdout, stderr } = await run;
  options.signal?.removeEventListener("abort", interrupt);
  if (exitCode === 0 && ["up", "update"].includes(verb)) recordDeployed(lab);
  return { exitCode: exitCode ?? 1, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/**
 * Makes the stack in the lab's own backend. In a folder apart: `stack init` writes the salt of its secrets into the configuration file
 * beside the program, which is a person's.
 */
async function ensureStack(lab: Lab, cli: string, program: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const name = projectName(program);
  const stack = join(backendOf(lab), ".pulumi", "stacks", name, `${STACK}.json`);
  if (existsSync(stack) && hasSalt(lab)) return;
  // Made by a run that was killed before it kept the salt: nothing can be in it.
  rmSync(stack, { force: true });
  const aside = mkdtempSync(join(lab.dir, "stack-init-"));
  try {
    writeFileSync(join(aside, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    await execa(cli, ["stack", "init", STACK, "--secrets-provider", "passphrase", "--non-interactive"], {
      cwd: aside,
      env: environment,
      stdin: "ignore",
    });
    keepSalt(lab, join(aside, `Pulumi.${STACK}.yaml`));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
