import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { changeState } from "../lab/cloud/store";
import { runPulumi } from "../lab/engine/run-pulumi";
import { ensureSecrets } from "../lab/engine/secrets";
import type { Lab } from "../lab/lab";
import { domainName } from "./many-domains";

/** A program in `programs/`: `domains` is the mail system, `records` the bare loop. */
export type BenchProgram = "domains" | "records";

/** A zone each for so many domains, in a lab that keeps books. */
export async function addZones(lab: Lab, domains: number): Promise<void> {
  await changeState(lab, (state) => {
    for (let index = 0; index < domains; index += 1) {
      const name = domainName(index);
      state.zones[name] = { id: name, name };
    }
  });
}

/** The CLI on one of the programs, with so many domains or records; it must succeed. */
export async function runProgram(
  lab: Lab,
  name: BenchProgram,
  count: number,
  args: readonly [verb: string, ...string[]],
  variables: NodeJS.ProcessEnv = {},
): Promise<{ readonly seconds: number; readonly stdout: string }> {
  const stackFile = join(lab.dir, `Pulumi.${name}.yaml`);
  const { publicKey } = ensureSecrets(lab, []).operator;
  const config = { "aws:region": "eu-central-1", [`${name}:count`]: count, [`${name}:publicKey`]: publicKey };
  writeFileSync(stackFile, stringify({ config }));
  const start = Date.now();
  const { exitCode, stdout, stderr } = await runPulumi(
    lab,
    [...args, "--config-file", stackFile, "--non-interactive", "--color", "never"],
    { world: "state-only", stdio: "capture", program: join(__dirname, "programs", name), variables },
  );
  const seconds = (Date.now() - start) / 1000;
  if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} of ${name} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  return { seconds, stdout };
}
