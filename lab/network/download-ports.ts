import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";

/** TCP ports by which packages come, the only ones that lead out of the lab: recorded when it comes up, for provider plugins, which load its rules. */
const file = (lab: Lab): string => join(lab.dir, "download-ports.json");

export const recordDownloadPorts = (lab: Lab, ports: readonly number[]): void => writeWhole(file(lab), JSON.stringify(ports));

export const readDownloadPorts = (lab: Lab): number[] =>
  existsSync(file(lab)) ? (JSON.parse(readFileSync(file(lab), "utf8")) as number[]) : [80, 443];
