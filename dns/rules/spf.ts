import type { RecordSet } from "../review/record-set";
import type { Comparison, Hit, Rule } from "./rule";
import { contains, parsedTerms, spfAt, type SpfTerm } from "./spf-record";
import { addressRecords, exchangersOf, isWhole } from "./targets";

/** Terms for which a receiver asks DNS, of which it takes ten (RFC 7208 section 4.6.4). */
const lookUps = new Set(["include", "a", "mx", "ptr", "exists", "redirect"]);
const mostLookUps = 10;
/** Look-ups that find nothing, of which it takes two. */
const mostVoid = 2;

/** Names whose SPF is the mail system's: of its domains, and of its hosts, which say them in HELO. */
function* names({ domains, after, domainOf }: Comparison): Iterable<{ readonly name: string; readonly domain: string }> {
  for (const domain of domains) yield { name: domain, domain };
  for (const { fqdn } of after.side.plan?.exchangers ?? [])
    yield { name: fqdn, domain: domainOf({ name: fqdn, type: "A", content: "", ttl: 0 }) };
}

function* perName(
  comparison: Comparison,
  check: (name: string, records: readonly string[]) => Pick<Hit, "message" | "fix"> | undefined,
): Iterable<Hit> {
  for (const { name, domain } of names(comparison)) {
    const found = check(name, spfAt(comparison.after, name));
    if (found !== undefined) yield { domain, record: `${name} TXT`, ...found };
  }
}

const multiple: Rule = {
  id: "spf-multiple",
  severity: "block",
  summary: "A name has two SPF records",
  reason: "Receivers take neither: the check fails for good (permerror), and DMARC with it.",
  source: "RFC 7208 sections 3.2 and 4.5",
  check: (comparison) =>
    perName(comparison, (name, records) =>
      records.length < 2
        ? undefined
        : {
            message: `${name} has ${records.length} SPF records: ${records.map((text) => JSON.stringify(text)).join(" and ")}.`,
            fix: "Put their terms into one, and take the others out of the zone.",
          },
    ),
};

const tooManyLookUps: Rule = {
  id: "spf-lookups",
  severity: "block",
  summary: "An SPF record asks for more than ten look-ups",
  reason:
    "Receivers stop at ten and take the record for broken (permerror). Records that it includes count too, as far as they are known here.",
  source: "RFC 7208 section 4.6.4",
  check: (comparison) =>
    perName(comparison, (name, [text, ...others]) => {
      if (text === undefined || others.length > 0) return undefined;
      const count = countLookUps(comparison.after, name, text, new Set());
      if (count <= mostLookUps) return undefined;
      return {
        message: `The SPF record of ${name} asks for ${count} look-ups, and receivers make ${mostLookUps}.`,
        fix: "Write addresses (ip4, ip6) in place of names, or leave out senders that are no longer used.",
      };
    }),
};

function countLookUps(records: RecordSet, name: string, text: string, seen: Set<string>): number {
  seen.add(name);
  return parsedTerms(text)
    .filter((term) => lookUps.has(term.name))
    .reduce((count, { name: mechanism, value }) => {
      const next = (mechanism === "include" || mechanism === "redirect") && !seen.has(value) ? spfAt(records, value)[0] : undefined;
      return count + 1 + (next === undefined ? 0 : countLookUps(records, value, next, seen));
    }, 0);
}

const saysNothing: Rule = {
  id: "spf-void-or-plus-all",
  severity: "block",
  summary: "An SPF record allows everybody, says nothing, or leads to nothing",
  reason:
    "+all lets anybody send as the domain. A record without terms protects nothing. More than two look-ups that find nothing, or an include of what is no SPF record, are an error.",
  source: "RFC 7208 sections 4.6.4, 5.1 and 5.2",
  check: (comparison) =>
    perName(comparison, (name, [text, ...others]) => {
      if (text === undefined || others.length > 0) return undefined;
      const terms = parsedTerms(text);
      if (terms.some(({ name: mechanism, qualifier }) => mechanism === "all" && qualifier === "+"))
        return { message: `The SPF record of ${name} lets everybody send (+all).`, fix: "End it with -all or ~all." };
      if (terms.length === 0) return { message: `The SPF record of ${name} has no terms.`, fix: "Name the senders and end it with -all." };
      const nowhere = terms.filter((term) => findsNothing(comparison, name, term));
      const broken = nowhere.find(({ name: mechanism }) => mechanism === "include" || mechanism === "redirect");
      if (broken === undefined && nowhere.length <= mostVoid) return undefined;
      return {
        message: `The SPF record of ${name} leads to nothing with ${(broken === undefined ? nowhere : [broken]).map((term) => term.text).join(", ")}.`,
        fix: "Take these terms out, or publish what they lead to.",
      };
    }),
};

