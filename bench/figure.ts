/** One number of the bench, with what a reader needs to judge it. */
export interface Figure {
  readonly what: string;
  /** The median where it was measured more than once. */
  readonly value: number;
  readonly unit: string;
  /** Least and greatest of the repetitions. */
  readonly spread?: readonly [number, number];
  /** What the project wants to reach: at most this. */
  readonly goal?: number;
  /** What it would take to make it smaller. */
  readonly bound: string;
}

type Explained = Pick<Figure, "what" | "unit" | "goal" | "bound">;

/** The figure of several repetitions. */
export function figure(explained: Explained, values: readonly number[]): Figure {
  return { ...explained, value: median(values), ...(values.length > 1 ? { spread: [Math.min(...values), Math.max(...values)] } : {}) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below = NaN, above = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (below + above) / 2;
}

export const isMet = ({ value, goal }: Figure): boolean | undefined => (goal === undefined ? undefined : value <= goal);

/** Seconds that the work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await work();
  return (Date.now() - start) / 1000;
}
