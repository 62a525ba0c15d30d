import { type Command, Option } from "commander";
import { packages, systemAccounts } from "../../cloud-init/host/system";
import { readSettings, writeSettings } from "../cloud/settings";
import type { CloudState } from "../cloud/state";
import { readState } from "../cloud/store";
import { applyRemedies } from "../drills/remedies";
import { ensureEngine } from "../engine/cli";
import type { Progress } from "../engine/progress";
import { type RunOptions, runPulumi, type RunResult } from "../engine/run-pulumi";
import { isOn } from "../hosts/host";
import { ensureImages, type ImageContents, type Images } from "../hosts/image";
import { recordImages } from "../hosts/images-in-use";
import { ensureMachinePackages } from "../hosts/machine-packages";
import { hostsWorld } from "../hosts/world";
import { claimLab, type Lab } from "../lab";
import { buildNetwork, inNetwork, loadRules } from "../network/links";
import { openUplink } from "../network/machine";
import { startNames } from "../services/names";
import { startOutside } from "../services/outside";
import { volumesOf } from "./hosts-of";
import { progress } from "./progress";
import { rememberStackFile, stackFileOf } from "./stack-file-of";
import { removeStaleLocks } from "./stale-lock";

interface UpOptions {
  readonly stackFile?: string;
  readonly image?: "packages" | "plain";
  /** Of the engine. Default: shown as it comes. */
  readonly stdio?: RunOptions["stdio"];
}

export function addUp(program: Command): void {
  program
    .command("up")
    .description("set the machine up, start what the lab needs, then `pulumi up` of the product's program; may be repeated at any time")
    .option("--stack-file <path>", "the stack's configuration; remembered (default: Pulumi.lab.yaml)")
    .addOption(
      new Option("--image <kind>", "what new machines boot: Debian with the mail packages in it, or plain as on EC2; remembered").choices([
        "packages",
        "plain",
      ]),
    )
    .action(async (options: UpOptions) => {
      process.exitCode = (await up(claimLab(program.opts<{ lab: string }>().lab), options)).exitCode;
    });
}

/** Brings the lab to what its stack file says. A `pulumi up` that fails is a result. */
export async function up(lab: Lab, { stackFile, image, stdio = "inherit" }: UpOptions): Promise<RunResult> {
  if (stackFile !== undefined) rememberStackFile(lab, stackFile);
  if (image !== undefined) writeSettings(lab, { ...readSettings(lab), image });
  const images = await prepareMachine(progress);
  recordImages(lab, images);
  await startServices(lab, images, readState(lab));
  progress("the lab's network, name servers and outside world run");
  await switchOnAgain(lab, readState(lab));
  // What a drill broke that was killed. A host that is off now keeps it until the next time.
  await applyRemedies(lab).catch((error: Error) => progress(error.message));
  removeStaleLocks(lab);
  const result = await runPulumi(lab, ["up", "--yes", "--skip-preview"], {
    world: "hosts",
    stdio,
    via: inNetwork(lab, "operator"),
    stackFile: stackFileOf(lab),
    progress,
  });
  progress(result.exitCode === 0 ? "the lab is up" : "pulumi up failed");
  return result;
}

/** Everything that a machine is given once and all labs share: packages, images, the engine. */
export async function prepareMachine(report: Progress): Promise<Images> {
  await ensureMachinePackages(report);
  // The two long ones side by side, where they must be made at all; whichever fails, the other is waited for, so that nothing goes on unseen.
  const [images, engine] = await Promise.allSettled([ensureImages(contents(), report), ensureEngine(report)]);
  if (images.status === "rejected") throw images.reason as Error;
  if (engine.status === "rejected") throw engine.reason as Error;
  return images.value;
}

/** All roles' packages and accounts in one image: EC2's catalogue has one for all, too. */
function contents(): ImageContents {
  const roles = ["primary", "backup"] as const;
  const accounts = new Map(roles.flatMap((role) => systemAccounts(role).map((account) => [account.name, account])));
  return { packages: [...new Set(roles.flatMap((role) => packages(role)))].sort(), accounts: [...accounts.values()] };
}

async function startServices(lab: Lab, images: Images, state: CloudState): Promise<void> {
  await buildNetwork(lab);
  await openUplink(lab);
  await loadRules(lab, state);
  await Promise.all([startNames(lab, images.services, state), startOutside(lab, images.services)]);
}

/** Machines that the books say run, and that do not: this machine was restarted. */
async function switchOnAgain(lab: Lab, state: CloudState): Promise<void> {
  for (const instance of Object.values(state.instances)) {
    if (instance.state !== "running" || isOn(lab, instance.id)) continue;
    progress(`switching ${instance.tags.Name ?? instance.id} on again`);
    await hostsWorld(lab).start(instance, volumesOf(state, instance));
  }
}
