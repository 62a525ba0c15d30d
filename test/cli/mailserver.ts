import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(__dirname, "../..");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Buffer;
}

/** Runs the program `mailserver` as it is written, in a process of its own. It has none of the shell's credentials. */
export async function mailserver(args: readonly string[], { cwd = root, env = {}, input = "" }: Run = {}): Promise<Ended> {
  const loader = require.resolve("tsx");
  const child = spawn(process.execPath, ["--import", loader, join(root, "cli/mailserver.ts"), ...args], {
    cwd,
    env: { ...process.env, CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_BASE_URL: "", NO_COLOR: "", ...env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  // A refusal before everything is read closes the pipe.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
