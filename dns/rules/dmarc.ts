import { dataOf } from "../review/pairs";
import type { RecordSet } from "../review/record-set";
import { lookUp, parentOf } from "../review/scope";
import { tagsOf, txtKind } from "../review/txt";
import { exchangersOf } from "./targets";
import type { Rule } from "./rule";

const policies = ["none", "quarantine", "reject"];

function recordsOf(records: RecordSet, domain: string): string[] {
  const name = `_dmarc.${domain}`;
  return records
    .of(name, "TXT")
    .map(dataOf)
    .filter((text) => txtKind(name, text) === "dmarc");
}

/** What is asked of receivers for mail of a domain, of names below it, and of names below it that do not exist. */
interface Asked {
  readonly p: string;
  readonly sp: string;
  readonly np: string;
}

/** The domain's own record, or that of the next domain above it which has one (RFC 9989 section 4.10). */
function asked(records: RecordSet, domain: string): Asked {
  const own = tags(records, domain);
  if (own !== undefined) return own;
  const above = lookUp(parentOf(domain), (name) => tags(records, name));
  return above === undefined ? { p: "none", sp: "none", np: "none" } : { p: above.sp, sp: above.sp, np: above.np };
}

function tags(records: RecordSet, domain: string): Asked | undefined {
  const [text, ...others] = recordsOf(records, domain);
  if (text === undefined || others.length > 0) return undefined;
  const all = tagsOf(text);
  const known = (policy: string | undefined): string | undefined =>
    policy === undefined ? undefined : policies.find((one) => one === policy.toLowerCase());
  // In test mode receivers do one thing less (RFC 9989 section 4.7, tag t).
  const tested = (policy: string): string =>
    all.get("t")?.toLowerCase() === "y" ? (policies[policies.indexOf(policy) - 1] ?? "none") : policy;
  const p = known(all.get("p")) ?? "none";
  const sp = known(all.get("sp")) ?? p;
  const np = known(all.get("np")) ?? sp;
  return { p: tested(p), sp: tested(sp), np: tested(np) };
}

const multiple: Rule = {
  id: "dmarc-multiple",
  severity: "block",
  summary: "A domain has two DMARC records",
  reason: "Receivers take neither, so that nothing is asked of them.",
  source: "RFC 9989 section 4.10",
  *check({ domains, after }) {
    for (const domain of domains) {
      const records = recordsOf(after, domain);
      if (records.length < 2) continue;
      yield {
        domain,
        record: `_dmarc.${domain} TXT`,
        message: `_dmarc.${domain} has ${records.length} DMARC records: ${records.map((text) => JSON.stringify(text)).join(" and ")}.`,
        fix: "Keep one, and take the others out of the zone.",
      };
    }
  },
};

const weakened: Rule = {
  id: "dmarc-weakened",
  severity: "block",
  summary: "Less is asked of receivers for mail that only claims to be the domain's",
  reason: "Mail that was refused or put aside reaches people.",
  source: "RFC 9989 section 4.7",
  *check({ domains, before, after }) {
    for (const domain of domains) {
      if (recordsOf(before, domain).length === 0) continue;
      // Its MX goes as well, and that is said elsewhere.
      if (exchangersOf(before, domain).length > 0 && after.of(domain, "MX").length === 0) continue;
      const old = asked(before, domain);
      const now = asked(after, domain);
      const weaker = (["p", "sp", "np"] as const).filter((tag) => policies.indexOf(now[tag]) < policies.indexOf(old[tag]));
      const [tag] = weaker;
      if (tag === undefined) continue;
      yield {
        domain,
        record: `_dmarc.${domain} TXT`,
        message: `The DMARC policy of ${domain} becomes weaker: ${weaker.map((one) => `${one} ${old[one]} → ${now[one]}`).join(", ")}.`,
        fix: `Keep ${tag}=${old[tag]}, or acknowledge it for as long as it takes.`,
      };
    }
  },
};

const none: Rule = {
  id: "dmarc-none",
  severity: "warn",
  summary: "DMARC asks for nothing (p=none)",
  reason: "It is for the weeks in which reports are read; for good, it lets others send as the domain.",
  source: "RFC 9989 section 4.7",
  *check({ domains, after }) {
    for (const domain of domains) {
      if (recordsOf(after, domain).length !== 1 || asked(after, domain).p !== "none") continue;
      yield {
        domain,
        record: `_dmarc.${domain} TXT`,
        message: `The DMARC policy of ${domain} asks receivers for nothing.`,
        fix: "When reports show that all of the domain's own mail passes, go on to p=quarantine, then to p=reject.",
      };
    }
  },
};

export const dmarcRules: readonly Rule[] = [multiple, weakened, none];
