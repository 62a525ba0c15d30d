import { readFileSync } from "node:fs";

/**
 * A process's id and the time of its start (proc_pid_stat(5), field 22), which together are never used again before the machine restarts. Undefined where
 * it has ended, also when nobody has collected it yet.
 */
export function identityOf(pid: number): string | undefined {
  try {
    // The second field, the command's name in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
    return fields[0] === "Z" ? undefined : `${pid}-${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether the process that this identity names still runs. */
export const isAlive = (identity: string): boolean => identityOf(Number.parseInt(identity, 10)) === identity;
