import { boolean, number, string, type Failure, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import { REGION } from "../initial-state";
import type { CloudState, Volume } from "../state";
import { arn, existing, newId, tagged, tagsAll, tagsOf, text } from "./ec2";

const TYPES = ["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"];
/** EBS user guide, "Amazon EBS volume types": GiB. */
const MAX_SIZE = 65536;

export const volumeOf = (state: CloudState, id: string): Volume =>
  existing(state.volumes, id, "InvalidVolume.NotFound", `The volume '${id}' does not exist.`);

function outputs(volume: Volume, inputs: Properties): Properties {
  const gp3 = volume.type === "gp3";
  return {
    arn: arn("volume", volume.id),
    availabilityZone: volume.availabilityZone,
    encrypted: volume.encrypted,
    iops: inputs.iops ?? (gp3 ? 3000 : Math.max(100, 3 * volume.sizeGiB)),
    size: volume.sizeGiB,
    tags: volume.tags,
    tagsAll: volume.tags,
    throughput: inputs.throughput ?? (gp3 ? 125 : 0),
    type: volume.type,
  };
}

function check(inputs: Properties): Failure[] {
  const type = text(inputs.type) || "gp2";
  // terraform-provider-aws, internal/service/ec2/ebs_volume.go, customizeDiffEBSVolume.
  return inputs.throughput !== undefined && type !== "gp3"
    ? [{ property: "throughput", reason: `'throughput' must not be set when 'type' is '${type}'` }]
    : [];
}

export const volume: ResourceDefinition = {
  token: "aws:ebs/volume:Volume",
  inputs: {
    availabilityZone: string({ required: true, replaces: true }),
    encrypted: boolean({ replaces: true }),
    iops: number(),
    // Required by the service unless a snapshot is given, and snapshots are not simulated.
    size: number({
      required: true,
      check: (value) =>
        Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_SIZE ? undefined : `a whole number of GiB, 1 to ${MAX_SIZE}`,
    }),
    throughput: number(),
    type: string({ check: (value) => (TYPES.includes(text(value)) ? undefined : `one of ${TYPES.join(", ")}; "${text(value)}" is not`) }),
    ...tagged,
  },
  notSimulated: ["finalSnapshot", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId", "volumeInitializationRate"],
  computed: {
    arn: "kept",
    createTime: "kept",
    encrypted: ({ encrypted }) => encrypted ?? false,
    iops: "kept",
    throughput: "kept",
    type: ({ type }) => type ?? "gp2",
    tagsAll,
  },
  check,

  async create(inputs, { cloud }) {
    const made = await cloud.change((state) => {
      const availabilityZone = text(inputs.availabilityZone);
      if (!Object.values(state.subnets).some((subnet) => subnet.availabilityZone === availabilityZone)) {
        throw new ServiceError("InvalidZone.NotFound", `The zone '${availabilityZone}' does not exist.`);
      }
      const id = newId("vol");
      return (state.volumes[id] = {
        id,
        availabilityZone,
        sizeGiB: Number(inputs.size),
        type: text(inputs.type) || "gp2",
        encrypted: inputs.encrypted === true,
        tags: tagsOf(inputs),
      });
    });
    try {
      await cloud.world.createVolume(made);
    } catch (error) {
      await cloud.change((state) => {
        delete state.volumes[made.id];
      });
      throw error;
    }
    return { id: made.id, outputs: { ...inputs, ...outputs(made, inputs), createTime: new Date().toISOString() } };
  },

  async read(id, previous, { cloud }) {
    const found = cloud.read().volumes[id];
    return found === undefined ? undefined : { region: REGION, ...previous, ...outputs(found, previous) };
  },

  async update(id, inputs, previous, { cloud }) {
    const size = Number(inputs.size);
    const changed = await cloud.change((state) => {
      const found = volumeOf(state, id);
      // ModifyVolume, "Size": the target size must be greater than or equal to the existing one.
      if (size < found.sizeGiB) {
        throw new ServiceError("InvalidParameterValue", `New size cannot be smaller than existing size (${found.sizeGiB} GiB).`);
      }
      found.type = text(inputs.type) || "gp2";
      found.tags = tagsOf(inputs);
      found.sizeGiB = size;
      return found;
    });
    if (size !== previous.size) await cloud.world.growVolume(changed);
    return { ...previous, ...inputs, ...outputs(changed, inputs) };
  },

  async delete(id, _outputs, { cloud }) {
    await cloud.change((state) => {
      const { attachment } = volumeOf(state, id);
      // DeleteVolume: the volume must be in the `available` state.
      if (attachment !== undefined) throw new ServiceError("VolumeInUse", `Volume ${id} is currently attached to ${attachment.instanceId}`);
      delete state.volumes[id];
    });
    await cloud.world.deleteVolume(id);
  },
};
