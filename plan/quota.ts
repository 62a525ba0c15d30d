import type { Property } from "./property";
import { readSize, unitProblem } from "./size";

/** The largest volume that EBS has, in MiB (EBS User Guide, "Amazon EBS volume types"). */
const most = 64 << 20;

const form = 'write a whole number with its unit, such as "500 MiB", "2 GiB" or "1 TiB", or "unlimited"';

/** What is declared where a limit is not. */
export const unlimited = "unlimited";

/**
 * How much mail a mailbox may hold, in MiB.
 *
 * @param otherwise where nothing is declared here
 */
export function readQuota(property: Property, otherwise: number | typeof unlimited): number | typeof unlimited {
  if (property.isAbsent) return otherwise;
  const text = property.isText ? (property.string("") ?? "") : "";
  if (text === unlimited) return unlimited;
  const size = readSize(text);
  if (size !== undefined && size.mebibytes >= 1 && size.mebibytes <= most) return size.mebibytes;
  property.report(
    size === undefined
      ? `${property.shown} is not a size; ${form}.`
      : size.mebibytes === 0
        ? `${property.shown} leaves room for no mail; ${form}.`
        : size.mebibytes > most
          ? `${property.shown} is more than a volume can have, 64 TiB; write less, or "unlimited".`
          : `${property.shown} ${unitProblem(size)}`,
  );
  return otherwise;
}

/** For a plan, which leaves out what is not limited. */
export const quotaOf = (quota: number | typeof unlimited): { readonly quotaMiB?: number } =>
  quota === unlimited ? {} : { quotaMiB: quota };
