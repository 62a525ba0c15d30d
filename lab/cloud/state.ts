/** What the simulated AWS and Cloudflare accounts hold: plain JSON, one file a lab, changed only under its lock. */

export interface Vpc {
  id: string;
  region: string;
  cidrBlock: string;
  isDefault: boolean;
}

export interface Subnet {
  id: string;
  region: string;
  vpcId: string;
  availabilityZone: string;
  cidrBlock: string;
  defaultForAz: boolean;
}

export interface SecurityGroup {
  id: string;
  region: string;
  name: string;
  description: string;
  vpcId: string;
  tags: Record<string, string>;
}

export interface SecurityGroupRule {
  id: string;
  region: string;
  securityGroupId: string;
  direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp` or `-1` for all. */
  ipProtocol: string;
  fromPort?: number;
  toPort?: number;
  cidrIpv4?: string;
  cidrIpv6?: string;
  referencedSecurityGroupId?: string;
  description?: string;
  tags: Record<string, string>;
}

/** An Elastic IP. */
export interface Address {
  allocationId: string;
  region: string;
  publicIp: string;
  associationId?: string;
  instanceId?: string;
  /** Reverse name without trailing dot; an address that has one cannot be released. */
  ptrRecord?: string;
  tags: Record<string, string>;
}

export interface Volume {
  id: string;
  region: string;
  availabilityZone: string;
  sizeGiB: number;
  type: string;
  iops: number;
  throughput: number;
  encrypted: boolean;
  /** When the volume was modified, in milliseconds of the cloud's clock. */
  modified: number[];
  attachment?: { instanceId: string; deviceName: string };
  tags: Record<string, string>;
}

export interface Instance {
  id: string;
  region: string;
  imageId: string;
  instanceType: string;
  subnetId: string;
  availabilityZone: string;
  privateIp: string;
  securityGroupIds: string[];
  /** Raw user data, base64. */
  userDataBase64?: string;
  state: "running" | "stopped";
  tags: Record<string, string>;
}

export interface CloudflareZone {
  id: string;
  name: string;
  /** When its signing was asked for, in milliseconds of the cloud's clock. */
  signedSince?: number;
}

export interface DnsRecord {
  id: string;
  zoneId: string;
  /** Fully qualified, no trailing dot, lower case. */
  name: string;
  type: string;
  content?: string;
  data?: Record<string, unknown>;
  priority?: number;
  ttl: number;
  proxied: boolean;
  comment?: string;
  createdOn: string;
  modifiedOn: string;
}

export interface CloudState {
  /** `closed` until AWS lifts the account's restriction on outbound port 25. */
  port25: "open" | "closed";
  /** Quota of virtual CPUs that run at once in a region, of the usual families. */
  standardVcpus: number;
  /** How far the cloud's clock is ahead of this machine's. */
  clockAheadSeconds: number;
  /** By id. */
  vpcs: Record<string, Vpc>;
  subnets: Record<string, Subnet>;
  securityGroups: Record<string, SecurityGroup>;
  securityGroupRules: Record<string, SecurityGroupRule>;
  addresses: Record<string, Address>;
  volumes: Record<string, Volume>;
  instances: Record<string, Instance>;
  zones: Record<string, CloudflareZone>;
  records: Record<string, DnsRecord>;
}
