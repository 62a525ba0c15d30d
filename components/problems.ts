import * as pulumi from "@pulumi/pulumi";
import { Declaration } from "../plan/declaration";
import { tellPlan } from "../plan/observer";
import { parse } from "../plan/parse";
import { checkTags } from "../plan/tags";
import { MailPlan, Parsed, Problem } from "../plan/types";
import { limitProblems } from "./limits";

/** One error with every problem in it, each under its property path. A `RunError`, so that Pulumi prints it as it is, without a stack trace. */
export function inputError(problems: readonly Problem[]): pulumi.RunError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const lines = problems.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}`);
  return new pulumi.RunError([`the declaration of the mail system has ${count}; nothing was changed.`, ...lines].join("\n"));
}

/** Tags that EC2 takes: where they are known, others are refused before anything is made, else as soon as they are. */
export function goodTags(tags: pulumi.Input<Tags> | undefined): pulumi.Output<Tags> {
  const check = (own: Tags): Tags => {
    const problems = checkTags(own);
    if (problems.length > 0) throw inputError(problems);
    return own;
  };
  return pulumi.Output.isInstance(tags) || tags instanceof Promise ? pulumi.output(tags).apply(check) : pulumi.output(check(tags ?? {}));
}

type Tags = { [key: string]: string };

/** What was read, or one error with all that is wrong with it. */
export function parsed<T>(result: Parsed<T>): T {
  if (!result.ok) throw inputError(result.problems);
  return result.value;
}

/** Several components read one declaration; at a thousand domains it is parsed once, not a thousand times. */
const plans = new WeakMap<Declaration, MailPlan>();

/** The plan of a declaration. Throws `RunError` with every problem at once. */
export function planOf(declaration: Declaration): MailPlan {
  const known = plans.get(declaration);
  if (known !== undefined) return known;
  const plan = parsed(parse(declaration));
  const beyond = limitProblems(plan);
  if (beyond.length > 0) throw inputError(beyond);
  plans.set(declaration, plan);
  tellPlan(plan);
  return plan;
}

/** What a service knows. Where it refuses, the error names the property that led there, as every other problem does. */
export function lookup<T>(path: string, wayOut: string, ask: () => Promise<T>): pulumi.Output<T> {
  return pulumi.output(
    ask().catch((error: unknown) => {
      const said = error instanceof Error ? error.message.replace(/^invocation of (\S+) returned an error: /, "$1: ") : String(error);
      throw inputError([{ path, message: `${said.replace(/\.?\s*$/, "")}; ${wayOut}.` }]);
    }),
  ) as pulumi.Output<T>;
}
