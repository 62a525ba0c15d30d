import { string, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { Address, CloudState } from "../state";
import { arn, existing, inRegion, newId, regionOf, seen, tagged, tagsAll, tagsOf } from "./ec2";
import { publicDns } from "./regions";

/** EC2 endpoints and quotas, "EC2-VPC Elastic IPs": what a new account has in each region. */
export const ADDRESSES_PER_REGION = 5;

export const addressOf = (state: CloudState, allocationId: string, region: string): Address =>
  existing(state.addresses, allocationId, region, "InvalidAllocationID.NotFound", `The allocation ID '${allocationId}' does not exist`);

export function disassociate(address: Address): void {
  delete address.associationId;
  delete address.instanceId;
}

function outputs(address: Address, state: CloudState): Properties {
  const instance = address.instanceId === undefined ? undefined : state.instances[address.instanceId];
  return {
    allocationId: address.allocationId,
    arn: arn(address.region, "elastic-ip", address.allocationId),
    associationId: address.associationId ?? "",
    domain: "vpc",
    instance: address.instanceId ?? "",
    networkBorderGroup: address.region,
    privateIp: instance?.privateIp ?? "",
    // Read without the trailing dot (terraform-provider-aws, internal/service/ec2/ec2_eip.go).
    ptrRecord: address.ptrRecord ?? "",
    publicDns: publicDns(address.region, address.publicIp),
    publicIp: address.publicIp,
    publicIpv4Pool: "amazon",
    region: address.region,
    tags: address.tags,
    tagsAll: address.tags,
  };
}

export const eip: ResourceDefinition = {
  token: "aws:ec2/eip:Eip",
  inputs: {
    domain: string({
      replaces: true,
      check: (value) => (value === "vpc" ? undefined : `expected domain to be "vpc", got ${String(value)}`),
    }),
    ...tagged,
  },
  notSimulated: [
    "address",
    "associateWithPrivateIp",
    "customerOwnedIpv4Pool",
    "instance",
    "ipamPoolId",
    "networkBorderGroup",
    "networkInterface",
    "publicIpv4Pool",
  ],
  // terraform-provider-aws, internal/service/ec2/ec2_eip.go; tags on creation need ec2:CreateTags (EC2 user guide, "Tag resources during creation").
  calls: {
    create: {
      always: ["ec2:AllocateAddress", "ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"],
      with: { tags: ["ec2:CreateTags"] },
    },
    read: { always: ["ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"] },
    update: { always: ["ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"], with: { tags: ["ec2:CreateTags", "ec2:DeleteTags"] } },
    delete: { always: ["ec2:ReleaseAddress"], with: { associationId: ["ec2:DisassociateAddress"] } },
  },
  computed: {
    allocationId: "kept",
    arn: "kept",
    associationId: "kept",
    domain: () => "vpc",
    instance: "kept",
    networkBorderGroup: "kept",
    privateIp: "kept",
    ptrRecord: "kept",
    publicDns: "kept",
    publicIp: "kept",
    publicIpv4Pool: "kept",
    tagsAll,
  },

  async create(inputs, context) {
    const { cloud } = context;
    const region = regionOf(inputs, context);
    return cloud.change((state) => {
      const used = new Set(Object.values(state.addresses).map((address) => address.publicIp));
      const publicIp = cloud.lab.elasticIps.find((candidate) => !used.has(candidate));
      if (inRegion(state.addresses, region).length >= ADDRESSES_PER_REGION || publicIp === undefined) {
        throw new ServiceError("AddressLimitExceeded", "The maximum number of addresses has been reached.");
      }
      const allocationId = newId("eipalloc");
      const address = (state.addresses[allocationId] = { allocationId, region, publicIp, tags: tagsOf(inputs) });
      return { id: allocationId, outputs: { ...inputs, ...outputs(address, state) } };
    });
  },

  async read(id, previous, context) {
    const state = context.cloud.read();
    const address = seen(state.addresses, id, regionOf(previous, context));
    return address === undefined ? undefined : { ...previous, ...outputs(address, state) };
  },

  async update(id, inputs, previous, context) {
    return context.cloud.change((state) => {
      const address = addressOf(state, id, regionOf(inputs, context));
      address.tags = tagsOf(inputs);
      return { ...previous, ...inputs, ...outputs(address, state) };
    });
  },

  async delete(id, outputs, context) {
    await context.cloud.change((state) => {
      const address = seen(state.addresses, id, regionOf(outputs, context));
      // Gone already: the provider takes InvalidAllocationID.NotFound as done.
      if (address === undefined) return;
      // ReleaseAddress: in a default VPC an address is disassociated with it; the provider disassociates one in another VPC itself.
      // EC2 user guide, "Use reverse DNS for email applications": locked until the record is removed. The code is the one that
      // ReleaseAddress answers (cloud-custodian, c7n/resources/vpc.py, release of addresses).
      if (address.ptrRecord !== undefined) {
        throw new ServiceError(
          "InvalidAddress.PtrSet",
          `The address with allocation id [${id}] cannot be released because it has a PTR record set.`,
        );
      }
      delete state.addresses[id];
    });
  },
};
