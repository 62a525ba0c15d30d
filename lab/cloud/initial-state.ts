import { createHash } from "node:crypto";
import type { CloudState } from "./state";

/** The lab's only region. */
export const REGION = "eu-central-1";
/** AWS's own example account. */
export const ACCOUNT = "123456789012";

/** The zones that the lab's Cloudflare account has. */
export const ZONES = ["example.test", "club.test", "school.test"] as const;

const zoneId = (name: string): string => createHash("sha256").update(`zone ${name}`).digest("hex").slice(0, 32);

/** What a new account holds: the default VPC with one default subnet an availability zone (VPC user guide, "Default VPCs"), and zones without records. */
export function initialState(): CloudState {
  const vpcId = "vpc-0d1e2f3a4b5c6d7e8";
  const subnets = ["a", "b", "c"].map((letter, index) => ({
    id: `subnet-0a1b2c3d4e5f6070${letter}`,
    vpcId,
    availabilityZone: `${REGION}${letter}`,
    cidrBlock: `172.31.${index * 16}.0/20`,
    defaultForAz: true,
  }));
  return {
    port25: "closed",
    vpcs: { [vpcId]: { id: vpcId, cidrBlock: "172.31.0.0/16", isDefault: true } },
    subnets: Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])),
    securityGroups: {},
    securityGroupRules: {},
    addresses: {},
    volumes: {},
    instances: {},
    zones: Object.fromEntries(ZONES.map((name) => [zoneId(name), { id: zoneId(name), name }])),
    records: {},
  };
}
