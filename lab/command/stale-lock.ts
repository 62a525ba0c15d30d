import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { identityOf } from "../process-identity";

/** Takes away the locks of engine runs that were killed before they could: the process that a lock names is gone. */
export function removeStaleLocks(lab: Lab): void {
  const locks = join(lab.dir, "pulumi-state/.pulumi/locks");
  if (!existsSync(locks)) return;
  for (const name of readdirSync(locks, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json")) continue;
    const file = join(locks, name);
    const pid = holderOf(file);
    if (pid !== undefined && identityOf(pid) !== undefined && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi")) continue;
    rmSync(file);
    rmSync(`${file}.attrs`, { force: true });
  }
}

/** Undefined where the engine was killed while it wrote the lock. */
function holderOf(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}
