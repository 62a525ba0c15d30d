import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { Zone } from "../plan/types";
import { lookup } from "./problems";

/** Cloudflare's id of a zone: the declared one, else looked up by name. `path` is the zone's place in the declaration. */
export function zoneId(zone: Zone, path: string, opts: pulumi.InvokeOptions): pulumi.Input<string> {
  if (zone.id !== undefined) return zone.id;
  const wayOut = `"${zone.name}" must be a zone that the API token can read, or give the zone's id`;
  return lookup(path, wayOut, () => cloudflare.getZone({ filter: { name: zone.name } }, opts)).zoneId;
}
