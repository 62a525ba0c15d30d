/** The person behind a lab has another key or another password. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { LabSecrets } from "../../lab/engine/secrets";
import type { Lab } from "../../lab/lab";

const file = (lab: Lab): string => join(lab.dir, "secrets.json");

export const readSecrets = (lab: Lab): LabSecrets => JSON.parse(readFileSync(file(lab), "utf8")) as LabSecrets;

export function changeSecrets(lab: Lab, change: (secrets: LabSecrets) => LabSecrets): void {
  const before = readSecrets(lab);
  const now = change(before);
  writeFileSync(file(lab), JSON.stringify(now), { mode: 0o600 });
  // What is encrypted already would be kept.
  const composed = join(lab.dir, "Pulumi.lab.yaml");
  const { config, ...rest } = parse(readFileSync(composed, "utf8")) as { config: { [key: string]: unknown } };
  const hashes = Object.entries((config["mailserver:passwordHashes"] ?? {}) as { [address: string]: unknown });
  config["mailserver:passwordHashes"] = Object.fromEntries(
    hashes.filter(([address]) => now.mailboxes[address]?.hash === before.mailboxes[address]?.hash),
  );
  if (now.operator.privateKey !== before.operator.privateKey) delete config["mailserver:operatorPrivateKey"];
  writeFileSync(composed, stringify({ ...rest, config }), { mode: 0o600 });
  rmSync(join(lab.dir, "stack-file.sha256"), { force: true });
}
