import { domainName } from "../../plan/domain-name";
import { nearest } from "../../plan/nearest";
import { Property, show } from "../../plan/property";
import type { Parsed, Problem } from "../../plan/types";
import type { Severity } from "../rules/rule";
import { rules } from "../rules/rules";
import type { Acknowledgement, ReviewSettings, SeverityChange } from "./settings";

/** Namespace of the settings in a stack file. The program reads none of it. */
export const settingsNamespace = "mailserver-review";

const severities: readonly Severity[] = ["block", "warn"];

/**
 * What a stack file says about the review:
 *
 *     mailserver-review:acknowledge:
 *       - { rule: mx-last-removed, record: club.test MX, reason: the club has closed, until: "2026-12-31" }
 *     mailserver-review:severity:
 *       - { rule: dmarc-none, domain: example.org, severity: block, reason: reports have been read for a year }
 *
 * @param value a map of the keys after `mailserver-review:`
 */
export function readSettings(value: unknown): Parsed<ReviewSettings> {
  const problems: Problem[] = [];
  const fields = new Property(settingsNamespace, value, problems).fields(["acknowledge", "severity"]);
  const acknowledge = elements(fields?.acknowledge, readAcknowledgement);
  const changes = elements(fields?.severity, readSeverity);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { acknowledge, severities: changes } };
}

/**
 * Findings that are let through this once, as `--allow` has them: `mx-last-removed=club.test MX`.
 *
 * @param day today, as 2026-12-31 (UTC)
 */
export function readAllowed(texts: readonly string[], day: string): Parsed<readonly Acknowledgement[]> {
  const problems: Problem[] = [];
  const allowed = texts.map((text): Acknowledgement => {
    const property = new Property("--allow", text, problems);
    const [rule = "", record] = text.split(/=(.*)/s);
    if (record === undefined) property.report(`${show(text)} is no RULE=RECORD; write it as "mx-last-removed=example.org MX".`);
    else {
      readRule(new Property("--allow", rule, problems));
      readRecord(new Property("--allow", record, problems));
    }
    return { rule, record: record ?? "", reason: "allowed on the command line", until: day };
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: allowed };
}

function elements<T>(property: Property | undefined, read: (element: Property) => T | undefined): T[] {
  if (property === undefined || property.isAbsent) return [];
  return (property.list() ?? []).map(read).filter((element) => element !== undefined);
}

function readAcknowledgement(property: Property): Acknowledgement | undefined {
  const fields = property.fields(["rule", "record", "reason", "until"]);
  if (fields === undefined) return undefined;
  const rule = readRule(fields.rule);
  const record = readRecord(fields.record);
  const reason = readReason(fields.reason, "why the danger is none, or is taken on");
  const until = readDay(fields.until);
  if (rule === undefined || record === undefined || reason === undefined || until === undefined) return undefined;
  return { rule, record, reason, until };
}

function readSeverity(property: Property): SeverityChange | undefined {
  const fields = property.fields(["rule", "domain", "severity", "reason"]);
  if (fields === undefined) return undefined;
  const rule = readRule(fields.rule);
  const domain = readDomain(fields.domain);
  const severity = severities.find((one) => one === fields.severity.string('"block" or "warn"'));
  if (severity === undefined && fields.severity.isText)
    fields.severity.report(`${fields.severity.shown} is no severity; write "block" or "warn".`);
  const reason = readReason(fields.reason, "why the rule weighs otherwise there");
  if (rule === undefined || domain === undefined || severity === undefined || reason === undefined) return undefined;
  return { rule, domain, severity, reason };
}

function readRule(property: Property): string | undefined {
  const text = property.string("the id of a rule");
  const ids = rules.map(({ id }) => id);
  if (text === undefined || ids.includes(text)) return text;
  const guess = nearest(text, ids);
  return property.report(
    `${show(text)} is no rule; ${guess === undefined ? "mailserver dns rules lists them." : `did you mean ${show(guess)}?`}`,
  );
}

function readRecord(property: Property): string | undefined {
  const text = property.string('a record, as the finding has it, such as "example.org MX"');
  if (text === undefined || /^(?:[^\s*]+ [A-Z][A-Z0-9]*|\* \*)$/.test(text)) return text;
  return property.report(`${show(text)} is no record; give its name and its type as the finding has them, such as "example.org MX".`);
}

function readReason(property: Property, meaning: string): string | undefined {
  const text = property.string(`a reason: ${meaning}`);
  if (text === undefined || text.trim() !== "") return text;
  return property.report(`The reason is empty; say ${meaning}.`);
}

function readDomain(property: Property): string | undefined {
  const text = property.string("a domain");
  if (text === undefined) return undefined;
  const result = domainName(text);
  return "error" in result ? property.report(`${show(text)} is no domain: ${result.error}.`) : result.name;
}

/** `pulumi config set` writes a day without quotes as a time: the same day. */
function readDay(property: Property): string | undefined {
  const text = property.string("the last day, such as 2026-12-31");
  if (text === undefined) return undefined;
  const day = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00:00(?:Z| \+0000 UTC))?$/.exec(text)?.[1];
  const isReal = day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return isReal ? day : property.report(`${show(text)} is no day; write year, month and day, such as "2026-12-31".`);
}
