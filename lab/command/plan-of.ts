import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import { parse } from "../../plan/parse";
import type { MailPlan } from "../../plan/types";
import type { Lab } from "../lab";

/** Settings of the stack that are no part of the declaration. */
const NOT_DECLARED = ["passwordHashes", "operatorPrivateKey", "bastion"];

/** The plan of the configuration that the engine read last; undefined before the first time. */
export function planOf(lab: Lab): MailPlan | undefined {
  const file = join(lab.dir, "Pulumi.lab.yaml");
  if (!existsSync(file)) return undefined;
  const { config = {} } = (parseYaml(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const declared = Object.entries(config)
    .filter(([key]) => key.startsWith("mailserver:"))
    .map(([key, value]): [string, unknown] => [key.slice("mailserver:".length), value])
    .filter(([key]) => !NOT_DECLARED.includes(key));
  const plan = parse(Object.fromEntries(declared));
  return plan.ok ? plan.value : undefined;
}
