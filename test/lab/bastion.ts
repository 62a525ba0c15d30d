/** The operator's bastion, on the machine from which the lab's program works. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { utils } from "ssh2";
import { inNetwork } from "../../lab/network/links";
import { bastion } from "../examples/changes";
import type { LabUnderTest } from "./lab-under-test";

export interface Bastion {
  /** Where connections through it went, as `ADDRESS:PORT`. */
  readonly reached: ReadonlySet<string>;
  end(): Promise<void>;
}

export async function startBastion(it: LabUnderTest): Promise<Bastion> {
  const key = utils.parseKey(bastion.privateKey);
  if (key instanceof Error) throw key;
  const [command = "", ...prefix] = inNetwork(it.lab, "operator");
  const server = join(__dirname, "bastion-server.ts");
  const child = spawn(
    command,
    [...prefix, process.execPath, "--import", require.resolve("tsx"), server, `${key.type} ${key.getPublicSSH().toString("base64")}`],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  const reached = new Set<string>();
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, "line"),
    ended.then(() => {
      throw new Error("the bastion did not start");
    }),
  ]);
  lines.on("line", (line) => reached.add(line));
  return {
    reached,
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
