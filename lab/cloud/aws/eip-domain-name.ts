import { object, string, type ResourceDefinition } from "../protocol/definition";
import { ServiceError } from "../protocol/service-error";
import type { CloudState } from "../state";
import { region, regionOf, seen, text } from "./ec2";
import { addressOf } from "./eip";

const withoutDot = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/**
 * EC2 user guide, "Use reverse DNS for email applications": a forward A record that points to the address must be there first, as the world
 * resolves it; a proxied name resolves to Cloudflare. The guide does not print the refusal: code and text follow ModifyAddressAttribute's other ones.
 */
function setReverseName(state: CloudState, allocationId: string, region: string, domainName: string): void {
  const address = addressOf(state, allocationId, region);
  const name = withoutDot(domainName);
  const forward = Object.values(state.records).filter((record) => record.type === "A" && record.name === name && !record.proxied);
  if (!forward.some((record) => record.content === address.publicIp)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value (${domainName}) for parameter domainName is invalid. The domain name must have an A record that resolves to ${address.publicIp}.`,
    );
  }
  address.ptrRecord = name;
}

export const eipDomainName: ResourceDefinition = {
  token: "aws:ec2/eipDomainName:EipDomainName",
  inputs: {
    allocationId: string({ required: true, replaces: true }),
    domainName: string({ required: true }),
    region,
    timeouts: object({ create: string(), update: string(), delete: string() }),
  },
  // terraform-provider-aws, internal/service/ec2/ec2_eip_domain_name.go.
  calls: {
    create: { always: ["ec2:ModifyAddressAttribute", "ec2:DescribeAddressesAttribute"] },
    read: { always: ["ec2:DescribeAddressesAttribute"] },
    update: { always: [], with: { domainName: ["ec2:ModifyAddressAttribute", "ec2:DescribeAddressesAttribute"] } },
    delete: { always: ["ec2:ResetAddressAttribute", "ec2:DescribeAddressesAttribute"] },
  },
  computed: { ptrRecord: "kept" },

  async create(inputs, context) {
    const id = text(inputs.allocationId);
    await context.cloud.change((state) => setReverseName(state, id, regionOf(inputs, context), text(inputs.domainName)));
    return { id, outputs: { ...inputs, ptrRecord: `${withoutDot(text(inputs.domainName))}.` } };
  },

  async read(id, previous, context) {
    const name = seen(context.cloud.read().addresses, id, regionOf(previous, context))?.ptrRecord;
    if (name === undefined) return undefined;
    // The API tells of no domain name, so the provider keeps the one that it knows (its Read, fwflex.Flatten): another name that was set by hand shows in
    // `ptrRecord` only, and is no change to mend.
    return { ...previous, allocationId: id, ptrRecord: `${name}.` };
  },

  async update(id, inputs, previous, context) {
    await context.cloud.change((state) => setReverseName(state, id, regionOf(inputs, context), text(inputs.domainName)));
    return { ...previous, ...inputs, ptrRecord: `${withoutDot(text(inputs.domainName))}.` };
  },

  async delete(id, outputs, context) {
    await context.cloud.change((state) => {
      // An address that is gone has none: the provider takes InvalidAllocationID.NotFound as done.
      delete seen(state.addresses, id, regionOf(outputs, context))?.ptrRecord;
    });
  },
};
