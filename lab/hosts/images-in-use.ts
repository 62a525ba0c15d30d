import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";
import type { Images } from "./image";

/** The images that this lab's new hosts boot, recorded when the lab comes up, for provider plugins, which make the hosts. */
const file = (lab: Lab): string => join(lab.dir, "images.json");

export const recordImages = (lab: Lab, { plain, packages, services }: Images): void =>
  writeWhole(file(lab), `${JSON.stringify({ plain, packages, services }, null, 1)}\n`);

export const readImages = (lab: Lab): Images => JSON.parse(readFileSync(file(lab), "utf8")) as Images;
