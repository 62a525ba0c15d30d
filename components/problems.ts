import * as pulumi from "@pulumi/pulumi";
import { Declaration } from "../plan/declaration";
import { parse } from "../plan/parse";
import { MailPlan, Problem } from "../plan/types";

/** One error with every problem in it, each under its property path, as Pulumi shows them. */
export function inputError(problems: readonly Problem[]): pulumi.InputPropertiesError {
  return new pulumi.InputPropertiesError({
    message: `the declaration of the mail system has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}; nothing was changed`,
    errors: problems.map(({ path, message }) => ({ propertyPath: path, reason: message })),
  });
}

/** Several components read one declaration; at a thousand domains it is parsed once, not a thousand times. */
const plans = new WeakMap<Declaration, MailPlan>();

/** The plan of a declaration. Throws `InputPropertiesError` with every problem at once. */
export function planOf(declaration: Declaration): MailPlan {
  const known = plans.get(declaration);
  if (known !== undefined) return known;
  const parsed = parse(declaration);
  if (!parsed.ok) throw inputError(parsed.problems);
  plans.set(declaration, parsed.value);
  return parsed.value;
}
