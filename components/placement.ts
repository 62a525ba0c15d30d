import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Exchanger } from "../plan/types";
import { lookup } from "./problems";

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
export function placement(exchanger: Exchanger, opts: pulumi.InvokeOptions): Placement {
  const { key, region, subnet: id } = exchanger;
  const place =
    id === undefined
      ? lookup(`exchangers.${key}.region`, "the region needs a default VPC, or give the id of a subnet", async () =>
          aws.ec2.getSubnet({ availabilityZone: await defaultZone(exchanger, opts), defaultForAz: true, region }, opts),
        )
      : lookup(`exchangers.${key}.subnet`, `"${id}" must be a subnet of ${region ?? "the provider's region"}`, () =>
          aws.ec2.getSubnet({ id, region }, opts),
        );
  return { subnetId: place.id, vpcId: place.vpcId, availabilityZone: place.availabilityZone };
}

async function defaultZone(exchanger: Exchanger, opts: pulumi.InvokeOptions): Promise<string> {
  const { names } = await aws.getAvailabilityZones(
    // Local and wavelength zones want an opt-in and have no default subnet.
    { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }], region: exchanger.region },
    opts,
  );
  return zoneFor(exchanger, names);
}

/** Exported for tests: the choice itself. */
export function zoneFor(exchanger: Pick<Exchanger, "key" | "role">, names: readonly string[]): string {
  const [first, ...others] = [...names].sort();
  if (first === undefined) throw new Error("the region has no availability zone that is open to this account");
  if (exchanger.role === "primary" || others.length === 0) return first;
  const choice = createHash("sha256").update(exchanger.key).digest().readUInt32BE(0) % others.length;
  return others[choice] ?? first;
}
