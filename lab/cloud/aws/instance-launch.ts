/** What RunInstances looks at before it makes a machine. */
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudState, Subnet } from "../state";
import { addressAt, contains } from "./cidr";
import { existing, inRegion, text } from "./ec2";
import { imageById } from "./images";
import { architectureOf, isOffered, isStandard, vcpusOf } from "./instance-types";
import { regionByCode, zonesOf } from "./regions";

/** EC2 user guide, "Run commands on your Linux instance at launch": 16 KB in raw form. */
const USER_DATA_LIMIT = 16384;
/** VPC quotas, "Security groups per network interface". */
const GROUPS_PER_INTERFACE = 5;
/** VPC user guide, "Subnet sizing": the first four addresses and the last are AWS's. */
const RESERVED = 4;

/** The user data as the machine gets it, base64. */
export function rawUserData(inputs: Properties): string | undefined {
  if (typeof inputs.userDataBase64 === "string") return inputs.userDataBase64;
  return typeof inputs.userData === "string" ? Buffer.from(inputs.userData).toString("base64") : undefined;
}

export function acceptUserData(base64: string | undefined): void {
  const bytes = Buffer.from(base64 ?? "", "base64").length;
  if (bytes > USER_DATA_LIMIT) throw new ServiceError("InvalidParameterValue", `User data is limited to ${USER_DATA_LIMIT} bytes`);
}

export function acceptType(instanceType: string, imageId: string, region: string): void {
  const architecture = architectureOf(instanceType);
  if (architecture === undefined) throw new ServiceError("InvalidParameterValue", `Invalid value '${instanceType}' for InstanceType.`);
  const image = imageById(imageId, region);
  if (image === undefined) throw new ServiceError("InvalidAMIID.NotFound", `The image id '[${imageId}]' does not exist`);
  if (image.architecture !== architecture) {
    const awsName = (name: string): string => (name === "amd64" ? "x86_64" : name);
    throw new ServiceError(
      "InvalidParameterValue",
      `The architecture '${awsName(architecture)}' of the specified instance type does not match the architecture '${awsName(image.architecture)}' of the ` +
        "specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.",
    );
  }
}

/** RunInstances and StartInstances: what runs counts against the account's quota in the region, whoever started it; `self` is not counted. */
export function acceptVcpus(state: CloudState, region: string, instanceType: string, self: string | undefined): void {
  const limit = isStandard(instanceType) ? state.standardVcpus : 0;
  const running = inRegion(state.instances, region).filter(
    (other) => other.state === "running" && other.id !== self && isStandard(other.instanceType) === isStandard(instanceType),
  );
  if (running.reduce((sum, other) => sum + vcpusOf(other.instanceType), vcpusOf(instanceType)) > limit) {
    throw new ServiceError(
      "VcpuLimitExceeded",
      `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type ` +
        "belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    );
  }
}

/** RunInstances: not every zone has every type. */
export function acceptZone(instanceType: string, { region, availabilityZone }: Subnet): void {
  if (isOffered(instanceType, availabilityZone)) return;
  const known = regionByCode(region);
  const others = (known === undefined ? [] : zonesOf(known)).filter((zone) => isOffered(instanceType, zone));
  throw new ServiceError(
    "Unsupported",
    `Your requested instance type (${instanceType}) is not supported in your requested Availability Zone (${availabilityZone}). ` +
      `Please retry your request by not specifying an Availability Zone or choosing ${others.join(", ")}.`,
  );
}

/** The subnet asked for, or the default one; and a free private address in it. */
export function placement(state: CloudState, inputs: Properties, region: string): { subnet: Subnet; privateIp: string } {
  const zone = text(inputs.availabilityZone);
  const subnetId = text(inputs.subnetId);
  const subnet =
    subnetId === ""
      ? inRegion(state.subnets, region).find((candidate) => candidate.defaultForAz && (zone === "" || candidate.availabilityZone === zone))
      : existing(state.subnets, subnetId, region, "InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`);
  if (subnet === undefined) throw new ServiceError("InvalidParameterValue", `Invalid availability zone: [${zone}]`);
  if (zone !== "" && subnet.availabilityZone !== zone) {
    throw new ServiceError(
      "InvalidParameterValue",
      `The availability zone '${zone}' is not that of the subnet '${subnet.id}' (${subnet.availabilityZone})`,
    );
  }
  const taken = new Set(Object.values(state.instances).map((instance) => instance.privateIp));
  const wanted = text(inputs.privateIp);
  if (wanted !== "") {
    if (!contains(subnet.cidrBlock, wanted))
      throw new ServiceError("InvalidParameterValue", `Address ${wanted} does not fall within the subnet's address range`);
    if (taken.has(wanted)) throw new ServiceError("InvalidIPAddress.InUse", `Address ${wanted} is in use.`);
    return { subnet, privateIp: wanted };
  }
  for (let index = RESERVED; ; index += 1) {
    const privateIp = addressAt(subnet.cidrBlock, index);
    if (privateIp === undefined || addressAt(subnet.cidrBlock, index + 1) === undefined) {
      throw new ServiceError("InsufficientFreeAddressesInSubnet", `There are not enough free addresses in subnet '${subnet.id}'`);
    }
    if (!taken.has(privateIp)) return { subnet, privateIp };
  }
}

export function acceptGroups(state: CloudState, inputs: Properties, subnet: Subnet): string[] {
  const ids = (inputs.vpcSecurityGroupIds ?? []) as string[];
  for (const id of ids) {
    const group = existing(state.securityGroups, id, subnet.region, "InvalidGroup.NotFound", `The security group '${id}' does not exist`);
    if (group.vpcId !== subnet.vpcId) {
      throw new ServiceError("InvalidParameter", `Security group ${id} and subnet ${subnet.id} belong to different networks.`);
    }
  }
  // The provider's own words (internal/service/ec2/ec2_instance.go).
  if (ids.length === 0) throw new Error("VPC-based instances require at least one security group to be attached.");
  if (ids.length > GROUPS_PER_INTERFACE) {
    throw new ServiceError(
      "SecurityGroupsPerInterfaceLimitExceeded",
      "The maximum number of security groups per interface has been reached.",
    );
  }
  return ids;
}
