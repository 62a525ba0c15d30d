import { runOn } from "./run-on";
import type { Lab } from "../lab";

/** Messages in a host's mail queue. */
export async function queued(lab: Lab, host: string): Promise<number> {
  const { exitCode, stdout, stderr } = await runOn(lab, host, ["postqueue", "-j"]);
  if (exitCode !== 0) throw new Error(`postqueue on ${host} ended with status ${exitCode}: ${stderr.trim()}`);
  return stdout.split("\n").filter((line) => line !== "").length;
}
