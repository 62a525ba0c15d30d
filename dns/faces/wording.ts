import type { Presented } from "../presentation";
import type { Change } from "../review/change";
import type { DomainReport, ExchangerReport, Finding, Hop, Report, Summary } from "../review/report";

/** The same words in every face. */

export const signs: Readonly<Record<Change["op"], string>> = { create: "+", update: "~", delete: "-" };

/** `2 created, 1 changed, 0 deleted, 12 unchanged; 1 known only after the deploy`. */
export function counts(summary: Summary): string {
  const { create, update, unchanged, unknown } = summary;
  const known = `${create} created, ${update} changed, ${summary.delete} deleted, ${unchanged} unchanged`;
  return unknown === 0 ? known : `${known}; ${unknown} known only after the deploy`;
}

/** A record's data, an MX with its preference before it. */
export function data({ content, priority, type }: Presented): string {
  return type === "MX" && priority !== undefined ? `${priority} ${content}` : content;
}

/** `300`, or `3600 → 300` where it changes. */
export function ttl({ before, after }: Change): string {
  const [old, now] = [before?.ttl, after?.ttl];
  return old !== undefined && now !== undefined && old !== now ? `${old} → ${now}` : String(now ?? old ?? "");
}

/** `10 mx1.example.org (192.0.2.1) → 20 mx2.example.org (192.0.2.2)`: who is tried first, and who when that one does not answer. */
export function deliveryPath(hops: readonly Hop[]): string {
  if (hops.length === 0) return "nobody";
  const steps: { preference: number; hosts: string[] }[] = [];
  for (const hop of [...hops].sort((a, b) => a.preference - b.preference)) {
    const last = steps.at(-1);
    if (last?.preference === hop.preference) last.hosts.push(host(hop));
    else steps.push({ preference: hop.preference, hosts: [host(hop)] });
  }
  return steps.map(({ preference, hosts }) => `${preference} ${hosts.join(" or ")}`).join(" → ");
}

function host(hop: Hop): string {
  return hop.host === "." ? "nobody (null MX)" : `${hop.host} (${leadsTo(hop).join(", ")})`;
}

/** The addresses of a host on the way, or what there is to say in place of them. */
export function leadsTo({ addresses, elsewhere }: Hop): readonly string[] {
  if (addresses.length > 0) return addresses;
  return [elsewhere === true ? "elsewhere" : "leads nowhere"];
}

/** Whether a domain has something to tell. */
export function isTold({ blocked, changes, findings, path }: DomainReport): boolean {
  return blocked || changes.length > 0 || findings.length > 0 || deliveryPath(path.before) !== deliveryPath(path.after);
}

/** Domains that have something to tell, those that are blocked first. */
export function toldDomains({ domains }: Report): DomainReport[] {
  const urgency = ({ blocked, findings }: DomainReport): number => (blocked ? 0 : findings.length > 0 ? 1 : 2);
  return domains.filter(isTold).sort((a, b) => urgency(a) - urgency(b));
}

/** A time to live in words; 0 is `no time`. */
export function duration(seconds: number): string {
  if (seconds === 0) return "no time";
  const [size, unit] = (
    [
      [86_400, "day"],
      [3600, "hour"],
      [60, "minute"],
    ] as const
  ).find(([each]) => seconds % each === 0) ?? [1, "second"];
  return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
}

const machines: Readonly<Record<ExchangerReport["machine"], string>> = {
  unknown: "not looked at",
  none: "not touched",
  updated: "updated in place",
  replaced: "replaced",
  created: "created",
  removed: "removed",
};

/** What becomes of an exchanger's machine and of its mail. */
export function machine({ machine, mail }: ExchangerReport): string {
  return mail === "" ? machines[machine] : `${machines[machine]}; mail ${mail}`;
}

/** The name that leads back from an exchanger's address. */
export function reverseName({ reverse }: ExchangerReport): string {
  return reverse === "" ? "none" : reverse;
}

/** Whether forward name, reverse name and HELO say the same. */
export function consistency({ consistent }: ExchangerReport): string {
  return consistent === undefined ? "known after the deploy" : consistent ? "consistent" : "not consistent";
}

/** Whether it stops the deploy. */
export function weight({ severity, acknowledged }: Finding): string {
  if (acknowledged !== undefined) return "acknowledged";
  return severity === "block" ? "blocks" : "warns";
}

/** Who answers for a finding, or did until a day that is over. */
export function answered({ acknowledged, expired }: Finding): string | undefined {
  if (acknowledged !== undefined) return `Acknowledged until ${acknowledged.until}: ${acknowledged.reason}`;
  return expired === undefined ? undefined : `It was acknowledged until ${expired.until}, and that day is over: ${expired.reason}`;
}

/** All of a report's findings, those that block first. */
export function findings(report: Report): Finding[] {
  const all = [...report.findings, ...report.domains.flatMap((domain) => domain.findings)];
  const order = ["blocks", "warns", "acknowledged"];
  return all.sort((a, b) => order.indexOf(weight(a)) - order.indexOf(weight(b)));
}
