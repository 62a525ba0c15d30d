import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Runs a command with this process's own input and output, and ends with its exit status (128 and the signal's number where one ended it). */
export async function runAttached(command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "inherit" });
  // The terminal sends these to the command as well; whether it ends is its affair.
  for (const signal of ["SIGINT", "SIGQUIT"] as const) process.on(signal, () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
