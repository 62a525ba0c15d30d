/** A lab of a test's own, and the real engine on it: books only, no root. */
import "./throwaway-root";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readState } from "../../lab/cloud/store";
import type { CloudState } from "../../lab/cloud/state";
import { projectRoot } from "../../lab/engine/root";
import { runPulumi } from "../../lab/engine/run-pulumi";
import { claimLab, type Lab } from "../../lab/lab";

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The last part of the URN. */
  readonly name: string;
}

export interface Engine {
  readonly lab: Lab;
  cloud(): CloudState;
  /** Runs the CLI and fails the test with its output where it fails. */
  pulumi(...args: string[]): Promise<string>;
  /** Runs the CLI, which must fail; returns its output. */
  failing(...args: string[]): Promise<string>;
  /** What a preview would do, without what stays the same. */
  preview(): Promise<Step[]>;
  up(): Promise<void>;
  destroy(): Promise<void>;
  /** Everything that the engine has written down. */
  stateText(): string;
}

/** The program and its stack file; the default is the product. */
export interface Program {
  readonly program?: string;
  readonly project: string;
  readonly stackFile: string;
}

let count = 0;

export function engineOn({ program = projectRoot, project, stackFile }: Program): Engine {
  const lab = claimLab(`e${(count += 1)}`);
  const run = (args: readonly string[]): ReturnType<typeof runPulumi> =>
    runPulumi(lab, [...args, "--non-interactive", "--color", "never"], {
      world: "state-only",
      stdio: "capture",
      program,
      stackFile,
      // The first run on a machine may build the CLI.
      progress: (line) => process.stderr.write(`${line}\n`),
    });
  const pulumi = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args);
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return stdout;
  };
  return {
    lab,
    cloud: () => readState(lab),
    pulumi,
    failing: async (...args) => {
      const { exitCode, stdout, stderr } = await run(args);
      if (exitCode === 0) throw new Error(`pulumi ${args.join(" ")} did not fail:\n${stdout}`);
      return `${stdout}\n${stderr}`;
    },
    preview: async () => {
      const digest = JSON.parse(await pulumi("preview", "--json")) as {
        steps: { op: string; urn: string; newState?: { type: string }; oldState?: { type: string } }[];
      };
      return digest.steps
        .map(({ op, urn, newState, oldState }) => ({
          op,
          urn,
          type: newState?.type ?? oldState?.type ?? "",
          name: urn.slice(urn.lastIndexOf("::") + 2),
        }))
        .filter(({ op }) => op !== "same" && op !== "read");
    },
    up: async () => void (await pulumi("up", "--yes", "--skip-preview")),
    destroy: async () => void (await pulumi("destroy", "--yes", "--skip-preview")),
    stateText: () => readFileSync(join(lab.dir, "pulumi-state", ".pulumi", "stacks", project, "lab.json"), "utf8"),
  };
}
