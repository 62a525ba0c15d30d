import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { Zone } from "../plan/types";

/** Cloudflare's id of a zone: the declared one, else looked up by name. */
export function zoneId(zone: Zone, opts: pulumi.InvokeOutputOptions): pulumi.Input<string> {
  return zone.id ?? cloudflare.getZoneOutput({ filter: { name: zone.name } }, opts).zoneId;
}
