import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { InterruptedCreate } from "../cloud/interrupted-creates";
import type { Properties } from "../cloud/protocol/property-value";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";
import { backendOf, projectName, runPulumi, type RunOptions, STACK } from "./run-pulumi";

interface Resource {
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Properties;
}

interface Deployment {
  readonly resources?: readonly Resource[];
  pending_operations?: readonly { readonly resource: Resource; readonly type: string }[];
}

/** What the stack's state says of an engine that was killed: which resources were being made, and the ids of all that it knows. */
export interface Interrupted {
  readonly creates: readonly InterruptedCreate[];
  readonly known: ReadonlySet<string>;
}

/** Undefined where no creation was interrupted. */
export function interruptedCreates(lab: Lab, program?: string): Interrupted | undefined {
  const file = join(backendOf(lab), ".pulumi/stacks", projectName(program), `${STACK}.json`);
  if (!existsSync(file)) return undefined;
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest?: Deployment } };
  const creates = (checkpoint.latest?.pending_operations ?? []).filter(({ type }) => type === "creating");
  if (creates.length === 0) return undefined;
  return {
    creates: creates.map(({ resource }) => ({ token: resource.type, inputs: resource.inputs ?? {} })),
    known: new Set((checkpoint.latest?.resources ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))),
  };
}

/** Takes the interrupted operations out of the stack's state, as Pulumi's documentation says: export, edit, import ("Recovering from an interrupted update"). */
export async function forgetInterrupted(lab: Lab, options: Pick<RunOptions, "world" | "program">): Promise<void> {
  const file = join(lab.dir, "repaired-state.json");
  const run = async (...args: string[]): Promise<void> => {
    const { exitCode, stderr } = await runPulumi(lab, ["stack", ...args, "--file", file], { ...options, stdio: "capture" });
    if (exitCode !== 0) throw new Error(`the state of an interrupted run could not be repaired: ${stderr.trim()}`);
  };
  try {
    await run("export");
    const exported = JSON.parse(readFileSync(file, "utf8")) as { deployment: Deployment };
    delete exported.deployment.pending_operations;
    writeWhole(file, JSON.stringify(exported), 0o600);
    await run("import");
  } finally {
    rmSync(file, { force: true });
  }
}
