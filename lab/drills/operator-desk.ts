import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import execa from "execa";
import { parse, stringify } from "yaml";
import type { Report } from "../../dns/review/report";
import { stackFileOf } from "../command/stack-file-of";
import { projectRoot } from "../engine/root";
import { projectName, runPulumi, type RunOptions } from "../engine/run-pulumi";
import { deployedConfig } from "../engine/stack-file";
import type { Lab } from "../lab";
import { inNetwork } from "../network/links";

export interface DeclaredDomain {
  readonly name: string;
  readonly zone?: unknown;
  readonly mailboxes?: { readonly [local: string]: unknown };
  readonly aliases?: { readonly [local: string]: readonly string[] };
}

/** The settings of the stack that a drill changes. */
export interface Edited {
  readonly domains: readonly DeclaredDomain[];
  readonly exchangers: { readonly [key: string]: { readonly [setting: string]: unknown } };
}

export interface Said {
  readonly status: number;
  /** Both outputs, for whoever has to find out why. */
  readonly said: string;
}

export interface Reviewed extends Said {
  /** Undefined where there was none. */
  readonly report: Report | undefined;
  readonly markdown: string;
}

/** What the lab itself sets: differs from lab to lab, or is secret. */
const OF_THE_LAB = ["aws:region", "mailserver:operator", "mailserver:operatorPrivateKey", "mailserver:passwordHashes"];

const ofThePerson = (config: { readonly [key: string]: unknown }): object =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !OF_THE_LAB.includes(key)));

/** The operator's work: a repository whose HEAD has the declaration that is deployed, the commands of `mailserver dns`, and the deploy. */
export class OperatorDesk {
  readonly #folder: string;
  readonly #settings: { readonly [key: string]: unknown };

  constructor(private readonly lab: Lab) {
    this.#folder = join(lab.dir, "operator-desk");
    this.clear();
    mkdirSync(this.#folder);
    const { config } = parse(readFileSync(stackFileOf(lab), "utf8")) as { config: { [key: string]: unknown } };
    const deployed = deployedConfig(lab);
    if (!isDeepStrictEqual(ofThePerson(config), ofThePerson(deployed)))
      throw new Error("the stack file is not what is deployed; bring the lab to it first: npm run lab -- up");
    // The lab gives it to the program; who reads a stack file alone wants it there.
    this.#settings = { ...config, "mailserver:operator": deployed["mailserver:operator"] };
    writeFileSync(join(this.#folder, "Pulumi.yaml"), stringify({ name: projectName(), runtime: "nodejs" }));
    this.write(this.deployed);
    const git = (...words: string[]): unknown => execa.sync("git", words, { cwd: this.#folder });
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=operator", "-c", "user.email=operator@nic.test", "commit", "--quiet", "--no-gpg-sign", "--message", "As deployed");
  }

  get deployed(): Edited {
    return {
      domains: this.#settings["mailserver:domains"] as Edited["domains"],
      exchangers: this.#settings["mailserver:exchangers"] as Edited["exchangers"],
    };
  }

  /** Writes the declaration with these in it, and leaves it uncommitted. */
  write({ domains, exchangers }: Edited): void {
    const config = { ...this.#settings, "mailserver:domains": domains, "mailserver:exchangers": exchangers };
    writeFileSync(this.#stackFile, stringify({ config }));
  }

  /** A review; the zones are read whole, as their owner may. */
  async preview(words: readonly string[]): Promise<Reviewed> {
    const markdown = join(this.#folder, "review.md");
    rmSync(markdown, { force: true });
    const more = ["--stack-file", this.#stackFile, "--name-server", this.lab.addresses.nameserver, "--markdown", markdown];
    const { status, said, stdout } = await this.#mailserver("operator", ["preview", ...more, "--format", "json", ...words]);
    return {
      status,
      said,
      report: stdout.startsWith("{") ? (JSON.parse(stdout) as Report) : undefined,
      markdown: existsSync(markdown) ? readFileSync(markdown, "utf8") : "",
    };
  }

  /** Whether a stranger is answered what the stack's output says. */
  async drift(): Promise<Said> {
    const outputs = join(this.#folder, "outputs.json");
    writeFileSync(outputs, await this.#pulumi(["stack", "output", "--json"]));
    return this.#mailserver("internet", ["drift", "--outputs", outputs, "--name-server", this.lab.addresses.nameserver]);
  }

  async deploy(): Promise<void> {
    await this.#pulumi(["up", "--yes", "--skip-preview"]);
  }

  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #stackFile(): string {
    return join(this.#folder, "Pulumi.lab.yaml");
  }

  async #mailserver(host: "operator" | "internet", words: readonly string[]): Promise<Said & { readonly stdout: string }> {
    const [command = "", ...prefix] = inNetwork(this.lab, host);
    const program = [process.execPath, "--import", require.resolve("tsx"), join(projectRoot, "cli/mailserver.ts"), "dns"];
    const { exitCode, stdout, stderr } = await execa(command, [...prefix, ...program, ...words], {
      cwd: this.#folder,
      stdin: "ignore",
      reject: false,
    });
    return { status: exitCode, said: `${stderr}\n${stdout}`, stdout };
  }

  async #pulumi(words: readonly string[]): Promise<string> {
    const options: RunOptions = {
      world: "hosts",
      stdio: "capture",
      via: inNetwork(this.lab, "operator"),
      stackFile: this.#stackFile,
    };
    const { exitCode, stdout, stderr } = await runPulumi(this.lab, words, options);
    if (exitCode !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return stdout;
  }
}
