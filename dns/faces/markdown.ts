import type { Change } from "../review/change";
import type { DomainReport, ExchangerReport, Finding, Report } from "../review/report";
import { block, code, prose, text } from "./escape-markdown";
import { deliveryDiagram } from "./mermaid";
import { visible } from "./visible";
import {
  answered,
  reverseName,
  consistency,
  counts,
  data,
  deliveryPath,
  duration,
  findings,
  isTold,
  machine,
  signs,
  toldDomains,
  ttl,
  weight,
} from "./wording";

/** Characters. GitHub takes 65,536 in a comment; who posts it may add to it. */
export const budget = 60_000;

/** What the line on what was left out may take of it. */
const reserve = 400;

/** A part of the comment. Where it does not fit whole, rows go from its end; where its `head` does not fit, or it has no rows to lose, all of it goes. */
interface Part {
  /** In the line on what was left out. */
  readonly what: string;
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

/** The first line of a stack's comment, which nobody sees, and by which the next one finds it. */
export function marker(stack: string): string {
  // What names of projects and stacks are made of stays; what could end the comment does not.
  return `<!-- mailserver dns-preview ${encodeURI(visible(stack)).replace(/-(?=-)/g, "%2d")} -->`;
}

/**
 * A report as one comment of a pull request. Where it gets too long, the full zone goes first, then what is drawn, then what stays as it is, then changes
 * from the last on; findings lose their explanations at most. What is left out is said.
 */
export function markdown(report: Report): string {
  const head = [
    marker(report.stack),
    `**DNS of ${code(report.stack)}: ${report.verdict === "blocked" ? "blocked" : "nothing blocks"}.** ${text(counts(report.summary))}`,
    "",
    `${text(report.head)}, against ${report.against.map(text).join(" and ")}`,
    "",
  ];
  const tail = ["", `Checksum ${code(report.checksum)}${report.commit === undefined ? "" : `, commit ${code(report.commit)}`}`, ""];
  const size = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);
  const all = findings(report);
  const room = budget - size(head) - size(tail) - reserve;
  const said = [explained, named, counted].map((form) => form(all)).find((lines) => size(lines) <= room) ?? [];
  const { lines, leftOut } = fitted(parts(report), room - size(said));
  const note =
    leftOut.length === 0 ? [] : ["", `Left out, as it is too long for a comment: ${leftOut.join("; ")}. The JSON report has all of it.`];
  return [...head, ...said, ...lines, ...note, ...tail].join("\n");
}

/** What takes the place of a stack's comment when there is no report: the old one would be about another change. */
export function failureMarkdown(stack: string, problems: readonly string[], commit?: string): string {
  const head = [marker(stack), `**DNS of ${code(stack)}: the review could not be made.** What this change does to mail is not known.`, ""];
  const lines: string[] = [];
  for (const problem of problems) {
    const line = `- ${prose(problem)}`;
    if (lines.join("\n").length + line.length > budget - reserve) break;
    lines.push(line);
  }
  if (lines.length < problems.length) lines.push(`- and ${problems.length - lines.length} more, which the log has`);
  return [...head, ...lines, "", ...(commit === undefined ? [] : [`Commit ${code(commit)}`, ""])].join("\n");
}

function fitted(parts: readonly Part[], room: number): { lines: string[]; leftOut: string[] } {
  const lines: string[] = [];
  const left = new Map<string, number>();
  let rest = room;
  for (const { what, head, rows } of parts) {
    const headSize = head.reduce((sum, line) => sum + line.length + 1, 0);
    let size = headSize;
    let kept = 0;
    for (const row of rows) {
      if (size + row.length + 1 > rest) break;
      size += row.length + 1;
      kept += 1;
    }
    const fits = headSize <= rest && (rows.length === 0 || kept > 0);
    if (fits) {
      lines.push(...head, ...rows.slice(0, kept));
      rest -= size;
    }
    const lost = rows.length - (fits ? kept : 0);
    if (lost > 0 || !fits) left.set(what, (left.get(what) ?? 0) + Math.max(lost, 1));
  }
  return { lines, leftOut: [...left].map(([what, count]) => (what.includes("#") ? what.replace("#", String(count)) : what)) };
}

