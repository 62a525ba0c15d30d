import { type Command, Option } from "commander";
import { packages, systemAccounts } from "../../cloud-init/host/system";
import { terminateInstance } from "../cloud/aws/instance-power";
import { setPower } from "../cloud/behind-the-program";
import { openCloud } from "../cloud/cloud";
import { readSettings, writeSettings } from "../cloud/settings";
import type { CloudState } from "../cloud/state";
import { readState } from "../cloud/store";
import { applyRemedies } from "../drills/remedies";
import { ensureEngine } from "../engine/cli";
import { endOrphans } from "../engine/orphans";
import type { Progress } from "../engine/progress";
import { type RunOptions, runPulumi, type RunResult } from "../engine/run-pulumi";
import { exists, isOn } from "../hosts/host";
import { ensureImages, type ImageContents, type Images } from "../hosts/image";
import { recordImages } from "../hosts/images-in-use";
import { debianMirrors, downloadPorts, unreachableForHosts } from "../hosts/mirror";
import { ensureMachinePackages } from "../hosts/machine-packages";
import { hostsWorld } from "../hosts/world";
import { raiseKernelSettings } from "../kernel-settings";
import { claimLab, type Lab } from "../lab";
import { buildNetwork, inNetwork, loadRules } from "../network/links";
import { recordDownloadPorts } from "../network/download-ports";
import { openUplink } from "../network/machine";
import { droppingFirewalls } from "../network/other-firewalls";
import { startNames } from "../services/names";
import { startOutside } from "../services/outside";
import { exclusively } from "./exclusively";
import { volumesOf } from "./hosts-of";
import { progress } from "./progress";
import { rememberStackFile, stackFileOf } from "./stack-file-of";
import { removeStaleLocks } from "./stale-lock";
import { undoInterrupted } from "./undo-interrupted";

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
      const lab = claimLab(program.opts<{ lab: string }>().lab);
      process.exitCode = (await exclusively(lab, "lab up", progress, () => up(lab, options))).exitCode;
    });
}

/** Brings the lab to what its stack file says, whatever an earlier command that was killed has left. A `pulumi up` that fails is a result. */
export async function up(lab: Lab, { stackFile, image, stdio = "inherit" }: UpOptions): Promise<RunResult> {
  if (stackFile !== undefined) rememberStackFile(lab, stackFile);
  if (image !== undefined) writeSettings(lab, { ...readSettings(lab), image });
  const images = await prepareMachine(progress);
  recordImages(lab, images);
  const mirrors = await debianMirrors();
  recordDownloadPorts(lab, downloadPorts(mirrors));
  const warning = unreachableForHosts(mirrors);
  if (warning !== undefined) progress(warning);
  if ((await endOrphans(lab)) > 0) progress("the engine of a command that was killed went on: ended");
  removeStaleLocks(lab);
  await startServices(lab, images, readState(lab));
  progress("the lab's network, name servers and outside world run");
  await undoInterrupted(lab);
  await switchOnAgain(lab);
  // What a drill broke that was killed.
  await applyRemedies(lab).catch((error: Error) => progress(error.message));
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
  const accounts = new Map(roles.flatMap((role) => systemAccounts(role, "dovecot").map((account) => [account.name, account])));
  return { packages: [...new Set(roles.flatMap((role) => packages(role, "dovecot")))].sort(), accounts: [...accounts.values()] };
}

async function startServices(lab: Lab, images: Images, state: CloudState): Promise<void> {
  raiseKernelSettings(lab, progress);
  await buildNetwork(lab);
  await openUplink(lab);
  for (const chain of await droppingFirewalls()) {
    progress(
      `this machine's firewall drops what it forwards (nftables: ${chain}): with the plain image the lab's hosts get no packages until it lets ${lab.prefix}-up through`,
    );
  }
  await loadRules(lab, state);
  await Promise.all([startNames(lab, images.services, state), startOutside(lab, images.services)]);
}

/** Every machine on, with its network and its volumes: whatever switched it off, a restart of this machine, a drill that was killed, or a person. */
async function switchOnAgain(lab: Lab): Promise<void> {
  const world = hostsWorld(lab);
  for (const instance of Object.values(readState(lab).instances)) {
    if (!exists(lab, instance.id)) {
      // It was being terminated: its disk is gone, and the books come last.
      await terminateInstance(instance.id, instance.region, { cloud: openCloud(lab, world) });
      continue;
    }
    if (!isOn(lab, instance.id)) progress(`switching ${instance.tags.Name ?? instance.id} on again`);
    await world.start(instance, volumesOf(readState(lab), instance));
    if (instance.state !== "running") await setPower(lab, instance.id, "running");
  }
}
