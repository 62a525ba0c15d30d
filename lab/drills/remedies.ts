import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hostNamed } from "../command/hosts-of";
import { startExchanger } from "../command/power";
import { redeploy } from "../command/redeploy";
import { statusOf } from "../command/status";
import { runOn } from "../hosts/run-on";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";

/** What takes back something that a drill broke: a script on a host that may run any number of times, the power switch, or a deploy of the stack file. */
export type Remedy = { readonly on: string; readonly script: string } | { readonly power: string } | { readonly deploy: "the stack file" };

/** In a file, so that a drill that was killed is taken back by the next command that looks. */
const file = (lab: Lab): string => join(lab.dir, "remedies.json");

const outstanding = (lab: Lab): Remedy[] => (existsSync(file(lab)) ? (JSON.parse(readFileSync(file(lab), "utf8")) as Remedy[]) : []);

/** To be called before the thing is broken. */
export function rememberRemedy(lab: Lab, remedy: Remedy): void {
  writeWhole(file(lab), JSON.stringify([...outstanding(lab), remedy]));
}

/** Applies what is outstanding, the newest first. One that fails is an error, and stays for the next time. */
export async function applyRemedies(lab: Lab): Promise<void> {
  const failed: Remedy[] = [];
  const errors: string[] = [];
  for (const remedy of outstanding(lab).reverse()) {
    try {
      await apply(lab, remedy);
    } catch (error) {
      failed.unshift(remedy);
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (failed.length === 0) rmSync(file(lab), { force: true });
  else writeWhole(file(lab), JSON.stringify(failed));
  if (errors.length > 0) throw new Error(`what the drill broke could not be taken back: ${errors.join("; ")}`);
}

async function apply(lab: Lab, remedy: Remedy): Promise<void> {
  if ("power" in remedy) {
    if (statusOf(lab, false).hosts[remedy.power]?.power === "off") await startExchanger(lab, remedy.power);
    return;
  }
  if ("deploy" in remedy) return redeploy(lab);
  const { exitCode, stderr } = await runOn(lab, hostNamed(lab, remedy.on), ["sh", "-euc", remedy.script]);
  if (exitCode !== 0) throw new Error(`${remedy.on}: ${stderr.trim()}`);
}
