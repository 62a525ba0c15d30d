import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Exchanger } from "../plan/types";

/** Where a machine and its volume are. */
export interface Placement {
  readonly subnetId: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  readonly availabilityZone: pulumi.Output<string>;
}

/**
 * The declared subnet, or a default subnet of the default VPC: the primary in the region's first availability zone, a backup in one of the others,
 * chosen by its key, so that the loss of a zone never takes both and an exchanger that comes or goes moves no other.
 */
export function placement(exchanger: Exchanger, opts: pulumi.InvokeOutputOptions): Placement {
  const region = exchanger.region;
  const subnet =
    exchanger.subnet !== undefined
      ? aws.ec2.getSubnetOutput({ id: exchanger.subnet, region }, opts)
      : aws.ec2.getSubnetOutput({ availabilityZone: defaultZone(exchanger, opts), defaultForAz: true, region }, opts);
  return { subnetId: subnet.id, vpcId: subnet.vpcId, availabilityZone: subnet.availabilityZone };
}

function defaultZone(exchanger: Exchanger, opts: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  const zones = aws.getAvailabilityZonesOutput(
    // Local and wavelength zones want an opt-in and have no default subnet.
    { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }], region: exchanger.region },
    opts,
  );
  return zones.names.apply((names) => zoneFor(exchanger, names));
}

/** Exported for tests: the choice itself. */
export function zoneFor(exchanger: Pick<Exchanger, "key" | "role">, names: readonly string[]): string {
  const [first, ...others] = [...names].sort();
  if (first === undefined) throw new Error("the region has no availability zone that is open to this account");
  if (exchanger.role === "primary" || others.length === 0) return first;
  const choice = createHash("sha256").update(exchanger.key).digest().readUInt32BE(0) % others.length;
  return others[choice] ?? first;
}
