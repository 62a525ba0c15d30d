import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/**
 * A line from the terminal, which does not show it. The prompt goes to standard error, so that standard output can be a pipe.
 * Rejects when the person breaks off (Ctrl-C, Ctrl-D).
 */
export function readHidden(prompt: string): Promise<string> {
  // readline puts the terminal into raw mode and would do the echo itself; its output goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    const brokenOff = (): void => reject(new Error("broken off, nothing was made"));
    terminal.once("line", (line) => {
      terminal.off("close", brokenOff);
      terminal.close();
      process.stderr.write("\n");
      resolve(line);
    });
    terminal.once("close", brokenOff);
    terminal.once("SIGINT", () => terminal.close());
    process.stderr.write(prompt);
  });
}
