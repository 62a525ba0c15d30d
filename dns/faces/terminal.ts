import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { Change } from "../review/change";
import type { DomainReport, ExchangerReport, Finding, Report } from "../review/report";
import { visible } from "./visible";
import {
  answered,
  consistency,
  counts,
  data,
  deliveryPath,
  duration,
  machine,
  reverseName,
  signs,
  toldDomains,
  ttl,
  weight,
} from "./wording";

export interface Terminal {
  /** In columns; narrower than 40 is taken as 40. */
  readonly width: number;
  /** Whether it is coloured. That NO_COLOR or a pipe forbids it is the caller's knowledge. */
  readonly colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

const narrowest = 40;
const colours: Readonly<Record<Change["op"], Style>> = { create: "green", update: "yellow", delete: "red" };
const weights: Readonly<Record<string, Style>> = { blocks: ["bold", "red"], warns: "yellow", acknowledged: "dim" };

/** A report for a person at a terminal. Lines break between words; what is longer than a line goes on in the next one, and nothing is left out. */
export function terminal(report: Report, { width, colour }: Terminal): string {
  const columns = Math.max(width, narrowest);
  const lines: string[] = [];
  const styled = (style: Style, text: string): string => (colour ? styleText(style, text, { validateStream: false }) : text);
  /** One paragraph: `lead` stands at its left, the other lines begin under its text. */
  const say = (lead: string, text: string, style?: Style): void => {
    const shown = style === undefined ? visible(text) : styled(style, visible(text));
    const room = columns - lead.length;
    const [first = "", ...rest] = wrapAnsi(shown, room, { hard: true, trim: true }).split("\n");
    lines.push(lead + first, ...rest.map((line) => " ".repeat(lead.length) + line));
  };
  const blank = (): void => {
    if (lines.at(-1) !== "") lines.push("");
  };

  const change = (each: Change, indent: string): void => {
    const { op, name, type, before, after, reason, unknown } = each;
    const either = after ?? before;
    const inner = `${indent}  `;
    say(`${indent}${signs[op]} `, `${name} ${type}, TTL ${ttl(each)}`, colours[op]);
    if (before !== undefined && after !== undefined && data(before) !== data(after)) {
      say(`${inner}was `, data(before));
      say(`${inner}now `, data(after));
    } else if (either !== undefined) say(inner, data(either));
    say(inner, reason, "dim");
    if (unknown.length > 0) say(inner, `known after the deploy: ${unknown.join(", ")}`, "cyan");
  };

  const changes = (title: string, all: readonly Change[]): void => {
    if (all.length === 0) return;
    blank();
    say("", title, "bold");
    for (const each of all) change(each, "  ");
  };

  const finding = (each: Finding, indent: string): void => {
    const kind = weight(each);
    say(`${indent}! `, `${kind}: ${each.rule}, ${each.record}`, weights[kind]);
    say(`${indent}  `, each.message);
    say(`${indent}  `, `Way out: ${each.fix}`);
    const answer = answered(each);
    if (answer !== undefined) say(`${indent}  `, answer);
  };

  const domain = ({ domain, verdict, blocked, changes, policies, path, oldAnswers, findings }: DomainReport): void => {
    blank();
    say("", domain, "bold");
    say("  ", verdict, blocked ? ["bold", "red"] : "green");
    for (const each of findings) finding(each, "  ");
    for (const each of changes) change(each, "  ");
    for (const policy of policies) say("  policy  ", policy);
    const [before, after] = [deliveryPath(path.before), deliveryPath(path.after)];
    if (before === after) say("  mail goes  ", after);
    else {
      say("  mail went  ", before);
      say("  will go    ", after, path.after.length === 0 ? "red" : undefined);
    }
    if (oldAnswers > 0) say("  ", `Old answers may still be given for ${duration(oldAnswers)}.`);
  };

  const exchanger = (each: ExchangerReport): void => {
    const { key, host, address, helo } = each;
    say("  ", `${key}, ${host}: machine ${machine(each)}`, each.machine === "none" ? undefined : "yellow");
    say(
      "    ",
      `address: ${address}; reverse name: ${reverseName(each)}; HELO: ${helo}; ${consistency(each)}`,
      each.consistent === false ? "red" : undefined,
    );
  };

  const blocked = report.verdict === "blocked";
  say("", `${report.stack}: ${blocked ? "blocked" : "nothing blocks"}`, blocked ? ["bold", "red"] : ["bold", "green"]);
  say("", counts(report.summary));
  say("", `${report.head}, against ${report.against.join(" and ")}`);
  for (const each of report.findings) finding(each, "");
  const told = toldDomains(report);
  told.forEach(domain);
  const untold = report.domains.length - told.length;
  if (untold > 0) {
    blank();
    say("", `${untold} ${untold === 1 ? "domain" : "domains"} without a change`);
  }
  if (report.exchangers.length > 0) {
    blank();
    say("", "Exchangers", "bold");
    report.exchangers.forEach(exchanger);
  }
  changes("What the deploy changes", report.effect);
  changes("Changed by hand since", report.foreign);
  blank();
  if (report.commit !== undefined) say("", `commit ${report.commit}`);
  // Never broken: it is copied.
  lines.push(`checksum ${report.checksum}`.length > columns ? `checksum\n${report.checksum}` : `checksum ${report.checksum}`);
  return `${lines.join("\n")}\n`;
}
