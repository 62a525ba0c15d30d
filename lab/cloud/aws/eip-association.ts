import { boolean, string, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { Address, CloudState } from "../state";
import { inRegion, newId, region, regionOf, text } from "./ec2";
import { addressOf, disassociate } from "./eip";
import { instanceOf } from "./instance-power";

const byAssociation = (state: CloudState, id: string, region: string): Address | undefined =>
  inRegion(state.addresses, region).find((address) => address.associationId === id);

const outputs = (address: Address, state: CloudState): Properties => ({
  allocationId: address.allocationId,
  instanceId: address.instanceId ?? "",
  privateIpAddress: state.instances[address.instanceId ?? ""]?.privateIp ?? "",
  publicIp: address.publicIp,
});

export const eipAssociation: ResourceDefinition = {
  token: "aws:ec2/eipAssociation:EipAssociation",
  // Every input replaces (terraform-provider-aws, internal/service/ec2/ec2_eip_association.go).
  inputs: {
    allocationId: string({ required: true, replaces: true }),
    allowReassociation: boolean({ replaces: true }),
    instanceId: string({ required: true, replaces: true }),
    region,
  },
  notSimulated: ["networkInterfaceId", "privateIpAddress", "publicIp"],
  // The same file of terraform-provider-aws.
  calls: {
    create: { always: ["ec2:AssociateAddress", "ec2:DescribeAddresses"] },
    read: { always: ["ec2:DescribeAddresses"] },
    update: { always: [] },
    delete: { always: ["ec2:DisassociateAddress"] },
  },
  computed: { privateIpAddress: "kept", publicIp: "kept" },

  async create(inputs, context) {
    const region = regionOf(inputs, context);
    return context.cloud.change((state) => {
      const address = addressOf(state, text(inputs.allocationId), region);
      const instanceId = text(inputs.instanceId);
      instanceOf(state, instanceId, region);
      // AssociateAddress, "AllowReassociation": automatic unless forbidden.
      if (address.associationId !== undefined && inputs.allowReassociation === false) {
        throw new ServiceError(
          "Resource.AlreadyAssociated",
          `resource ${address.allocationId} is already associated with associate-id ${address.associationId}`,
        );
      }
      // AssociateAddress: an address that the instance had is disassociated and stays allocated.
      for (const other of Object.values(state.addresses)) if (other.instanceId === instanceId) disassociate(other);
      address.associationId = newId("eipassoc");
      address.instanceId = instanceId;
      return { id: address.associationId, outputs: { ...inputs, ...outputs(address, state) } };
    });
  },

  async read(id, previous, context) {
    const state = context.cloud.read();
    const address = byAssociation(state, id, regionOf(previous, context));
    return address === undefined ? undefined : { ...previous, ...outputs(address, state) };
  },

  update: () => Promise.reject(new Error("an association has nothing that could be updated")),

  async delete(id, outputs, context) {
    await context.cloud.change((state) => {
      // Gone already (the address moved on): the provider takes InvalidAssociationID.NotFound as done.
      const address = byAssociation(state, id, regionOf(outputs, context));
      if (address !== undefined) disassociate(address);
    });
  },
};
