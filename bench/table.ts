import { type Figure, isMet } from "./figure";

/** The figures as lines for people: what, how much, the goal and whether it is met, what bounds it. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.what, amount(figure), goal(figure)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return figures
    .map(({ bound }, row) => [...(rows[row] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0)), bound].join("  ").trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}

export const amount = ({ value, spread, unit }: Figure): string =>
  `${number(value).padStart(7)} ${unit}${spread === undefined ? "" : ` (${number(spread[0])} to ${number(spread[1])})`}`;

function goal(figure: Figure): string {
  if (figure.goal === undefined) return "";
  return `${isMet(figure) === true ? "met" : "NOT MET"}: at most ${figure.goal}`;
}

/** Three digits that count. */
const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