function findsNothing(comparison: Comparison, owner: string, { name, value }: SpfTerm): boolean {
  const target = value === "" ? owner : value;
  // What only a plan tells is not all that is there.
  if (!lookUps.has(name) || target.includes("%") || comparison.published === undefined || !isWhole(comparison, target)) return false;
  const { after } = comparison;
  switch (name) {
    case "a":
    case "exists":
      return addressRecords(after, target).length === 0 && after.of(target, "CNAME").length === 0;
    case "mx":
      return exchangersOf(after, target).length === 0;
    case "include":
    case "redirect":
      return spfAt(after, target).length === 0 && after.of(target, "CNAME").length === 0;
    default:
      return false;
  }
}

const dropsSender: Rule = {
  id: "spf-drops-sender",
  severity: "block",
  summary: "Somebody who could send as the domain cannot any more",
  reason:
    "Mail from there fails SPF from the moment that the old record is forgotten. An exchanger's address that nothing has any more sends nothing.",
  source: "RFC 7208 sections 5 and 8.4",
  check: (comparison) => {
    const left = new Set(comparison.after.records.filter(({ type }) => type === "A" || type === "AAAA").map(({ content }) => content));
    const had = new Set(comparison.before.records.filter(({ type }) => type === "A" || type === "AAAA").map(({ content }) => content));
    const isGone = ({ value, prefix }: SpfTerm): boolean => prefix === undefined && had.has(value) && !left.has(value);
    return perName(comparison, (name, [text, ...others]) => {
      const [before, ...more] = spfAt(comparison.before, name);
      if (text === undefined || before === undefined || others.length > 0 || more.length > 0) return undefined;
      if (text === before) return undefined;
      const terms = parsedTerms(text).filter(({ qualifier }) => qualifier === "+" || qualifier === "");
      if (terms.some(({ name: mechanism }) => mechanism === "all")) return undefined;
      const dropped = parsedTerms(before).filter(
        (term) =>
          (term.qualifier === "+" || term.name === "redirect") &&
          term.name !== "all" &&
          !terms.some((now) => contains(now, term)) &&
          !isGone(term),
      );
      if (dropped.length === 0) return undefined;
      return {
        message: `Who sends as ${name} by ${dropped.map((term) => term.text).join(", ")} cannot any more.`,
        fix: "Keep the term while mail comes from there; if nobody sends there any more, acknowledge it.",
      };
    });
  },
};

const missesSender: Rule = {
  id: "spf-misses-sender",
  severity: "block",
  summary: "The primary may not send as one of its domains",
  reason: "Everybody's mail goes out through it, and would fail SPF everywhere.",
  source: "RFC 7208 section 5",
  *check(comparison) {
    const { after } = comparison;
    const primary = after.side.plan?.exchangers.find(({ role }) => role === "primary");
    if (primary === undefined) return;
    const addresses = addressRecords(after, primary.fqdn);
    for (const { name } of after.side.plan?.domains ?? []) {
      const [text, ...others] = spfAt(after, name);
      if (text === undefined || others.length > 0) continue;
      const terms = parsedTerms(text);
      const missed = addresses.find(({ type, content }) => terms.every((term) => !allows(comparison, name, term, type, content)));
      if (missed === undefined) continue;
      yield {
        domain: name,
        record: `${name} TXT`,
        message: `The SPF record of ${name} does not allow the primary, ${primary.fqdn} (${missed.content}).`,
        fix: `Add ${missed.type === "A" ? "ip4" : "ip6"}:${missed.content}.`,
      };
    }
  },
};

/** Whether a term lets an address send, or could: what other zones' records say is not known. */
function allows({ after }: Comparison, owner: string, { name, qualifier, value, prefix }: SpfTerm, type: string, address: string): boolean {
  const target = value === "" ? owner : value;
  switch (name) {
    case "ip4":
    case "ip6": {
      const range = { text: "", qualifier, name, value, ...(prefix === undefined ? {} : { prefix }) };
      return qualifier === "+" && contains(range, { text: "", qualifier, name: type === "A" ? "ip4" : "ip6", value: address });
    }
    case "a":
      return qualifier === "+" && addressRecords(after, target).some(({ content }) => content === address);
    case "mx":
      return (
        qualifier === "+" &&
        exchangersOf(after, target).some((mx) => addressRecords(after, mx.content).some(({ content }) => content === address))
      );
    case "include":
    case "redirect":
    case "exists":
    case "ptr":
      return true;
    case "all":
      return qualifier === "+" || qualifier === "?";
    default:
      return false;
  }
}

export const spfRules: readonly Rule[] = [multiple, tooManyLookUps, saysNothing, dropsSender, missesSender];
