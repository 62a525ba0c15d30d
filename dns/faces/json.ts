import type { Report } from "../review/report";

/** A report for programs; `dns/faces/report.schema.json` says its form. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
