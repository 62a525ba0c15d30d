import type { Command } from "commander";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groups, killGroup, members, removeGroup } from "../hosts/control-group";
import { shell } from "../hosts/shell";
import { releaseLoops } from "../hosts/volume";
import { putKernelSettingsBack } from "../kernel-settings";
import { cacheRoot, claimLab, forgetLab, type Lab } from "../lab";
import { engineProcesses } from "../engine/orphans";
import { netns } from "../network/links";
import { removeNetwork } from "../network/machine";
import { exclusively } from "./exclusively";
import { progress } from "./progress";

export function addDown(program: Command): void {
  program
    .command("down")
    .description("end the lab: nothing of it is left on the machine")
    .option("--purge", "throw away what later labs would reuse, too: images and the engine")
    .action(async ({ purge }: { purge?: boolean }) => {
      const { lab } = program.opts<{ lab: string }>();
      // Claimed, not found: also what a lab left that lost its folder goes.
      const it = claimLab(lab);
      await exclusively(it, "lab down", progress, () => endLab(it));
      if (purge === true) rmSync(cacheRoot, { recursive: true, force: true });
    });
}

/** Works from any state, also after a crash half way: everything is found by the lab's prefix or folder, and each step takes what it finds. */
export async function endLab(lab: Lab): Promise<void> {
  await takeDown(lab);
  rmDisks(lab);
  forgetLab(lab);
}

/** Everything of the lab that a restart of this machine would end: what is left is files. */
export async function takeDown(lab: Lab): Promise<void> {
  await endGuests(lab);
  const ours = groups(`${lab.prefix}-`);
  const processes = ours.flatMap(members);
  await Promise.all(ours.map(killGroup));
  ours.forEach(removeGroup);
  // Some machines' init takes seconds to collect what has ended.
  for (let tries = 0; tries < 1000 && processes.some((pid) => existsSync(`/proc/${pid}`)); tries += 1) await sleep(10);
  await shell(`
    grep -o ' ${lab.dir}/[^ ]* ' /proc/self/mountinfo | sort -r | while read -r mounted; do umount -l "$mounted"; done
    # A newer nspawn mounts a folder there, and cannot unmount it when it is killed.
    grep -o ' /run/systemd/nspawn/[^ ]*/${lab.prefix}-[^ ]* ' /proc/self/mountinfo | sort -r | while read -r mounted; do umount -l "$mounted"; done
    rm -rf /run/systemd/nspawn/propagate/${lab.prefix}-* /run/systemd/nspawn/unix-export/${lab.prefix}-*`);
  await releaseLoops(lab);
  await removeNetwork(lab);
  putKernelSettingsBack(lab);
}

/** Programs of this machine in the lab's networks, an engine that goes on making hosts among them; not the one that does this. */
async function endGuests(lab: Lab): Promise<void> {
  await shell(`
    for host in operator internet; do
      ip netns pids ${netns(lab, "")}$host 2>/dev/null || :
    done | grep -vx ${process.pid} | xargs -r kill -9 2>/dev/null || :
    kill -9 ${[...engineProcesses(lab).keys()].join(" ")} 2>/dev/null || :`);
}

function rmDisks(lab: Lab): void {
  const hosts = join(lab.dir, "hosts");
  if (!existsSync(hosts)) return;
  // A disk that is still mounted would be emptied file by file through its mount.
  for (const host of readdirSync(hosts)) rmSync(join(hosts, host), { recursive: true, force: true });
}
