import type { Command } from "commander";
import { inside } from "../hosts/host";
import { hostNamed } from "./hosts-of";
import { namedLab } from "./named-lab";
import { runAttached } from "./run-attached";

export function addExec(program: Command): void {
  program
    .command("exec")
    .description("run a command on a host (mx1, mx2, outside, names), as root; its exit status")
    .argument("<host>")
    .argument("<command...>")
    .passThroughOptions()
    .action(async (host: string, command: string[]) => {
      const lab = namedLab(program);
      await runAttached([...inside(lab, hostNamed(lab, host)), ...command]);
    });
}
