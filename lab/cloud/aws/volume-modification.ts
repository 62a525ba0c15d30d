/** ModifyVolume: what it refuses, and what it does to the books. */
import { now } from "../clock";
import { ServiceError } from "../protocol/service-error";
import type { CloudState, Volume } from "../state";
import { acceptShape, acceptStorage, type Shape } from "./volume-shape";

const HOUR = 3600 * 1000;
/** API reference, ModifyVolume: a volume can be modified four times within a rolling 24-hour period (one in six hours until January 2026). */
const MODIFICATIONS = 4;
const PERIOD = 24 * HOUR;
/**
 * EBS user guide, "Monitor the progress of volume modifications": a fully used volume of 1 TiB is about six hours in the state `optimizing`.
 * The lab takes the same share of it for a smaller one.
 */
const OPTIMIZING_PER_GIB = (6 * HOUR) / 1024;

const isSame = (a: Shape, b: Shape): boolean =>
  a.sizeGiB === b.sizeGiB && a.type === b.type && a.iops === b.iops && a.throughput === b.throughput;

/** Modifies the volume in place; nothing happens where it has this shape. A larger size is there at once, as `optimizing` has it. */
export function modifyVolume(state: CloudState, volume: Volume, wanted: Shape): void {
  if (isSame(volume, wanted)) return;
  // The text that the service answers (github.com/aws/aws-cli, issue 4216).
  if (wanted.sizeGiB < volume.sizeGiB) throw new ServiceError("InvalidParameterValue", "New size cannot be smaller than existing size");
  acceptShape(wanted);
  acceptStorage(state, volume.region, wanted, volume.id);
  const time = now(state);
  const last = volume.modified.at(-1);
  if (last !== undefined && time < last + OPTIMIZING_PER_GIB * volume.sizeGiB) {
    throw new ServiceError("IncorrectModificationState", `Volume ${volume.id} cannot be modified in modification state OPTIMIZING`);
  }
  const recent = volume.modified.filter((before) => time - before < PERIOD);
  if (recent.length >= MODIFICATIONS) {
    // The end of the text is new since January 2026, and known from an emulator only.
    const again = new Date((recent[0] ?? time) + PERIOD).toISOString();
    throw new ServiceError(
      "VolumeModificationRateExceeded",
      `You've reached the maximum modification rate per volume limit. Wait until ${again} before you can issue the next modification request for this volume.`,
    );
  }
  Object.assign(volume, wanted, { modified: [...recent, time] });
}
