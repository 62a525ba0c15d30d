import { createHash } from "node:crypto";
import { boolean, string, type Context, type ResourceDefinition } from "../protocol/definition";
import { ServiceError } from "../protocol/service-error";
import type { Volume } from "../state";
import { region, regionOf, seen, text } from "./ec2";
import { instanceOf, stopInstance } from "./instance-power";
import { volumeOf } from "./volume";

/** Block device mappings, "Device names on Linux instances"; Debian's images have their root at /dev/xvda. */
const DEVICE = /^\/dev\/(sd[b-z]|xvd[b-z][a-z]?)$/;

const idOf = (deviceName: string, instanceId: string, volumeId: string): string =>
  `vai-${createHash("sha256").update(`${deviceName}-${instanceId}-${volumeId}`).digest("hex").slice(0, 10)}`;

async function detach(volumeId: string, region: string, instanceId: string, { cloud }: Context): Promise<void> {
  await cloud.world.detach(volumeId, instanceId);
  await cloud.change((state) => {
    delete volumeOf(state, volumeId, region).attachment;
  });
}

export const volumeAttachment: ResourceDefinition = {
  token: "aws:ec2/volumeAttachment:VolumeAttachment",
  inputs: {
    deviceName: string({ required: true, replaces: true }),
    forceDetach: boolean(),
    instanceId: string({ required: true, replaces: true }),
    region,
    skipDestroy: boolean(),
    stopInstanceBeforeDetaching: boolean(),
    volumeId: string({ required: true, replaces: true }),
  },
  // terraform-provider-aws, internal/service/ec2/ebs_volume_attachment.go.
  calls: {
    create: { always: ["ec2:AttachVolume", "ec2:DescribeVolumes", "ec2:DescribeInstances"] },
    read: { always: ["ec2:DescribeVolumes"] },
    update: { always: [] },
    delete: {
      always: ["ec2:DetachVolume", "ec2:DescribeVolumes"],
      with: { stopInstanceBeforeDetaching: ["ec2:StopInstances", "ec2:DescribeInstances"] },
    },
  },
  computed: {},

  async create(inputs, context) {
    const { cloud } = context;
    const region = regionOf(inputs, context);
    const deviceName = text(inputs.deviceName);
    const instanceId = text(inputs.instanceId);
    const attached = await cloud.change((state): Volume | undefined => {
      const volume = volumeOf(state, text(inputs.volumeId), region);
      const instance = instanceOf(state, instanceId, region);
      if (volume.attachment !== undefined) {
        // The provider takes the very same attachment as done.
        if (volume.attachment.instanceId === instanceId && volume.attachment.deviceName === deviceName) return undefined;
        throw new ServiceError("VolumeInUse", `${volume.id} is already attached to an instance`);
      }
      // EC2 error codes, InvalidVolume.ZoneMismatch.
      if (volume.availabilityZone !== instance.availabilityZone) {
        throw new ServiceError(
          "InvalidVolume.ZoneMismatch",
          `The volume '${volume.id}' is not in the same availability zone as instance '${instanceId}'`,
        );
      }
      if (!DEVICE.test(deviceName)) {
        throw new ServiceError(
          "InvalidParameterValue",
          `Value (${deviceName}) for parameter device is invalid. ${deviceName} is not a valid EBS device name.`,
        );
      }
      const taken = Object.values(state.volumes).some(
        (other) => other.attachment?.instanceId === instanceId && other.attachment.deviceName === deviceName,
      );
      if (taken) {
        throw new ServiceError(
          "InvalidParameterValue",
          `Invalid value '${deviceName}' for unixDevice. Attachment point ${deviceName} is already in use`,
        );
      }
      volume.attachment = { instanceId, deviceName };
      return volume;
    });
    if (attached !== undefined) {
      try {
        await cloud.world.attach(attached, instanceId);
      } catch (error) {
        await cloud.change((state) => {
          delete volumeOf(state, attached.id, region).attachment;
        });
        throw error;
      }
    }
    return { id: idOf(deviceName, instanceId, text(inputs.volumeId)), outputs: inputs };
  },

  async read(id, previous, context) {
    const attachment = seen(context.cloud.read().volumes, text(previous.volumeId), regionOf(previous, context))?.attachment;
    if (attachment === undefined || attachment.instanceId !== previous.instanceId) return undefined;
    return { ...previous, deviceName: attachment.deviceName };
  },

  async update(_id, inputs, previous) {
    return { ...previous, ...inputs };
  },

  async delete(_id, outputs, context) {
    if (outputs.skipDestroy === true) return;
    const volumeId = text(outputs.volumeId);
    const instanceId = text(outputs.instanceId);
    const region = regionOf(outputs, context);
    const state = context.cloud.read();
    if (seen(state.volumes, volumeId, region)?.attachment?.instanceId !== instanceId) return;
    if (state.instances[instanceId]?.state === "running") {
      if (outputs.stopInstanceBeforeDetaching === true) {
        await stopInstance(instanceId, region, context);
      } else if (outputs.forceDetach !== true) {
        // DetachVolume: a mounted volume stays `busy` until it is unmounted; the provider waits for it in vain.
        throw new ServiceError(
          "IncorrectState",
          `Volume '${volumeId}' is mounted on the running instance '${instanceId}': timeout while waiting for state to become 'detached' (last state: 'busy')`,
        );
      }
    }
    await detach(volumeId, region, instanceId, context);
  },
};
