import { createHash } from "node:crypto";
import { REGIONS, zonesOf } from "./aws/regions";
import type { CloudState, Subnet, Vpc } from "./state";

/** The region of the lab's own stack. */
export const REGION = "eu-central-1";
/** AWS's own example account. */
export const ACCOUNT = "123456789012";

/** The zones that the lab's Cloudflare account has. */
export const ZONES = ["example.test", "club.test", "school.test"] as const;

const idOf = (prefix: string, name: string): string => `${prefix}-0${hash(`${prefix} ${name}`).slice(0, 16)}`;
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const zoneId = (name: string): string => hash(`zone ${name}`).slice(0, 32);

/**
 * What a new account holds: in each region the default VPC with one default subnet, a /20, in each availability zone (VPC user guide, "Default VPCs"),
 * and zones without records. AWS does not say which /20 a zone gets; here no two of all regions share one.
 */
export function initialState(): CloudState {
  const vpcs: Vpc[] = REGIONS.map(({ code }) => ({
    id: idOf("vpc", code),
    region: code,
    cidrBlock: "172.31.0.0/16",
    isDefault: true,
  }));
  const subnets: Subnet[] = REGIONS.flatMap((region) => zonesOf(region).map((zone) => ({ zone, region: region.code }))).map(
    ({ zone, region }, index) => ({
      id: idOf("subnet", zone),
      region,
      vpcId: idOf("vpc", region),
      availabilityZone: zone,
      cidrBlock: `172.31.${index * 16}.0/20`,
      defaultForAz: true,
    }),
  );
  return {
    port25: "closed",
    // EC2 endpoints and quotas, "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances": the default of every region.
    standardVcpus: 5,
    clockAheadSeconds: 0,
    vpcs: byId(vpcs),
    subnets: byId(subnets),
    securityGroups: {},
    securityGroupRules: {},
    addresses: {},
    volumes: {},
    instances: {},
    zones: Object.fromEntries(ZONES.map((name) => [zoneId(name), { id: zoneId(name), name }])),
    records: {},
  };
}

const byId = <T extends { id: string }>(all: readonly T[]): Record<string, T> => Object.fromEntries(all.map((one) => [one.id, one]));
