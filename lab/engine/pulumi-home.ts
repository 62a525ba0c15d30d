import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";
import { projectRoot } from "./root";

const PROVIDERS = ["aws", "cloudflare", "command"] as const;

/** Names the stand-in in the environment of a CLI that the lab built, which has a pointer to it beside it. */
const STAND_IN_VARIABLE = "MAILSERVER_LAB_LANGUAGE_HOST";
const LANGUAGE_HOST = "pulumi-language-nodejs";

/**
 * Makes the lab's private PULUMI_HOME, with the simulated providers where the engine looks for plugins: under the exact version that the
 * SDK in node_modules asks for. Returns what the engine needs in its environment. The language host's stand-in goes on PATH only where
 * neither the CLI's folder nor PATH has one; the engine warns of a plugin on PATH.
 */
export function preparePulumiHome(lab: Lab, cli: string): { [name: string]: string } {
  const home = join(lab.dir, "pulumi-home");
  const bin = join(lab.dir, "pulumi-bin");
  const path = process.env.PATH ?? "";
  for (const name of PROVIDERS) {
    const { version } = JSON.parse(readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8")) as { version: string };
    writeScript(join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "lab/cloud/serve.ts", name);
  }
  const standIn = join(bin, LANGUAGE_HOST);
  writeScript(standIn, "lab/engine/language-host.ts");
  const found = [dirname(cli), ...path.split(delimiter)].some((folder) => isExecutable(join(folder, LANGUAGE_HOST)));
  return { PULUMI_HOME: home, [STAND_IN_VARIABLE]: standIn, PATH: found ? path : [bin, path].join(delimiter) };
}

/** Puts a pointer to the stand-in beside a CLI that the lab built; the stand-in itself belongs to a lab and a checkout. */
export function pointToStandIn(folder: string): void {
  writeExecutable(join(folder, LANGUAGE_HOST), `#!/bin/sh\nexec "$${STAND_IN_VARIABLE}" "$@"\n`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A shell script that runs one of the lab's programs with the Node and the loader of this project, wherever it is started. */
function writeScript(file: string, program: string, ...args: string[]): void {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const command = [process.execPath, "--import", loader, join(projectRoot, program), ...args].map(quote).join(" ");
  const text = `#!/bin/sh\nTSX_TSCONFIG_PATH=${quote(join(projectRoot, "lab/tsconfig.json"))} exec ${command} "$@"\n`;
  writeExecutable(file, text);
}

/** Replaced as a whole: another run of the engine may be starting it. */
function writeExecutable(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, text, 0o755);
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
