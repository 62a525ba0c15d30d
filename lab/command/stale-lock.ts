import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";

/** Takes away the locks of engine runs that were killed before they could: the process that a lock names is gone. */
export function removeStaleLocks(lab: Lab): void {
  const locks = join(lab.dir, "pulumi-state/.pulumi/locks");
  if (!existsSync(locks)) return;
  for (const name of readdirSync(locks, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json")) continue;
    const file = join(locks, name);
    const { pid } = JSON.parse(readFileSync(file, "utf8")) as { pid: number };
    if (existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi")) continue;
    rmSync(file);
    rmSync(`${file}.attrs`, { force: true });
  }
}
