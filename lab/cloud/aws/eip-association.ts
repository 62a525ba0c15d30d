import { boolean, string, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { Address, CloudState } from "../state";
import { existing, newId, region, text } from "./ec2";
import { addressOf } from "./eip";

const byAssociation = (state: CloudState, id: string): Address | undefined =>
  Object.values(state.addresses).find((address) => address.associationId === id);

export function disassociate(address: Address): void {
  delete address.associationId;
  delete address.instanceId;
}

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
  computed: { privateIpAddress: "kept", publicIp: "kept" },

  async create(inputs, { cloud }) {
    return cloud.change((state) => {
      const address = addressOf(state, text(inputs.allocationId));
      const instanceId = text(inputs.instanceId);
      existing(state.instances, instanceId, "InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`);
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

  async read(id, previous, { cloud }) {
    const state = cloud.read();
    const address = byAssociation(state, id);
    return address === undefined ? undefined : { ...previous, ...outputs(address, state) };
  },

  update: () => Promise.reject(new Error("an association has nothing that could be updated")),

  async delete(id, _outputs, { cloud }) {
    await cloud.change((state) => {
      // Gone already (the address moved on): the provider takes InvalidAssociationID.NotFound as done.
      const address = byAssociation(state, id);
      if (address !== undefined) disassociate(address);
    });
  },
};
