/** A provider plugin's process: `serve.ts aws ENGINE` prints its port and serves the provider until the engine ends it. */
import { readFileSync } from "node:fs";
import { findLab } from "../lab";
import { openCloud, worldOf } from "./cloud";
import { LAB_VARIABLE } from "./plugin-environment";
import type { ProviderDefinition } from "./protocol/definition";
import { Provider } from "./protocol/provider";
import { serve } from "./protocol/server";

const load: Record<string, () => Promise<ProviderDefinition>> = {
  aws: async () => (await import("./aws/provider.js")).aws,
  cloudflare: async () => (await import("./cloudflare/provider.js")).cloudflare,
  command: async () => (await import("./command/provider.js")).command,
};

async function main([name = "", ...rest]: string[]): Promise<void> {
  const definition = await load[name]?.();
  if (definition === undefined) throw new Error(`no provider "${name}"; known are ${Object.keys(load).join(", ")}`);
  const labName = process.env[LAB_VARIABLE] ?? "";
  const lab = findLab(labName);
  if (lab === undefined) throw new Error(`${LAB_VARIABLE} names no lab of this machine: "${labName}"`);
  const { version } = JSON.parse(readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8")) as { version: string };
  const engineAddress = rest.filter((argument) => !argument.startsWith("-")).at(-1);
  const port = await serve(new Provider(definition, version), openCloud(lab, await worldOf(lab)), engineAddress);
  process.stdout.write(`${port}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
