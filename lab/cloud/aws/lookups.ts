import { boolean, list, map, object, string, type FunctionDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ACCOUNT } from "../initial-state";
import type { CloudState, Subnet, Vpc } from "../state";
import { arn, inRegion, region, regionOf, text } from "./ec2";
import { regionByCode, REGIONS, zoneIdOf, zonesOf } from "./regions";

const filters = list(object({ name: string({ required: true }), values: list(string(), { required: true }) }));
interface Filter {
  name: string;
  values: string[];
}
const filtersOf = (inputs: Properties): Filter[] => (inputs.filters ?? []) as unknown as Filter[];

/** Whether an object with these filter fields passes; a name that the simulation does not know is an error, not a match. */
export function passes(fields: Record<string, string>, wanted: readonly Filter[]): boolean {
  return wanted.every(({ name, values }) => {
    const value = fields[name];
    if (value === undefined) throw new Error(`the lab's cloud knows no filter "${name}"; it has ${Object.keys(fields).join(", ")}`);
    return values.some((pattern) => glob(pattern).test(value));
  });
}

/** EC2's filter values take `*` and `?`. */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );

/** `terraform-provider-aws`'s words where a singular data source finds none or several. */
function only<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined) throw new Error(`no matching ${what} found`);
  if (found.length > 1) throw new Error(`multiple ${what}s matched; use additional constraints to reduce matches to a single ${what}`);
  return first;
}

const vpcFields = (vpc: Vpc): Record<string, string> => ({
  "vpc-id": vpc.id,
  cidr: vpc.cidrBlock,
  "is-default": String(vpc.isDefault),
  isDefault: String(vpc.isDefault),
});

const subnetFields = (subnet: Subnet): Record<string, string> => ({
  "subnet-id": subnet.id,
  "vpc-id": subnet.vpcId,
  "availability-zone": subnet.availabilityZone,
  availabilityZone: subnet.availabilityZone,
  "cidr-block": subnet.cidrBlock,
  "default-for-az": String(subnet.defaultForAz),
  defaultForAz: String(subnet.defaultForAz),
  state: "available",
});

export const getVpc: FunctionDefinition = {
  token: "aws:ec2/getVpc:getVpc",
  inputs: { cidrBlock: string(), default: boolean(), filters, id: string(), region },
  notSimulated: ["dhcpOptionsId", "state", "tags"],
  // Its main route table and its attributes for DNS are read too (internal/service/ec2/vpc_data_source.go).
  calls: ["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeRouteTables"],
  async invoke(inputs, context) {
    const vpc = only(
      inRegion(context.cloud.read().vpcs, regionOf(inputs, context)).filter(
        (candidate) =>
          (inputs.id === undefined || candidate.id === inputs.id) &&
          (inputs.default === undefined || candidate.isDefault === inputs.default) &&
          (inputs.cidrBlock === undefined || candidate.cidrBlock === inputs.cidrBlock) &&
          passes(vpcFields(candidate), filtersOf(inputs)),
      ),
      "EC2 VPC",
    );
    return {
      id: vpc.id,
      arn: arn(vpc.region, "vpc", vpc.id),
      cidrBlock: vpc.cidrBlock,
      cidrBlockAssociations: [],
      default: vpc.isDefault,
      dhcpOptionsId: "dopt-0a1b2c3d4e5f60718",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      enableNetworkAddressUsageMetrics: false,
      instanceTenancy: "default",
      ipv6AssociationId: "",
      ipv6CidrBlock: "",
      mainRouteTableId: "rtb-0a1b2c3d4e5f60718",
      ownerId: ACCOUNT,
      region: vpc.region,
      state: "available",
      tags: {},
    };
  },
};

function subnetsMatching(state: CloudState, inputs: Properties, region: string): Subnet[] {
  return inRegion(state.subnets, region).filter(
    (subnet) =>
      (inputs.id === undefined || subnet.id === inputs.id) &&
      (inputs.vpcId === undefined || subnet.vpcId === inputs.vpcId) &&
      (inputs.availabilityZone === undefined || subnet.availabilityZone === inputs.availabilityZone) &&
      (inputs.cidrBlock === undefined || subnet.cidrBlock === inputs.cidrBlock) &&
      (inputs.defaultForAz === undefined || subnet.defaultForAz === inputs.defaultForAz) &&
      passes(subnetFields(subnet), filtersOf(inputs)),
  );
}

