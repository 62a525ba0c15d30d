export interface Region {
  /** `eu-central-1`. */
  readonly code: string;
  readonly description: string;
  /** Letters of its availability zones, those that need no opting in. */
  readonly zones: readonly string[];
  /** `euc1`, as in zone ids (AZ IDs, AWS RAM user guide, "Availability Zone IDs"). */
  readonly zoneIdPrefix: string;
}

/** The regions that the lab's account has. All of them are one simulated network, so no two of their subnets share an address. */
export const REGIONS: readonly Region[] = [
  { code: "eu-central-1", description: "Europe (Frankfurt)", zones: ["a", "b", "c"], zoneIdPrefix: "euc1" },
  { code: "eu-west-1", description: "Europe (Ireland)", zones: ["a", "b", "c"], zoneIdPrefix: "euw1" },
  { code: "us-east-1", description: "US East (N. Virginia)", zones: ["a", "b", "c", "d", "e", "f"], zoneIdPrefix: "use1" },
];

export const regionByCode = (code: string): Region | undefined => REGIONS.find((region) => region.code === code);

export const zonesOf = ({ code, zones }: Region): string[] => zones.map((letter) => code + letter);

/** Zone names are the account's own, ids are everybody's; in the lab `a` is the first. */
export function zoneIdOf(zone: string): string {
  const region = REGIONS.find(({ code }) => zone.slice(0, -1) === code);
  return region === undefined ? "" : `${region.zoneIdPrefix}-az${region.zones.indexOf(zone.slice(-1)) + 1}`;
}

/** VPC user guide, "DNS attributes for your VPC": us-east-1 has names of its own. */
export const privateDns = (region: string, privateIp: string): string =>
  `ip-${privateIp.replaceAll(".", "-")}.${region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`}`;
export const publicDns = (region: string, publicIp: string): string =>
  `ec2-${publicIp.replaceAll(".", "-")}.${region === "us-east-1" ? "compute-1" : `${region}.compute`}.amazonaws.com`;
