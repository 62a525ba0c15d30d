import { masterFile } from "../zone-file";
import type { Rule } from "../rules/rule";
import { rules as everyRule } from "../rules/rules";
import { findingOf, isBlocking, unused } from "./acknowledgements";
import type { Change } from "./change";
import { checksumOf } from "./checksum";
import { exchangerReports } from "./exchangers";
import { grouped } from "./grouped";
import { deliveryPath } from "./path";
import { policyTerms } from "./policies";
import type { DomainReport, Report } from "./report";
import type { ReviewSettings } from "./settings";
import type { Side } from "./side";
import { verdictOf } from "./verdict";
import { worlds } from "./worlds";

export interface Reviewed {
  /** Project and stack, for instance `mailserver/production`. */
  readonly stack: string;
  /** Desired records: of kind `plan`. */
  readonly head: Side;
  /** What they are compared with. Changes and findings are about the first; each other one tells what the first does not know. */
  readonly against: readonly [Side, ...Side[]];
  readonly settings: ReviewSettings;
  /** Today, as 2026-12-31 (UTC): acknowledgements end. */
  readonly day: string;
  readonly commit?: string;
}

/** What a change does to DNS, and what that means for mail. */
export function review({ stack, head, against, settings, day, commit }: Reviewed, rules: readonly Rule[] = everyRule): Report {
  const world = worlds(head, against);
  const { before, after, changes, domains } = world;
  const touched = new Set(changes.map(({ domain }) => domain));
  const all = rules.flatMap((rule) => [...rule.check(world)].map((hit) => findingOf(rule, hit, settings, day)));
  // What was so before and is no danger is no news.
  const findings = all.filter(({ severity, domain }) => severity === "block" || domain === "" || touched.has(domain));

  const changesOf = grouped(changes, ({ domain }) => domain);
  const findingsOf = grouped(findings, ({ domain }) => domain);
  const names = new Set([...domains, ...(head.plan === undefined ? [] : [head.plan.hostZone.name]), ...touched, ...findingsOf.keys()]);
  names.delete("");
  const reports = [...names].map((domain): DomainReport => {
    const own = changesOf.get(domain) ?? [];
    const found = findingsOf.get(domain) ?? [];
    const path = { before: deliveryPath(before, domain, world.zoneOf), after: deliveryPath(after, domain, world.zoneOf) };
    return {
      domain,
      verdict: verdictOf(own, path, found),
      blocked: found.some(isBlocking),
      changes: own,
      policies: policyTerms(own),
      path,
      oldAnswers: Math.max(0, ...own.map((change) => change.before?.ttl ?? 0)),
      findings: found,
    };
  });
  const lists = { domains: reports, effect: world.effect, foreign: world.byHand };
  const count = (op: Change["op"]): number => changes.filter((change) => change.op === op).length;
  return {
    version: 1,
    stack,
    head: head.label,
    ...(commit === undefined ? {} : { commit }),
    against: against.map(({ label }) => label),
    checksum: checksumOf(lists),
    verdict: findings.some(isBlocking) ? "blocked" : "ok",
    summary: {
      create: count("create"),
      update: count("update"),
      delete: count("delete"),
      unchanged: world.desired.length - count("create") - count("update"),
      unknown: world.desired.filter(({ name, content }) => name.includes("«") || content.includes("«")).length,
    },
    domains: reports,
    exchangers: exchangerReports(head, against, after),
    effect: world.effect,
    foreign: world.byHand,
    findings: [...(findingsOf.get("") ?? []), ...unused(settings, all)],
    zone: masterFile(world.desired),
  };
}
