import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../lab";
import { netns } from "../network/links";
import { until } from "../until";
import { writeWhole } from "../whole-file";
import { freezeGroup, holds, isPopulated, killGroup, makeGroup, removeGroup } from "./control-group";
import type { Layers } from "./image";
import { shell } from "./shell";

/** A Debian system in systemd-nspawn, in a network namespace that exists before and after it. Its key is an instance's id or the name of a lab's own host. */
export const groupOf = (lab: Lab, host: string): string => `${lab.prefix}-${host}`;
export const hostFolder = (lab: Lab, host: string): string => join(lab.dir, "hosts", host);
const rootOf = (lab: Lab, host: string): string => join(hostFolder(lab, host), "root");
const layersFile = (lab: Lab, host: string): string => join(hostFolder(lab, host), "layers");
const pidFile = (lab: Lab, host: string): string => join(hostFolder(lab, host), "pid");
/** A file for each volume's device that the host has: its name by id, and in it the loop device's minor number (`guest.sh`). */
export const pluggedFolder = (lab: Lab, host: string): string => join(hostFolder(lab, host), "plugged");

/** Seconds that a host has to shut down before its power is taken, as EC2 does when a shutdown hangs. */
const SHUTDOWN = 60;

/** A disk is there once its layers are recorded, which is the last thing in its making. */
export const exists = (lab: Lab, host: string): boolean => existsSync(layersFile(lab, host));
export const isOn = (lab: Lab, host: string): boolean => isPopulated(groupOf(lab, host));

/** A disk for a new host: an overlay on the image's layers, which are recorded, so that a newer image changes no host that exists. */
export function createDisk(lab: Lab, host: string, layers: Layers): void {
  for (const part of ["upper", "work", "root"]) mkdirSync(join(hostFolder(lab, host), part), { recursive: true });
  writeWhole(layersFile(lab, host), layers.join(":"));
}

/** Makes the disk's files visible to this machine, at the path returned. The host sees what is changed here. */
export async function mountDisk(lab: Lab, host: string): Promise<string> {
  const folder = hostFolder(lab, host);
  const layers = readFileSync(layersFile(lab, host), "utf8");
  await shell(
    `mountpoint -q ${folder}/root || mount -t overlay ${lab.prefix}-overlay -o lowerdir=${layers},upperdir=${folder}/upper,workdir=${folder}/work ${folder}/root`,
  );
  return rootOf(lab, host);
}

/** Switches the host on. Returns when its init runs. */
export async function powerOn(lab: Lab, host: string): Promise<void> {
  if (isOn(lab, host)) {
    // Another command has just switched it on, and may have been killed since.
    await until(`${host} to start`, 30, async () => initOf(lab, host), 10);
    return;
  }
  const root = await mountDisk(lab, host);
  const joins = makeGroup(groupOf(lab, host)).map((file) => `echo $$ > ${file}`);
  const log = openSync(join(hostFolder(lab, host), "console.log"), "a", 0o600);
  rmSync(pidFile(lab, host), { force: true });
  rmSync(pluggedFolder(lab, host), { recursive: true, force: true });
  const network = `/run/netns/${netns(lab, host)}`;
  const options = [
    `--directory=${root}`,
    `--machine=${groupOf(lab, host)}`,
    `--network-namespace-path=${network}`,
    // For a firewall of its own, which nspawn leaves to hosts that make their network themselves.
    "--capability=CAP_NET_ADMIN",
    ...["--quiet", "--boot", "--settings=no", "--register=no", "--keep-unit", "--console=read-only"],
    ...["--resolv-conf=off", "--timezone=off", "--link-journal=no"],
  ];
  const guest = join(__dirname, "guest.sh");
  const child = spawn("sh", ["-euc", `${joins.join("; ")}; exec sh ${guest} ${hostFolder(lab, host)} ${network} "$@"`, "sh", ...options], {
    detached: true,
    stdio: ["ignore", log, log],
    // Nothing of the caller's environment: the engine's has secrets. The variable lets an older nspawn boot a systemd that knows version 2 only.
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
    cwd: "/",
  });
  closeSync(log);
  child.unref();
  for (let tries = 0; ; tries += 1) {
    if (initOf(lab, host) !== undefined) return;
    if (child.exitCode !== null || tries > 3000) {
      const said = readFileSync(join(hostFolder(lab, host), "console.log"), "utf8")
        .trim()
        .split("\n")
        .slice(-5)
        .join("\n");
      throw new Error(`${host} did not start: ${said}`);
    }
    await sleep(10);
  }
}

/** Process id, seen from this machine, of the host's init; undefined while it is off or not that far. */
export function initOf(lab: Lab, host: string): number | undefined {
  const nspawn = nspawnOf(lab, host);
  if (nspawn === undefined) return undefined;
  const children = readIfThere(`/proc/${nspawn}/task/${nspawn}/children`).trim().split(" ").filter(Boolean).map(Number);
  return children.find((pid) => readIfThere(`/proc/${pid}/comm`).trim() === "systemd");
}

function nspawnOf(lab: Lab, host: string): number | undefined {
  const pid = Number(readIfThere(pidFile(lab, host)));
  return pid > 0 && holds(groupOf(lab, host), pid) ? pid : undefined;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Shuts the host down cleanly; takes its power when that hangs. */
export async function powerOff(lab: Lab, host: string): Promise<void> {
  const nspawn = nspawnOf(lab, host);
  if (nspawn !== undefined) {
    process.kill(nspawn, "SIGTERM");
    for (let waited = 0; waited < SHUTDOWN * 50 && isOn(lab, host); waited += 1) await sleep(20);
  }
  await takePower(lab, host);
}

/** Nothing of the host goes on: not a step, not an answer. `takePower` follows. */
export async function standStill(lab: Lab, host: string): Promise<void> {
  if (isOn(lab, host)) await freezeGroup(groupOf(lab, host));
}

/** Every process of the host is gone at once. What its disks' file systems had not written is for the caller to lose. */
export async function takePower(lab: Lab, host: string): Promise<void> {
  await killGroup(groupOf(lab, host));
  removeGroup(groupOf(lab, host));
  rmSync(pidFile(lab, host), { force: true });
}

/** Throws the disk away. The host must be off. */
export async function removeDisk(lab: Lab, host: string): Promise<void> {
  const root = rootOf(lab, host);
  await shell(`while mountpoint -q ${root}; do umount ${root} || umount -l ${root}; done`);
  rmSync(hostFolder(lab, host), { recursive: true, force: true });
}

/** The command that runs another as root inside the host, with an environment of its own. */
export function inside(lab: Lab, host: string): string[] {
  const init = initOf(lab, host);
  if (init === undefined) throw new Error(`${host} is switched off`);
  const environment = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "USER=root",
    "LOGNAME=root",
    "LANG=C.UTF-8",
  ];
  if (process.env.TERM !== undefined) environment.push(`TERM=${process.env.TERM}`);
  return [
    "nsenter",
    "--target",
    String(init),
    ...["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"],
    "--",
    "env",
    "-i",
    ...environment,
  ];
}
