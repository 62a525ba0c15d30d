import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";

export interface Settings {
  /** What a new machine boots: Debian with the mail packages in it (quick), or plain as on EC2. */
  readonly image: "packages" | "plain";
  /**
   * Limits on requests, as a provider's process shows them to the engine.
   * - `none`: nobody meets one.
   * - `retried`: every request is refused once, and the provider's own second attempt passes; the engine sees a delay.
   * - `{ aws: 100 }`: once a run of this provider has made so many calls, its attempts are used up, and every further operation fails.
   *
   * The aws provider tries 25 times (its setting `maxRetries`); the cloudflare provider eleven times within three minutes (cloudflare-go, pull request 4220).
   */
  readonly throttling: "none" | "retried" | { readonly [provider: string]: number };
  /**
   * Whether EC2 shows at once what it has accepted (API reference, "Eventual consistency").
   * - `immediate`: it does.
   * - `eventual`: describing calls see a change a little later. The provider waits for what it has made; a Read sees the account as it was before.
   * - `unlucky`: and calls that change something see it later still, so one that names a new id is told that there is none, and an address whose
   *   reverse name has just gone is not released. The provider does not try these again.
   */
  readonly consistency: "immediate" | "eventual" | "unlucky";
}

const DEFAULTS: Settings = { image: "packages", throttling: "none", consistency: "immediate" };

const file = (lab: Lab): string => join(lab.dir, "settings.json");

/** The lab's settings; the lab's command writes the image before an `up`, tests the rest. */
export const readSettings = (lab: Lab): Settings => ({
  ...DEFAULTS,
  ...(existsSync(file(lab)) ? (JSON.parse(readFileSync(file(lab), "utf8")) as Partial<Settings>) : {}),
});

/** Changes what is given, and keeps the rest. */
export function writeSettings(lab: Lab, settings: Partial<Settings>): void {
  mkdirSync(lab.dir, { recursive: true });
  writeWhole(file(lab), `${JSON.stringify({ ...readSettings(lab), ...settings }, null, 1)}\n`);
}
