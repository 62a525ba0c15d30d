const mebibytes: { readonly [unit: string]: number } = { MiB: 1, GiB: 1 << 10, TiB: 1 << 20 };

/** A size as people write it: whole, with a unit of powers of 1024. */
export interface Size {
  readonly digits: string;
  readonly unit: string;
  /** NaN where the unit is none of ours. */
  readonly mebibytes: number;
}

/** `undefined` where a text is no size at all. */
export function readSize(text: string): Size | undefined {
  const [, digits, unit = ""] = /^(\d{1,12}) ?([MGT]i?B?)$/i.exec(text) ?? [];
  return digits === undefined ? undefined : { digits, unit, mebibytes: Number(digits) * (mebibytes[unit] ?? NaN) };
}

/** For a message about a unit that is none, to stand after the value. */
export const unitProblem = ({ digits, unit }: Size): string =>
  `is in no unit of ours; write "${digits} ${unit.slice(0, 1).toUpperCase()}iB": units are MiB, GiB and TiB, of powers of 1024.`;
