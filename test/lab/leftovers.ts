/** Everything that a lab has on the machine, by the names and places that are its own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { engineProcesses } from "../../lab/engine/orphans";
import { groups } from "../../lab/hosts/control-group";
import { shell } from "../../lab/hosts/shell";
import type { Lab } from "../../lab/lab";

/** A line for each thing; none where nothing is left. */
export async function leftovers(lab: Lab): Promise<string[]> {
  const lines = async (what: string, script: string): Promise<string[]> =>
    (await shell(`{ ${script}; } || :`)).split("\n").flatMap((line) => (line.trim() === "" ? [] : [`${what}: ${line.trim()}`]));
  const named = (folder: string): string[] =>
    existsSync(folder) ? readdirSync(folder).flatMap((name) => (name.startsWith(`${lab.prefix}-`) ? [`${folder}/${name}`] : [])) : [];
  return [
    ...named("/run/netns"),
    ...named("/run/systemd/nspawn/propagate"),
    ...named("/run/systemd/nspawn/unix-export"),
    ...groups(`${lab.prefix}-`).map((group) => `control group ${group}`),
    ...[...engineProcesses(lab).keys()].map((pid) => `engine process ${pid}`),
    ...(await lines("link", `ip -o link show | grep ' ${lab.prefix}-up[@:]'`)),
    ...(await lines("route", `ip route show table all | grep ' dev ${lab.prefix}-up '`)),
    ...(await lines("nftables", `nft list tables | grep -x 'table ip ${lab.prefix}'`)),
    ...(await lines("mount", `grep -o ' ${lab.dir}/[^ ]* ' /proc/self/mountinfo`)),
    ...(await lines("loop device", `losetup --noheadings --raw --output NAME,BACK-FILE | grep ' ${lab.dir}/'`)),
    ...processes(lab),
    ...[lab.dir, join(dirname(lab.dir), `.slot-${lab.slot}`)].filter((path) => existsSync(path)),
  ];
}

/** Programs that were given a file of the lab. */
function processes(lab: Lab): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return words.includes(`${lab.dir}/`) ? [`process ${pid}: ${words}`] : [];
    } catch {
      return [];
    }
  });
}
