import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../until";

/**
 * A control group of its own for each host: two systemds in one group would fight over it, it holds every process of a host however it was started,
 * and it does not belong to the command that started the host. The machine may have version 2 alone or beside version 1 (hybrid).
 */
function hierarchies(): { unified: string; all: string[] } {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => / \/ (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line))
    .filter((match) => match !== null);
  const unified = mounts.find((match) => match[2] === "cgroup2")?.[1];
  if (unified === undefined)
    throw new Error("this machine has no control groups of version 2 (a mount of type cgroup2), which the lab's hosts need");
  // Where memory is counted by version 1, a host must leave the group of the command that starts it there too.
  const memory = mounts.find((match) => match[2] === "cgroup" && (match[3] ?? "").split(",").includes("memory"))?.[1];
  return { unified, all: memory === undefined ? [unified] : [unified, memory] };
}

/**
 * Makes the groups of this name and returns the files that a process writes its id to in order to join. None that was there before is used again: where
 * `cgroup.kill` has been used, Linux (seen with 6.18) kills what is cloned out of the group into a new one below it, which is how systemd starts services.
 */
export function makeGroup(name: string): string[] {
  removeGroup(name);
  return hierarchies().all.map((root) => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name, "cgroup.procs");
  });
}

const unifiedPath = (name: string): string => join(hierarchies().unified, name);

/** Whether a process is left in the group or in one below it. */
export function isPopulated(name: string): boolean {
  const file = join(unifiedPath(name), "cgroup.events");
  return existsSync(file) && /^populated 1$/m.test(readFileSync(file, "utf8"));
}

/** Processor time of everything that was in the group since it was made, in seconds. */
export const cpuSeconds = (name: string): number =>
  Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(unifiedPath(name), "cpu.stat"), "utf8"))?.[1]) / 1e6;

/** Whether the process is in the group or in one below it. */
export function holds(name: string, pid: number): boolean {
  const file = `/proc/${pid}/cgroup`;
  return existsSync(file) && new RegExp(`^0::/(.*/)?${name}(/|$)`, "m").test(readFileSync(file, "utf8"));
}

/** Stops every process in the group where it is, once the system calls that they are in have returned. A frozen process can be killed. */
export async function freezeGroup(name: string): Promise<void> {
  const path = unifiedPath(name);
  writeFileSync(join(path, "cgroup.freeze"), "1");
  await until(
    `the processes in ${path} to stand still`,
    30,
    async () => /^frozen 1$/m.test(readFileSync(join(path, "cgroup.events"), "utf8")),
    1,
  );
}

/** Kills every process in the group at once and waits until it is empty. */
export async function killGroup(name: string): Promise<void> {
  const path = unifiedPath(name);
  for (let tries = 0; isPopulated(name); tries += 1) {
    if (tries > 1000) throw new Error(`processes in ${path} do not end although they were killed`);
    if (existsSync(join(path, "cgroup.kill"))) writeFileSync(join(path, "cgroup.kill"), "1");
    else for (const pid of processes(path)) kill(pid);
    await sleep(10);
  }
}

/** Every process in the group and in those below it. */
export const members = (name: string): number[] => (isPopulated(name) ? processes(unifiedPath(name)) : []);

const processes = (path: string): number[] => [
  ...readFileSync(join(path, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number),
  ...readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? processes(join(path, entry.name)) : [])),
];

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since the list was read.
  }
}

export function removeGroup(name: string): void {
  for (const root of hierarchies().all) removeTree(join(root, name));
}

/** Names of the groups that begin with this prefix. */
export const groups = (prefix: string): string[] => [
  ...new Set(hierarchies().all.flatMap((root) => readdirSync(root).filter((name) => name.startsWith(prefix)))),
];

function removeTree(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(path, entry.name));
  rmdirSync(path);
}
