import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { isAlive } from "../process-identity";
import { until } from "../until";

/** In the environment of an engine and of everything that it starts: the process that ran it. */
export const RUN_BY_VARIABLE = "MAILSERVER_LAB_RUN_BY";

/** Processes of this lab's engines: the CLI, its plugins, its program and what those run. By process id, who ran them. */
export function engineProcesses(lab: Lab): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const variables = environmentOf(name);
    const runBy = variables.find((variable) => variable.startsWith(`${RUN_BY_VARIABLE}=`));
    if (runBy === undefined || !variables.includes(`PULUMI_HOME=${join(lab.dir, "pulumi-home")}`)) continue;
    found.set(Number(name), runBy.slice(RUN_BY_VARIABLE.length + 1));
  }
  return found;
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It has ended, or it is somebody else's.
    return [];
  }
}

/** Ends the engines that go on although the command that ran them was killed. Returns how many processes that were. */
export async function endOrphans(lab: Lab): Promise<number> {
  const orphans = (): number[] => [...engineProcesses(lab)].filter(([, runBy]) => !isAlive(runBy)).map(([pid]) => pid);
  const first = orphans();
  await until(
    "the engine of a killed command to end",
    30,
    async () => {
      const left = orphans();
      for (const pid of left) kill(pid);
      return left.length === 0;
    },
    20,
  );
  return first.length;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since the list was read.
  }
}
