import { show, type Property } from "./property";

const mebibytes: { readonly [unit: string]: number } = { MiB: 1, GiB: 1 << 10, TiB: 1 << 20 };

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
  const [, digits, unit = ""] = /^(\d{1,12}) ?([MGT]i?B?)$/i.exec(text) ?? [];
  const size = Number(digits) * (mebibytes[unit] ?? NaN);
  if (size >= 1 && size <= most) return size;
  property.report(
    digits === undefined
      ? `${property.shown} is not a size; ${form}.`
      : size === 0
        ? `${property.shown} leaves room for no mail; ${form}.`
        : size > most
          ? `${property.shown} is more than a volume can have, 64 TiB; write less, or "unlimited".`
          : `${property.shown} is in no unit of ours; write ${show(`${digits} ${unit.slice(0, 1).toUpperCase()}iB`)}: units are MiB, GiB and TiB, of powers of 1024.`,
  );
  return otherwise;
}

/** For a plan, which leaves out what is not limited. */
export const quotaOf = (quota: number | typeof unlimited): { readonly quotaMiB?: number } =>
  quota === unlimited ? {} : { quotaMiB: quota };
