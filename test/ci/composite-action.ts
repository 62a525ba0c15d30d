import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import execa from "execa";
import { parse } from "yaml";

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export interface ActionRun {
  /** 0, or that of the step that failed. */
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
  /** What other actions were called with. */
  readonly uses: readonly { readonly action: string; readonly with: Readonly<Record<string, string>> }[];
}

export const actionOf = (file: string): Action => parse(readFileSync(file, "utf8")) as Action;

/**
 * Runs a composite action's shell steps as a runner of GitHub does: bash with `-e` and `pipefail`, expressions replaced, outputs through files. Other
 * actions are not run.
 *
 * @param contexts what expressions name, such as `runner.temp`
 * @param skip steps that would leave this machine
 */
export async function runAction(
  file: string,
  inputs: Readonly<Record<string, string>>,
  contexts: Readonly<Record<string, string>>,
  {
    folder,
    env,
    skip = () => false,
  }: { folder: string; env: Readonly<Record<string, string | undefined>>; skip?: (run: string) => boolean },
): Promise<ActionRun> {
  const action = actionOf(file);
  const known = new Map(Object.entries(contexts));
  known.set("github.action_path", dirname(file));
  for (const [name, input] of Object.entries(action.inputs)) {
    const given = inputs[name] ?? input.default;
    if (given === undefined) throw new Error(`the input ${name} is required`);
    known.set(`inputs.${name}`, given);
  }
  const filled = (text: string): string =>
    text.replace(/\$\{\{ *(\S+) *\}\}/g, (_, name: string) => {
      const value = known.get(name) ?? (name.startsWith("steps.") ? "" : undefined);
      if (value === undefined) throw new Error(`nothing is known of ${name}`);
      return filled(value);
    });
  const [outputFile, summaryFile] = [join(folder, "output"), join(folder, "summary")];
  writeFileSync(summaryFile, "");
  const uses: { action: string; with: Record<string, string> }[] = [];
  let log = "";
  let exitCode = 0;
  for (const step of action.runs.steps) {
    if (step.uses !== undefined) {
      uses.push({
        action: step.uses,
        with: Object.fromEntries(Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(String(value))])),
      });
      continue;
    }
    if (step.run === undefined || skip(step.run)) continue;
    writeFileSync(outputFile, "");
    const ended = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step.run)], {
      ...{ cwd: filled(step["working-directory"] ?? folder), reject: false, all: true, extendEnv: false },
      env: {
        ...env,
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)])),
        ...{ GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile, GITHUB_ACTION_PATH: dirname(file) },
      },
    });
    log += ended.all ?? "";
    for (const line of readFileSync(outputFile, "utf8").split("\n").filter(Boolean)) {
      known.set(`steps.${step.id}.outputs.${line.slice(0, line.indexOf("="))}`, line.slice(line.indexOf("=") + 1));
    }
    if (ended.exitCode !== 0) {
      exitCode = ended.exitCode;
      break;
    }
  }
  const outputs = Object.fromEntries(Object.entries(action.outputs ?? {}).map(([name, { value }]) => [name, filled(value)]));
  return { exitCode, outputs, summary: readFileSync(summaryFile, "utf8"), log, uses };
}
