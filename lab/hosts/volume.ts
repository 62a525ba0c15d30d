import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Volume } from "../cloud/state";
import type { Lab } from "../lab";
import { initOf, pluggedFolder } from "./host";
import { shell } from "./shell";

/** EBS volumes: sparse files, each on a loop device while it is attached to a machine that is on. */
const volumesFolder = (lab: Lab): string => join(lab.dir, "volumes");
const imageOf = (lab: Lab, volumeId: string): string => join(volumesFolder(lab), `${volumeId}.img`);

/** Seconds that a detached volume may stay mounted. AWS leaves it `detaching` until the guest unmounts it; the provider waits, then fails. */
const BUSY = 30;

/** The name that EBS's NVMe devices have under udev: the volume's id without its hyphen is the device's serial number (EBS User Guide, "NVMe"). */
const byId = (volumeId: string): string => `nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;

export async function createImage(lab: Lab, volume: Volume): Promise<void> {
  mkdirSync(volumesFolder(lab), { recursive: true });
  if (!existsSync(imageOf(lab, volume.id))) await shell(`truncate -s ${volume.sizeGiB}G ${imageOf(lab, volume.id)}`);
}

export async function growImage(lab: Lab, volume: Volume): Promise<void> {
  await shell(`truncate -s '>${volume.sizeGiB}G' ${imageOf(lab, volume.id)}`);
  const loop = await loopOf(lab, volume.id);
  if (loop !== undefined) await shell(`losetup -c ${loop}`);
}

export async function deleteImage(lab: Lab, volumeId: string): Promise<void> {
  await releaseLoop(lab, volumeId);
  rmSync(imageOf(lab, volumeId), { force: true });
}

async function loopOf(lab: Lab, volumeId: string): Promise<string | undefined> {
  const image = imageOf(lab, volumeId);
  if (!existsSync(image)) return undefined;
  return (await shell(`losetup --noheadings --output NAME --associated ${image}`)).trim().split("\n")[0] || undefined;
}

/** Frees the loop device; it goes once nothing has it mounted. */
export async function releaseLoop(lab: Lab, volumeId: string): Promise<void> {
  const loop = await loopOf(lab, volumeId);
  if (loop !== undefined) await shell(`losetup -d ${loop}`);
}

/** Frees every loop device whose image is in the lab's folder. */
export async function releaseLoops(lab: Lab): Promise<void> {
  const attached = await shell("losetup --noheadings --raw --output NAME,BACK-FILE");
  for (const line of attached.split("\n")) {
    const [loop = "", file = ""] = line.split(" ");
    if (file.startsWith(`${volumesFolder(lab)}/`)) await shell(`losetup -d ${loop}`);
  }
}

/** A guest's files as seen from this machine, its `/dev` and mounts too. */
const guest = (init: number): string => `/proc/${init}/root`;

/** The device appears on a machine that runs, as on a hot plug: next free NVMe name, and EBS's link to it. One that does not gets it when it starts. */
export async function plugIn(lab: Lab, volumeId: string, instanceId: string): Promise<void> {
  const init = initOf(lab, instanceId);
  if (init === undefined) return;
  const loop = (await loopOf(lab, volumeId)) ?? (await shell(`losetup --find --show ${imageOf(lab, volumeId)}`)).trim();
  const minor = loop.replace("/dev/loop", "");
  mkdirSync(pluggedFolder(lab, instanceId), { recursive: true });
  writeFileSync(join(pluggedFolder(lab, instanceId), byId(volumeId)), minor);
  await shell(`sh ${join(__dirname, "plug-in.sh")} ${init} ${byId(volumeId)} ${minor}`);
}

/** Takes the device away from a running machine once the guest has unmounted it. */
export async function unplug(lab: Lab, volumeId: string, instanceId: string): Promise<void> {
  const init = initOf(lab, instanceId);
  const loop = await loopOf(lab, volumeId);
  if (loop === undefined) return;
  rmSync(join(pluggedFolder(lab, instanceId), byId(volumeId)), { force: true });
  if (init !== undefined) {
    for (let waited = 0; mountPoint(init, loop) !== undefined; waited += 1) {
      if (waited > BUSY * 10)
        throw new Error(`volume ${volumeId} is still mounted by ${instanceId}; AWS detaches it once the guest has unmounted it`);
      await sleep(100);
    }
    await shell(`
      cd ${guest(init)}/dev
      device=$(readlink disk/by-id/${byId(volumeId)}) || exit 0
      rm -f "\${device##*/}" disk/by-id/${byId(volumeId)}`);
  }
  await releaseLoop(lab, volumeId);
}

/** Where the guest has the device mounted, in its own terms. */
function mountPoint(init: number, loop: string): string | undefined {
  const device = `7:${loop.replace("/dev/loop", "")}`;
  const line = readFileSync(`/proc/${init}/mountinfo`, "utf8")
    .split("\n")
    .find((entry) => entry.split(" ")[2] === device);
  return line?.split(" ")[4];
}

/**
 * What the power's end does to a volume: everything that was not synced is lost. Killed processes alone would leave it to the machine's kernel, which
 * writes it later; so the file system is shut down first, without a flush of its log (`EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`).
 */
export async function losePower(lab: Lab, volumeId: string, instanceId: string): Promise<void> {
  const init = initOf(lab, instanceId);
  const loop = await loopOf(lab, volumeId);
  const mounted = init === undefined || loop === undefined ? undefined : mountPoint(init, loop);
  if (mounted === undefined || init === undefined) return;
  const shutdown = "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";
  await shell(`python3 -c "${shutdown}" '${guest(init)}${mounted}'`);
}
