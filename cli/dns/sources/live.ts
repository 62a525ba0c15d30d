import type { Side } from "../../../dns/review/side";
import { InvalidInput } from "../../exit-status";
import type { Say } from "../../progress";
import { type LiveZone, readZones } from "./cloudflare-api";
import { zoneOf } from "./zone-of";

/** Zones at Cloudflare as they are now: those that the head's records are in. */
export async function cloudflareSide(head: Side, say: Say): Promise<Side> {
  const zones = await liveZones(head, say);
  return {
    label: "live at Cloudflare",
    kind: "zone",
    zones: zones.map(({ name }) => name),
    records: zones.flatMap(({ records }) => records.map(({ record }) => record)),
    signed: new Map(zones.flatMap(({ name, signed }) => (signed === undefined ? [] : [[name, signed] as const]))),
  };
}

/** Whether a zone is signed is asked only where a record depends on it (TLSA, RFC 7672 section 1.3). */
export function liveZones(head: Side, say: Say): Promise<LiveZone[]> {
  const tlsa = head.records.filter(({ type }) => type === "TLSA").map(({ name }) => name);
  return readZones({
    say,
    choose: (readable) => chosenZones(head, readable),
    askSigned: (zone) => tlsa.some((name) => name === zone || name.endsWith(`.${zone}`)),
  });
}

function chosenZones(head: Side, readable: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const ids = new Map(readable);
  for (const { name, id } of head.plan === undefined ? [] : [head.plan.hostZone, ...head.plan.domains.map(({ zone }) => zone)]) {
    if (id !== undefined) ids.set(name, id);
  }
  const names = new Set(ids.keys());
  const chosen = new Map<string, string>();
  const missing = new Set<string>();
  for (const { name, type } of head.records) {
    // AWS has these.
    if (type === "PTR") continue;
    const zone = zoneOf(name, names);
    if (zone === undefined) missing.add(name);
    else chosen.set(zone, ids.get(zone) ?? "");
  }
  if (missing.size > 0) {
    // A domain before the names below it.
    const [first = "", ...others] = [...missing].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    throw new InvalidInput(
      `the API token can read no zone that ${first}${others.length > 0 ? ` (and ${others.length} more names)` : ""} is in; give it Zone: Read and DNS: Read of that zone, or make the zone.`,
    );
  }
  return chosen;
}
