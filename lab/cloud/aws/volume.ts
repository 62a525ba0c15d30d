import { boolean, number, string, type Failure, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudState, Volume } from "../state";
import { arn, existing, inRegion, newId, regionOf, seen, tagged, tagsAll, tagsOf, text } from "./ec2";
import { modifyVolume } from "./volume-modification";
import { acceptShape, acceptStorage, shapeOf } from "./volume-shape";

export const volumeOf = (state: CloudState, id: string, region: string): Volume =>
  existing(state.volumes, id, region, "InvalidVolume.NotFound", `The volume '${id}' does not exist.`);

const outputs = (volume: Volume): Properties => ({
  arn: arn(volume.region, "volume", volume.id),
  availabilityZone: volume.availabilityZone,
  encrypted: volume.encrypted,
  iops: volume.iops,
  region: volume.region,
  size: volume.sizeGiB,
  tags: volume.tags,
  tagsAll: volume.tags,
  throughput: volume.throughput,
  type: volume.type,
});

function check(inputs: Properties): Failure[] {
  const type = text(inputs.type) || "gp2";
  // terraform-provider-aws, internal/service/ec2/ebs_volume.go, resourceEBSVolumeCustomizeDiff.
  const failures: Failure[] = [];
  if (inputs.throughput !== undefined && type !== "gp3") {
    failures.push({ property: "throughput", reason: `'throughput' must not be set when 'type' is '${type}'` });
  }
  if (["io1", "io2"].includes(type) && inputs.iops === undefined) {
    failures.push({ property: "iops", reason: `'iops' must be set when 'type' is '${type}'` });
  }
  if (!["io1", "io2", "gp3"].includes(type) && inputs.iops !== undefined) {
    failures.push({ property: "iops", reason: `'iops' must not be set when 'type' is '${type}'` });
  }
  return failures;
}

export const volume: ResourceDefinition = {
  token: "aws:ebs/volume:Volume",
  inputs: {
    availabilityZone: string({ required: true, replaces: true }),
    encrypted: boolean({ replaces: true }),
    iops: number(),
    // Required by the service unless a snapshot is given, and snapshots are not simulated.
    size: number({ required: true, check: (value) => (Number.isInteger(value) ? undefined : "a whole number of GiB") }),
    throughput: number(),
    type: string(),
    ...tagged,
  },
  notSimulated: ["finalSnapshot", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId", "volumeInitializationRate"],
  // terraform-provider-aws, internal/service/ec2/ebs_volume.go.
  calls: {
    create: { always: ["ec2:CreateVolume", "ec2:DescribeVolumes"], with: { tags: ["ec2:CreateTags"] } },
    read: { always: ["ec2:DescribeVolumes"] },
    update: {
      always: ["ec2:DescribeVolumes"],
      with: {
        iops: ["ec2:ModifyVolume", "ec2:DescribeVolumes"],
        size: ["ec2:ModifyVolume", "ec2:DescribeVolumes"],
        throughput: ["ec2:ModifyVolume", "ec2:DescribeVolumes"],
        type: ["ec2:ModifyVolume", "ec2:DescribeVolumes"],
        tags: ["ec2:CreateTags", "ec2:DeleteTags"],
      },
    },
    delete: { always: ["ec2:DeleteVolume", "ec2:DescribeVolumes"] },
  },
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

  async create(inputs, context) {
    const { cloud } = context;
    const region = regionOf(inputs, context);
    const made = await cloud.change((state) => {
      const availabilityZone = text(inputs.availabilityZone);
      if (!inRegion(state.subnets, region).some((subnet) => subnet.availabilityZone === availabilityZone)) {
        throw new ServiceError("InvalidZone.NotFound", `The zone '${availabilityZone}' does not exist.`);
      }
      const shape = shapeOf(inputs);
      acceptShape(shape);
      acceptStorage(state, region, shape, undefined);
      const id = newId("vol");
      return (state.volumes[id] = {
        id,
        region,
        availabilityZone,
        ...shape,
        encrypted: inputs.encrypted === true,
        modified: [],
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
    return { id: made.id, outputs: { ...inputs, ...outputs(made), createTime: new Date().toISOString() } };
  },

  async read(id, previous, context) {
    const found = seen(context.cloud.read().volumes, id, regionOf(previous, context));
    return found === undefined ? undefined : { ...previous, ...outputs(found) };
  },

  async update(id, inputs, previous, context) {
    const { cloud } = context;
    const changed = await cloud.change((state) => {
      const found = volumeOf(state, id, regionOf(inputs, context));
      // What is not asked for stays (the provider computes both), unless it follows from type or size.
      const kept: Properties = inputs.type === "gp3" && found.type === "gp3" ? { iops: found.iops, throughput: found.throughput } : {};
      modifyVolume(state, found, shapeOf({ ...kept, ...inputs }));
      found.tags = tagsOf(inputs);
      return found;
    });
    // Also where nothing grew: it may be the second try of a change whose first one stopped between the books and the disk.
    await cloud.world.growVolume(changed);
    return { ...previous, ...inputs, ...outputs(changed) };
  },

  async delete(id, outputs, context) {
    const { cloud } = context;
    const gone = await cloud.change((state) => {
      const found = seen(state.volumes, id, regionOf(outputs, context));
      // Gone already: the provider takes InvalidVolume.NotFound as done.
      if (found === undefined) return false;
      // DeleteVolume: the volume must be in the `available` state.
      if (found.attachment !== undefined) {
        throw new ServiceError("VolumeInUse", `Volume ${id} is currently attached to ${found.attachment.instanceId}`);
      }
      delete state.volumes[id];
      return true;
    });
    if (gone) await cloud.world.deleteVolume(id);
  },
};
