import type { Command } from "commander";
import { runPulumi, type RunResult } from "../engine/run-pulumi";
import { inNetwork } from "../network/links";
import { exclusively } from "./exclusively";
import { namedLab } from "./named-lab";
import { progress } from "./progress";
import { stackFileOf } from "./stack-file-of";

/** Commands of the CLI that change the cloud or the stack's state. */
const CHANGING = ["up", "update", "destroy", "down", "refresh", "import", "watch", "state"];

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
      const run = (): Promise<RunResult> =>
        runPulumi(lab, args, { world: "hosts", stdio: "inherit", via: inNetwork(lab, "operator"), stackFile: stackFileOf(lab), progress });
      const [verb = ""] = args;
      process.exitCode = (CHANGING.includes(verb) ? await exclusively(lab, `lab pulumi ${verb}`, progress, run) : await run()).exitCode;
    });
}
