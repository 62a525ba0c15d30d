import execa from "execa";
import type { Lab } from "../lab";
import { inside } from "./host";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command on a host, as root, with what it printed. A failing command is a result; a host that is off is an error. */
export async function runOn(lab: Lab, host: string, argv: readonly string[], input = ""): Promise<Ran> {
  const [command = "", ...prefix] = inside(lab, host);
  const { exitCode, stdout, stderr } = await execa(command, [...prefix, ...argv], { input, reject: false });
  return { exitCode: exitCode ?? 1, stdout, stderr };
}
