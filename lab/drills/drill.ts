import type { Lab } from "../lab";
import { applyRemedies } from "./remedies";
import { Stage } from "./stage";
import type { Document, Timeline } from "./timeline";

type Figure = string | number | boolean | { readonly [part: string]: string | number | boolean };

/** A failure played on purpose. */
export interface Drill<Figures extends object = object> {
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** What each figure says, with its unit. */
  readonly labels: { readonly [figure in keyof Figures]: string };
  /** Breaks something, tells what happens, expects what should, and gives its figures. What it breaks is taken back after it, whatever happens. */
  play(stage: Stage): Promise<Figures>;
}

export interface Played<Figures> {
  /** Undefined where the drill could not be played to its end. */
  readonly figures: Figures | undefined;
  /** Expectations that were not met, and what ended the drill early. */
  readonly unmet: readonly string[];
  readonly timeline: Timeline;
  readonly documents: readonly Document[];
}

/** Plays a drill on a running lab and leaves the lab as it was, also when the drill fails or `signal` interrupts it. */
export async function playDrill<Figures extends object>(
  lab: Lab,
  drill: Drill<Figures>,
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<Played<Figures>> {
  await applyRemedies(lab);
  const stage = new Stage(lab, report, signal);
  let figures: Figures | undefined;
  try {
    await stage.open();
    figures = await drill.play(stage);
  } catch (error) {
    stage.fail(error instanceof Error ? error.message : String(error));
  } finally {
    await applyRemedies(lab);
  }
  return { figures, ...stage.close() };
}

/** One row a figure, for people. */
export function figureRows<Figures extends object>({ labels }: Drill<Figures>, figures: Figures): [label: string, value: string][] {
  return Object.entries(figures).map(([name, figure]) => [labels[name as keyof Figures] ?? name, shown(figure as Figure)]);
}

const shown = (figure: Figure): string => {
  if (typeof figure === "number") return Number.isInteger(figure) ? String(figure) : figure.toFixed(1);
  if (typeof figure !== "object") return String(figure);
  return Object.entries(figure)
    .map(([part, value]) => (part === "milliseconds" ? `${value} ms` : String(value)))
    .join(", ");
};