export const getSubnet: FunctionDefinition = {
  token: "aws:ec2/getSubnet:getSubnet",
  inputs: {
    availabilityZone: string(),
    cidrBlock: string(),
    defaultForAz: boolean(),
    filters,
    id: string(),
    region,
    vpcId: string(),
  },
  notSimulated: ["availabilityZoneId", "ipv6CidrBlock", "state", "tags"],
  calls: ["ec2:DescribeSubnets"],
  async invoke(inputs, context) {
    const subnet = only(subnetsMatching(context.cloud.read(), inputs, regionOf(inputs, context)), "EC2 Subnet");
    return {
      id: subnet.id,
      arn: arn(subnet.region, "subnet", subnet.id),
      assignIpv6AddressOnCreation: false,
      availabilityZone: subnet.availabilityZone,
      availabilityZoneId: zoneIdOf(subnet.availabilityZone),
      availableIpAddressCount: 4091,
      cidrBlock: subnet.cidrBlock,
      customerOwnedIpv4Pool: "",
      defaultForAz: subnet.defaultForAz,
      enableDns64: false,
      enableLniAtDeviceIndex: 0,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociationId: "",
      ipv6Native: false,
      mapCustomerOwnedIpOnLaunch: false,
      mapPublicIpOnLaunch: true,
      outpostArn: "",
      ownerId: ACCOUNT,
      privateDnsHostnameTypeOnLaunch: "ip-name",
      region: subnet.region,
      state: "available",
      tags: {},
      vpcId: subnet.vpcId,
    };
  },
};

export const getSubnets: FunctionDefinition = {
  token: "aws:ec2/getSubnets:getSubnets",
  inputs: { filters, region, tags: map(string()) },
  calls: ["ec2:DescribeSubnets"],
  async invoke(inputs, context) {
    const region = regionOf(inputs, context);
    // No subnet of the lab has tags.
    const found =
      Object.keys((inputs.tags ?? {}) as object).length > 0
        ? []
        : subnetsMatching(context.cloud.read(), { filters: inputs.filters ?? [] }, region);
    return { id: region, ids: found.map((subnet) => subnet.id), filters: inputs.filters ?? [], region, tags: inputs.tags ?? {} };
  },
};

/** DescribeAvailabilityZones, "Filters". */
const zoneFields = (name: string, region: string): Record<string, string> => ({
  "zone-name": name,
  "zone-id": zoneIdOf(name),
  "zone-type": "availability-zone",
  "group-name": `${region}-zg-1`,
  "region-name": region,
  "opt-in-status": "opt-in-not-required",
  state: "available",
});

export const getAvailabilityZones: FunctionDefinition = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  inputs: { excludeNames: list(string()), filters, region, state: string() },
  notSimulated: ["allAvailabilityZones", "excludeZoneIds"],
  calls: ["ec2:DescribeAvailabilityZones"],
  async invoke(inputs, context) {
    const region = regionOf(inputs, context);
    const excluded = (inputs.excludeNames ?? []) as string[];
    const names = REGIONS.filter(({ code }) => code === region).flatMap(zonesOf);
    const isWanted = (name: string): boolean => !excluded.includes(name) && passes(zoneFields(name, region), filtersOf(inputs));
    const wanted = text(inputs.state) === "" || inputs.state === "available" ? names.filter(isWanted) : [];
    return { id: region, groupNames: [`${region}-zg-1`], names: wanted, zoneIds: wanted.map(zoneIdOf), region };
  },
};

export const getRegion: FunctionDefinition = {
  token: "aws:index/getRegion:getRegion",
  inputs: { name: region, region },
  notSimulated: ["endpoint", "id"],
  calls: [],
  async invoke(inputs, context) {
    const region = text(inputs.name) || regionOf(inputs, context);
    return {
      id: region,
      name: region,
      region,
      description: regionByCode(region)?.description ?? "",
      endpoint: `ec2.${region}.amazonaws.com`,
    };
  },
};
