/**
 * Which calls of the real services this lab's simulators have stood for: IAM actions (`ec2:RunInstances`) and permission groups of a Cloudflare
 * token (`DNS Edit`). It answers what an operator's policy and token must allow.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Lab } from "../lab";

export interface Operation {
  /** The SDK's type token, or the provider's name for its configuration. */
  readonly token: string;
  readonly operation: "configure" | "create" | "read" | "update" | "delete" | "invoke";
  readonly calls: readonly string[];
}

const file = (lab: Lab): string => join(lab.dir, "cloud", "calls.jsonl");

/** One line, appended in one write: plugins are processes of their own, and none waits for another. */
export function record(lab: Lab, operation: Operation): void {
  mkdirSync(dirname(file(lab)), { recursive: true });
  appendFileSync(file(lab), `${JSON.stringify(operation)}\n`, { mode: 0o600 });
}

/** Every operation since the lab was made, in their order. */
export const readJournal = (lab: Lab): Operation[] =>
  existsSync(file(lab))
    ? readFileSync(file(lab), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Operation)
    : [];

/** The calls, each once, sorted. */
export const readCalls = (lab: Lab): string[] => [...new Set(readJournal(lab).flatMap(({ calls }) => calls))].sort();
