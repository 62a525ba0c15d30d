import type { MailPlan } from "./types";

/**
 * Where somebody who runs a program without an engine is told of the plans that its components made. By a name that every copy of this package knows, since
 * a program has its own.
 */
const OBSERVER = Symbol.for("pulumi-mailserver.plan-observer");

type Observed = { [OBSERVER]?: (plan: MailPlan) => void };

export function observePlans(observer: (plan: MailPlan) => void): void {
  (globalThis as Observed)[OBSERVER] = observer;
}

export function tellPlan(plan: MailPlan): void {
  (globalThis as Observed)[OBSERVER]?.(plan);
}
