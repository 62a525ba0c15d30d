/** A lab that a test makes, uses and ends. Labs of other names on the machine are left alone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type InternetClient, internetClient } from "../../lab/clients/internet-client";
import { HOSTS_VARIABLE } from "../../lab/cloud/plugin-environment";
import { readState } from "../../lab/cloud/store";
import { endLab } from "../../lab/command/down";
import { addressOf, hostNamed } from "../../lab/command/hosts-of";
import { up } from "../../lab/command/up";
import { projectRoot } from "../../lab/engine/root";
import { runPulumi } from "../../lab/engine/run-pulumi";
import { mailboxPasswords } from "../../lab/engine/secrets";
import { unfitness } from "../../lab/hosts/machine-packages";
import { type Ran, runOn } from "../../lab/hosts/run-on";
import type { StackConfig } from "../examples/changes";
import { claimLab, type Lab, labNames } from "../../lab/lab";
import { inNetwork } from "../../lab/network/links";
import { until } from "../../lab/until";

export class LabUnderTest {
  readonly config = (parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as { config: StackConfig }).config;
  #lab: Lab | undefined;
  #clients: InternetClient | undefined;
  #end: (() => Promise<void>) | undefined;
  #firstUp: "outstanding" | "done" | "failed" = "outstanding";

  /** With the process's id in it, so that two runs on one machine do not meet. */
  readonly name: string;

  constructor(private readonly kind: string) {
    this.name = `${kind}-${process.pid.toString(36)}`;
  }

  /** A new lab: those that runs left which could not even end them go first. */
  async begin(): Promise<void> {
    const reason = unfitness();
    if (reason !== undefined) throw new Error(`the tests on real hosts cannot run: ${reason}`);
    // What a test changes in the cloud, the hosts follow.
    process.env[HOSTS_VARIABLE] = "1";
    for (const name of labNames()) {
      const [, pid] = new RegExp(`^${this.kind}-([0-9a-z]+)$`).exec(name) ?? [];
      if (pid !== undefined && (name === this.name || !existsSync(`/proc/${parseInt(pid, 36)}`))) await endLab(claimLab(name));
    }
    this.#lab = claimLab(this.name);
    const tsx = require.resolve("tsx");
    // In a session of its own: what interrupts the test does not interrupt it.
    const guardian = spawn(process.execPath, ["--import", tsx, join(__dirname, "guardian.ts"), this.name], {
      detached: true,
      stdio: ["pipe", "ignore", "inherit"],
    });
    const ended = once(guardian, "exit");
    this.#end = async () => {
      guardian.stdin.end();
      const [status] = await ended;
      if (status !== 0) throw new Error(`the lab ${this.name} was not ended`);
    };
  }

  async end(): Promise<void> {
    this.#clients?.close();
    await this.#end?.();
  }

  /** Where the first `up` failed there is nothing to test; each wait would only be in vain. */
  assertUsable(): void {
    if (this.#firstUp === "failed") throw new Error(`the lab ${this.name} did not come up`);
  }

  get lab(): Lab {
    if (this.#lab === undefined) throw new Error(`the lab ${this.name} has not been begun`);
    return this.#lab;
  }

  /** Mail clients on the lab's internet; there once the network is. */
  get clients(): InternetClient {
    return (this.#clients ??= internetClient(this.lab));
  }

  /** The lab's internet is gone; clients of later tests are on another. */
  forgetClients(): void {
    this.#clients?.close();
    this.#clients = undefined;
  }

  address(key: string): string {
    const address = addressOf(readState(this.lab), key);
    if (address === undefined) throw new Error(`${key} has no address`);
    return address.publicIp;
  }

  password(address: string): string {
    return mailboxPasswords(this.lab)[address] ?? "";
  }

  on(key: string, ...argv: string[]): Promise<Ran> {
    return runOn(this.lab, hostNamed(this.lab, key), argv);
  }

  /** Standard output of a shell script on a host; the script must succeed. */
  async sh(key: string, script: string, input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await runOn(this.lab, hostNamed(this.lab, key), ["sh", "-euc", script], input);
    if (exitCode !== 0) throw new Error(`on ${key}, status ${exitCode}: ${script}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** `up` with the configuration as it is now; says how it ended. */
  async tryUp(image: "packages" | "plain" = "packages"): Promise<{ readonly exitCode: number; readonly output: string }> {
    const { exitCode, stdout, stderr } = await up(this.lab, { stackFile: this.#stackFile(), image, stdio: "capture" });
    return { exitCode, output: `${stdout}\n${stderr}` };
  }

  async up(image?: "packages" | "plain"): Promise<void> {
    const { exitCode, output } = await this.tryUp(image);
    if (this.#firstUp === "outstanding") this.#firstUp = exitCode === 0 ? "done" : "failed";
    if (exitCode !== 0) throw new Error(`up ended with ${exitCode}:\n${output}`);
  }

  /** The CLI on this lab's stack; it must succeed. */
  async pulumi(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runPulumi(this.lab, args, {
      world: "hosts",
      stdio: "capture",
      via: inNetwork(this.lab, "operator"),
      stackFile: this.#stackFile(),
    });
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** What a preview would do, as `update mail-mx1-apply`. */
  async preview(): Promise<string[]> {
    const stdout = await this.pulumi("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string; newState?: { type: string; custom?: boolean } }[] };
    return steps
      .filter(({ op, newState }) => op !== "same" && op !== "read" && newState?.custom !== false)
      .map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf("::") + 2)}`)
      .sort();
  }

  /** Waits until every exchanger of these greets on port 25. */
  async greets(...keys: string[]): Promise<void> {
    for (const key of keys) await until(`a greeting of ${key}`, 120, () => this.clients.greeting(this.address(key), 25, 1000), 50);
  }

  #stackFile(): string {
    const file = join(this.lab.dir, "Pulumi.test.yaml");
    writeFileSync(file, stringify({ config: this.config }));
    return file;
  }
}
