import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";

export interface Settings {
  /** What a new machine boots: Debian with the mail packages in it (quick), or plain as on EC2. */
  readonly image: "packages" | "plain";
}

const file = (lab: Lab): string => join(lab.dir, "settings.json");

/** The lab's settings; written by the lab's command before an `up`. */
export const readSettings = (lab: Lab): Settings => ({
  image: "packages",
  ...(existsSync(file(lab)) ? (JSON.parse(readFileSync(file(lab), "utf8")) as Partial<Settings>) : {}),
});

export function writeSettings(lab: Lab, settings: Settings): void {
  mkdirSync(lab.dir, { recursive: true });
  writeFileSync(file(lab), `${JSON.stringify(settings, null, 1)}\n`);
}
