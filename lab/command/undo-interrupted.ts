import { openCloud } from "../cloud/cloud";
import { undoCreates } from "../cloud/interrupted-creates";
import { forgetInterrupted, interruptedCreates } from "../engine/interrupted";
import { hostsWorld } from "../hosts/world";
import type { Lab } from "../lab";
import { progress } from "./progress";

/** What a killed engine was having made, and never wrote down, goes; it is made again. At AWS it would stay until a person finds it. */
export async function undoInterrupted(lab: Lab): Promise<void> {
  const interrupted = interruptedCreates(lab);
  if (interrupted === undefined) return;
  const cloud = openCloud(lab, hostsWorld(lab));
  for (const what of await undoCreates(cloud, interrupted.creates, interrupted.known)) {
    progress(`taken away: ${what}, which a killed engine was having made and does not know of`);
  }
  await forgetInterrupted(lab, { world: "hosts" });
}
