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
    .action(async (host: string, words: string[]) => {
      const lab = namedLab(program);
      // The command line's own `--` comes after the host, so it is among what is passed through.
      const command = words[0] === "--" ? words.slice(1) : words;
      if (command.length === 0) throw new Error(`give a command to run on ${host}`);
      await runAttached([...inside(lab, hostNamed(lab, host)), ...command]);
    });
}
