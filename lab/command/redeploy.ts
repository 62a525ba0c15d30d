import { endOrphans } from "../engine/orphans";
import { runPulumi } from "../engine/run-pulumi";
import type { Lab } from "../lab";
import { inNetwork } from "../network/links";
import { stackFileOf } from "./stack-file-of";
import { removeStaleLocks } from "./stale-lock";
import { undoInterrupted } from "./undo-interrupted";

/** `pulumi up` of the lab's stack file on a lab that runs, whatever a deploy of something else has left that was killed. */
export async function redeploy(lab: Lab): Promise<void> {
  await endOrphans(lab);
  removeStaleLocks(lab);
  await undoInterrupted(lab);
  const { exitCode, stdout, stderr } = await runPulumi(lab, ["up", "--yes", "--skip-preview"], {
    world: "hosts",
    stdio: "capture",
    via: inNetwork(lab, "operator"),
    stackFile: stackFileOf(lab),
  });
  if (exitCode !== 0) throw new Error(`pulumi up of the lab's stack file ended with ${exitCode}:\n${stdout}\n${stderr}`);
}
