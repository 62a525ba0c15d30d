/** Somebody else's project: the package as npm packs and installs it, and the examples beside it, outside of the repository. */
import "./throwaway-root";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { projectRoot } from "../../lab/engine/root";

const examples = join(projectRoot, "examples");

/** What the lab's simulated providers are versions of, and the engine looks for. */
const SDKS = ["@pulumi/aws", "@pulumi/cloudflare", "@pulumi/command", "@pulumi/pulumi"];

/**
 * Installs the packed package into a copy of `examples/component`, with the ordinary npm client; the other examples that are programs are copied below
 * it and find the package there. Returns the folder. Everything that npm needs is in its cache since the repository's own `npm ci`.
 */
export async function installConsumer(): Promise<string> {
  const folder = join(process.env.MAILSERVER_LAB_ROOT ?? "", "consumer");
  cpSync(join(examples, "component"), folder, { recursive: true });
  for (const name of programs().filter((program) => program !== "component"))
    cpSync(join(examples, name), join(folder, name), { recursive: true });
  await execa("sh", ["build.sh"], { cwd: projectRoot });
  const { stdout } = await execa("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: projectRoot });
  const exact = SDKS.map((name) => `${name}@${versionIn(projectRoot, name)}`);
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await execa("npm", ["install", ...quiet, join(folder, stdout.trim()), ...exact], { cwd: folder });
  return folder;
}

/** Examples that are programs of their own; the others are stack files of the repository's. */
export const programs = (): string[] => readdirSync(examples).filter((name) => readdirSync(join(examples, name)).includes("index.ts"));

/** Examples that are stacks; `ci` has workflows, which test/ci runs. */
export const allExamples = (): string[] => readdirSync(examples).filter((name) => name !== "ci");

/** The stack file that an example is. */
export const stackFileOf = (name: string): string => join(examples, name, "Pulumi.production.yaml");

export const versionIn = (folder: string, name: string): string =>
  (JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string }).version;
