import type { Command } from "commander";
import { runPulumi } from "../engine/run-pulumi";
import { inNetwork } from "../network/links";
import { namedLab } from "./named-lab";
import { progress } from "./progress";
import { stackFileOf } from "./stack-file-of";

export function addPulumi(program: Command): void {
  program
    .command("pulumi")
    .description("the real pulumi CLI on this lab's stack and cloud: preview, up, stack output …")
    .argument("[arguments...]")
    .passThroughOptions()
    .allowUnknownOption()
    // Its own help is asked for with: lab pulumi help
    .helpOption(false)
    .action(async (args: string[]) => {
      const lab = namedLab(program);
      const { exitCode } = await runPulumi(lab, args, {
        world: "hosts",
        stdio: "inherit",
        via: inNetwork(lab, "operator"),
        stackFile: stackFileOf(lab),
        progress,
      });
      process.exitCode = exitCode;
    });
}
