import type { Hit, Rule } from "../rules/rule";
import type { Finding } from "./report";
import type { Acknowledgement, ReviewSettings } from "./settings";

/**
 * What a rule found, with the severity that the domain gives it and with who answers for it.
 *
 * @param day today, as 2026-12-31 (UTC)
 */
export function findingOf(rule: Rule, hit: Hit, settings: ReviewSettings, day: string): Finding {
  const severity = settings.severities.find((change) => change.rule === rule.id && change.domain === hit.domain)?.severity ?? rule.severity;
  const matching = settings.acknowledge.filter((acknowledgement) => acknowledges(acknowledgement, rule.id, hit.record));
  const acknowledged = matching.find(({ until }) => until >= day);
  const expired = matching[0];
  const finding = { rule: rule.id, severity, domain: hit.domain, record: hit.record, message: hit.message, fix: hit.fix };
  if (acknowledged !== undefined) return { ...finding, acknowledged };
  if (expired === undefined) return finding;
  return { ...finding, message: `${hit.message} It was acknowledged until ${expired.until}, which is over.`, expired };
}

const acknowledges = ({ rule, record }: Acknowledgement, id: string, found: string): boolean => rule === id && record === found;

export const isBlocking = ({ severity, acknowledged }: Finding): boolean => severity === "block" && acknowledged === undefined;

/** Rule of a finding about an acknowledgement. It is none of the records'. */
export const unusedRule = "acknowledgement-unused";

/** Acknowledgements that no finding needs: misspelt, or done with. Who leaves them would not hear of the next danger to that record. */
export function unused(settings: ReviewSettings, findings: readonly Finding[]): Finding[] {
  const found = new Set(findings.map(({ rule, record }) => `${rule} ${record}`));
  return settings.acknowledge
    .filter(({ rule, record }) => !found.has(`${rule} ${record}`))
    .map(({ rule, record }) => ({
      rule: unusedRule,
      severity: "warn",
      domain: "",
      record,
      message: `Rule ${rule} finds nothing at "${record}", and is acknowledged there.`,
      fix: "Take the acknowledgement out, or write the record as the finding has it.",
    }));
}