function parts(report: Report): Part[] {
  const told = toldDomains(report);
  const untold = report.domains.filter((domain) => !isTold(domain));
  const moved = told.filter(({ path }) => deliveryPath(path.before) !== deliveryPath(path.after));
  return [
    ...exchangers(report.exchangers),
    ...told.map(domain),
    ...list("#### What the deploy changes", "what the deploy changes (# records)", report.effect),
    ...list("#### Changed by hand since", "what was changed by hand (# records)", report.foreign),
    ...(untold.length === 0
      ? []
      : [
          {
            what: "the domains without a change",
            head: ["", `No change for ${untold.map((each) => code(each.domain)).join(", ")}.`],
            rows: [],
          },
        ]),
    ...(moved.length === 0 ? [] : [details("The delivery path, drawn", block("mermaid", deliveryDiagram(moved)))]),
    details("Every record that is wanted", block("", report.zone)),
  ];
}

/** Findings with what is wrong and the way out. */
function explained(all: readonly Finding[]): string[] {
  return all.map((each) => {
    const { rule, record, message, fix } = each;
    const answer = answered(each);
    return `- **${weight(each)}**: ${code(rule)}, ${code(record)}<br>${prose(message)}<br>Way out: ${prose(fix)}${answer === undefined ? "" : `<br>${prose(answer)}`}`;
  });
}

function named(all: readonly Finding[]): string[] {
  return all.map((each) => `- **${weight(each)}**: ${code(each.rule)}, ${code(each.record)}`);
}

function counted(all: readonly Finding[]): string[] {
  const times = new Map<string, number>();
  for (const each of all) {
    const key = `- **${weight(each)}**: ${code(each.rule)}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return [...times].map(([key, count]) => `${key}, ${count} records`);
}

function exchangers(reports: readonly ExchangerReport[]): Part[] {
  if (reports.length === 0) return [];
  const head = ["", "| Exchanger | Machine | Address | Reverse name | HELO | |", "| --- | --- | --- | --- | --- | --- |"];
  const rows = reports.map(
    (each) =>
      `| ${code(each.host)} (${text(each.key)}) | ${text(machine(each))} | ${code(each.address)} | ${code(reverseName(each))} | ${code(each.helo)} | ${consistency(each)} |`,
  );
  return [{ what: "# exchangers", head, rows }];
}

function domain({ domain, verdict, blocked, changes, policies, path, oldAnswers }: DomainReport): Part {
  const [before, after] = [deliveryPath(path.before), deliveryPath(path.after)];
  const facts = [
    ...policies.map(code),
    before === after ? `Mail goes: ${code(after)}` : `Mail went: ${code(before)}<br>Mail will go: ${code(after)}`,
    ...(oldAnswers > 0 ? [`Old answers may still be given for ${duration(oldAnswers)}.`] : []),
  ];
  const words = ["", `#### ${text(domain)}${blocked ? ": blocked" : ""}`, "", prose(verdict), "", ...facts.map((fact) => `- ${fact}`)];
  if (changes.length === 0) return { what: "the words on # domains", head: words, rows: [] };
  return { what: "# changes", head: [...words, ...tableHead], rows: changes.map(row) };
}

const tableHead = ["", "| | Record | Data | TTL | Why |", "| --- | --- | --- | --- | --- |"];

function list(title: string, what: string, changes: readonly Change[]): Part[] {
  return changes.length === 0 ? [] : [{ what, head: ["", title, ...tableHead], rows: changes.map(row) }];
}

function row(change: Change): string {
  const { op, name, type, before, after, reason, unknown } = change;
  const [old, now] = [before, after].map((record) => (record === undefined ? undefined : data(record)));
  const shown = old !== undefined && now !== undefined && old !== now ? `${code(old)}<br>→ ${code(now)}` : code(now ?? old ?? "");
  const later = unknown.length === 0 ? "" : `<br>Known after the deploy: ${text(unknown.join(", "))}`;
  return `| ${code(signs[op])} | ${code(`${name} ${type}`)} | ${shown} | ${ttl(change)} | ${prose(reason)}${later} |`;
}

function details(title: string, content: string): Part {
  const what = title.charAt(0).toLowerCase() + title.slice(1);
  return { what, head: ["", `<details><summary>${title}</summary>`, "", content, "", "</details>"], rows: [] };
}
