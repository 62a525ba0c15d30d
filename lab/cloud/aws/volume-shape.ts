/** Which volumes EBS makes (EBS user guide, "Amazon EBS volume types"), and what CreateVolume and ModifyVolume answer to others. */
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudState, Volume } from "../state";
import { inRegion, text } from "./ec2";

export type Shape = Pick<Volume, "sizeGiB" | "type" | "iops" | "throughput">;

interface Limits {
  /** GiB. */
  readonly size: readonly [least: number, most: number];
  readonly iops?: { readonly most: number; readonly perGiB: number };
}

const TYPES: { readonly [type: string]: Limits } = {
  gp2: { size: [1, 16384] },
  gp3: { size: [1, 65536], iops: { most: 80000, perGiB: 500 } },
  io1: { size: [4, 16384], iops: { most: 64000, perGiB: 50 } },
  io2: { size: [4, 65536], iops: { most: 256000, perGiB: 1000 } },
  sc1: { size: [125, 16384] },
  st1: { size: [125, 16384] },
  standard: { size: [1, 1024] },
};
/** MiB/s, of gp3 volumes; and how many an operation a second may bring. */
const THROUGHPUT = 2000;
const THROUGHPUT_PER_IOPS = 0.25;
/** EBS endpoints and quotas: storage of one type in a region, in TiB; of those types whose default is the same for every account. */
const STORAGE_TIB = 50;

/** What is asked for; what is not follows from the type. gp2 is what EC2 makes where no type is given. */
export function shapeOf(inputs: Properties): Shape {
  const type = text(inputs.type) || "gp2";
  const sizeGiB = Number(inputs.size);
  const isGp3 = type === "gp3";
  return {
    sizeGiB,
    type,
    iops: Number(inputs.iops ?? (isGp3 ? 3000 : Math.min(16000, Math.max(100, 3 * sizeGiB)))),
    throughput: Number(inputs.throughput ?? (isGp3 ? 125 : 0)),
  };
}

/** Refuses what no volume can be. The texts are those that others were answered; where one is known from an emulator only, README.md says so. */
export function acceptShape({ type, sizeGiB, iops, throughput }: Shape): void {
  const limits = TYPES[type];
  // EC2 error codes, UnknownVolumeType.
  if (limits === undefined) throw new ServiceError("UnknownVolumeType", `Unsupported volume type '${type}' for volume creation.`);
  const [least, most] = limits.size;
  if (sizeGiB < least) {
    throw refusal(
      `The volume size is invalid for ${type} volumes: ${sizeGiB} GiB. ${type} volumes must be at least ${least} GiB in size. ` +
        "Please specify a volume size above the minimum limit.",
    );
  }
  if (sizeGiB > most) throw refusal(`Volume of ${sizeGiB}GiB is too large for volume type ${type}; maximum is ${most}GiB`);
  if (limits.iops !== undefined) {
    if (iops > limits.iops.most) throw refusal(`Volume iops of ${iops} is too high; maximum is ${limits.iops.most}.`);
    // gp3's baseline comes with every size.
    if (!(type === "gp3" && iops <= 3000) && iops > limits.iops.perGiB * sizeGiB) {
      throw refusal(`Iops to volume size ratio of ${(iops / sizeGiB).toFixed(6)} is too high; maximum is ${limits.iops.perGiB}`);
    }
  }
  if (throughput > THROUGHPUT) throw refusal(`Volume throughput of ${throughput} is too high; maximum is ${THROUGHPUT}.`);
  if (type === "gp3" && throughput > THROUGHPUT_PER_IOPS * iops) {
    throw refusal(
      `Throughput (MiBps) to iops ratio of ${(throughput / iops).toFixed(6)} is too high; maximum is ${THROUGHPUT_PER_IOPS.toFixed(6)} MiBps per iops`,
    );
  }
}

/** Refuses what the account's storage in the region has no room for; `self` is not counted. */
export function acceptStorage(state: CloudState, region: string, { type, sizeGiB }: Shape, self: string | undefined): void {
  const others = inRegion(state.volumes, region).filter((volume) => volume.type === type && volume.id !== self);
  if (others.reduce((sum, volume) => sum + volume.sizeGiB, sizeGiB) > STORAGE_TIB * 1024) {
    throw new ServiceError(
      "VolumeLimitExceeded",
      `You have exceeded your maximum ${type} storage limit of ${STORAGE_TIB} TiB in this region. ` +
        "Please contact AWS Support to request an Elastic Block Store service limit increase.",
    );
  }
}

const refusal = (problem: string): ServiceError => new ServiceError("InvalidParameterValue", problem);
