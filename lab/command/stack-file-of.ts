import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectRoot } from "../engine/root";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";

/** The stack's configuration that this lab was brought up with; later commands work with the same. */
const file = (lab: Lab): string => join(lab.dir, "stack-file");

export const stackFileOf = (lab: Lab): string =>
  existsSync(file(lab)) ? readFileSync(file(lab), "utf8") : join(projectRoot, "Pulumi.lab.yaml");

export function rememberStackFile(lab: Lab, path: string): void {
  if (!existsSync(path)) throw new Error(`there is no stack file ${path}`);
  writeWhole(file(lab), resolve(path));
}
