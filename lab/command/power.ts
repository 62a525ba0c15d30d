import type { Command } from "commander";
import { setPower } from "../cloud/behind-the-program";
import { hostsWorld, pullPlug } from "../hosts/world";
import type { Lab } from "../lab";
import { exchangerNamed } from "./hosts-of";
import { namedLab } from "./named-lab";

/** A clean shutdown of an exchanger. */
export async function stopExchanger(lab: Lab, key: string): Promise<void> {
  const { instance } = exchangerNamed(lab, key);
  await hostsWorld(lab).stop(instance.id);
  await setPower(lab, instance.id, "stopped");
}

export async function startExchanger(lab: Lab, key: string): Promise<void> {
  const { instance, volumes } = exchangerNamed(lab, key);
  await hostsWorld(lab).start(instance, volumes);
  await setPower(lab, instance.id, "running");
}

/** Pulls an exchanger's plug: what was not synced to its volume is lost. */
export async function killExchanger(lab: Lab, key: string): Promise<void> {
  const { instance, volumes } = exchangerNamed(lab, key);
  await pullPlug(lab, instance.id, volumes);
  await setPower(lab, instance.id, "stopped");
}

/** Power, behind the program's back: what the cloud's console, or a broken machine, does. */
export function addPower(program: Command): void {
  const add = (name: string, description: string, act: (lab: Lab, key: string) => Promise<void>): void => {
    program
      .command(name)
      .description(description)
      .argument("<host>")
      .action((key: string) => act(namedLab(program), key));
  };
  add("stop", "shut an exchanger down cleanly", stopExchanger);
  add("start", "switch an exchanger on", startExchanger);
  add("kill", "pull an exchanger's plug: what was not synced to its volume is lost", killExchanger);
}
