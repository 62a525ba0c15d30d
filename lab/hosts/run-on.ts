import execa from "execa";
import type { Lab } from "../lab";
import { inside } from "./host";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command on a host, as root, with what it printed. A failing command is a result; a host that is off is an error. */
export async function runOn(lab: Lab, host: string, argv: readonly string[], input?: string): Promise<Ran> {
  const [command = "", ...prefix] = inside(lab, host);
  // Nothing to read and not an empty pipe: writing to one whose reader has ended is an error of its own (EPIPE), which hides the exit status.
  const stdin = input === undefined ? ({ stdin: "ignore" } as const) : { input };
  const { exitCode, stdout, stderr } = await execa(command, [...prefix, ...argv], { ...stdin, reject: false });
  return { exitCode: exitCode ?? 1, stdout, stderr };
}
