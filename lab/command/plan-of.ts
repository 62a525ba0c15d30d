import { parse } from "../../plan/parse";
import type { MailPlan } from "../../plan/types";
import { deployedConfig } from "../engine/stack-file";
import type { Lab } from "../lab";

/** Settings of the stack that are no part of the declaration. */
const NOT_DECLARED = ["passwordHashes", "operatorPrivateKey", "bastion", "tags", "protect"];

/** The plan that the lab's machines follow; undefined before the first time. */
export function planOf(lab: Lab): MailPlan | undefined {
  const declared = Object.entries(deployedConfig(lab))
    .filter(([key]) => key.startsWith("mailserver:"))
    .map(([key, value]): [string, unknown] => [key.slice("mailserver:".length), value])
    .filter(([key]) => !NOT_DECLARED.includes(key));
  const plan = parse(Object.fromEntries(declared));
  return plan.ok ? plan.value : undefined;
}
