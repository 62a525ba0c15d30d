import { readFileSync } from "node:fs";
import type { StackResource } from "./stack-findings";

/** What `pulumi stack export` writes; 4 where the state has something in it that older engines do not know (Pulumi, "Deployment schema versions"). */
const versions: readonly unknown[] = [3, 4];

/** The resources in a file that `pulumi stack export` has written. Throws with what is wrong with the file. */
export function resourcesOfState(file: string): StackResource[] {
  let state: unknown;
  try {
    state = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const { version, deployment } = (state ?? {}) as { version?: unknown; deployment?: { resources?: Exported[] } };
  if (!versions.includes(version) || !Array.isArray(deployment?.resources))
    throw new Error(`${file} is no state of version ${versions.join(" or ")}; write it with pulumi stack export --file ${file}`);
  return deployment.resources
    .filter((resource) => resource.delete !== true)
    .map(({ urn, type, parent = "", inputs = {} }) => ({ urn, type, name: urn.split("::").slice(3).join("::"), parent, inputs }));
}

interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly inputs?: StackResource["inputs"];
  /** Replaced, and waiting to be deleted. */
  readonly delete?: boolean;
}
