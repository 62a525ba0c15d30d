import { readFileSync } from "node:fs";
import { cpuSeconds, members } from "../lab/hosts/control-group";
import { groupOf } from "../lab/hosts/host";
import { hostNamed } from "../lab/command/hosts-of";
import type { Lab } from "../lab/lab";

/** CPU seconds that an exchanger's machine has used since it was switched on. */
export const cpuOf = (lab: Lab, key: string): number => cpuSeconds(groupOf(lab, hostNamed(lab, key)));

/** Proportional set size of every process of an exchanger's machine, in MiB, by the process's name; `Pss_Anon` leaves pages of files out (proc(5)). */
export function memoryByProcess(lab: Lab, key: string, field: "Pss" | "Pss_Anon" = "Pss"): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const pid of members(groupOf(lab, hostNamed(lab, key)))) {
    try {
      const kib = Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
      const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
      sizes.set(name, (sizes.get(name) ?? 0) + kib / 1024);
    } catch {
      // It has ended since the list was read.
    }
  }
  return sizes;
}

export const sum = (sizes: Map<string, number>): number => [...sizes.values()].reduce((total, size) => total + size, 0);

/** The three largest, in words. */
export function largest(sizes: Map<string, number>): string {
  const sorted = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 3);
  return sorted.map(([name, size]) => `${name} ${size.toFixed(1)}`).join(", ");
}
