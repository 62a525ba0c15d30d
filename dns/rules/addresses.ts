import { dataOf } from "../review/pairs";
import type { SourceRecord } from "../review/side";
import { spfTerms, txtKind } from "../review/txt";
import { reverseName } from "../presentation";
import type { Comparison, Rule } from "./rule";
import { addressRecords, targets } from "./targets";

/** Seconds: what moves must not be answered longer than this from before. */
const longestBeforeMove = 3600;

const orphaned: Rule = {
  id: "address-orphaned",
  severity: "block",
  summary: "An address goes while other records lead to it",
  reason: "Who follows an MX, a service's SRV, a reverse name or an SPF term comes to nothing.",
  source: "RFC 5321 section 5.1, RFC 2782, RFC 7208 section 5.3",
  *check(comparison) {
    const gone = comparison.changes.filter(
      ({ op, type, name }) =>
        op === "delete" && (type === "A" || type === "AAAA") && comparison.after.at(name).every((record) => !isAnswer(record)),
    );
    if (gone.length === 0) return;
    const references = referencesIn(comparison);
    for (const { domain, name, type, before } of gone) {
      const literal = before === undefined ? "" : before.content;
      const isStillUsed = comparison.after.records.some((record) => isAddress(record) && record.content === literal);
      const found = [...(references.get(name) ?? []), ...(isStillUsed ? [] : (references.get(literal) ?? []))];
      if (found.length === 0) continue;
      yield {
        domain,
        record: `${name} ${type}`,
        message: `The address of ${name} goes, and ${listed(found)} ${found.length === 1 ? "leads" : "lead"} to it.`,
        fix: "Change what leads to it first, or keep the address.",
      };
    }
  },
};

const isAddress = ({ type }: SourceRecord): boolean => type === "A" || type === "AAAA";
const isAnswer = (record: SourceRecord): boolean => isAddress(record) || record.type === "CNAME";

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/** By host name or address: the records after the deploy that lead to it. */
function referencesIn({ after }: Comparison): Map<string, string[]> {
  const references = new Map<string, string[]>();
  const add = (target: string | undefined, { name, type }: SourceRecord): void => {
    if (target === undefined) return;
    const list = references.get(target);
    if (list === undefined) references.set(target, [`${name} ${type}`]);
    else list.push(`${name} ${type}`);
  };
  for (const record of after.records) {
    switch (record.type) {
      case "MX":
      case "PTR":
      case "CNAME":
        add(record.content, record);
        break;
      case "SRV":
        add(record.content.split(" ")[3], record);
        break;
      case "TXT": {
        const text = dataOf(record);
        if (txtKind(record.name, text) !== "spf") break;
        for (const term of spfTerms(text)) {
          const [, mechanism = "", value = ""] = /^[+?~-]?(a|ip4|ip6)(?::([^/]+))?/i.exec(term) ?? [];
          if (mechanism !== "") add(value === "" ? record.name : value, record);
        }
      }
    }
  }
  return references;
}

const reverseMismatch: Rule = {
  id: "ptr-mismatch",
  severity: "block",
  summary: "Reverse and forward name of an exchanger are not the same",
  reason: "Large receivers refuse or defer mail from an address that does not lead to a name and back.",
  source: "RFC 1912 section 2.1; https://support.google.com/mail/answer/81126",
  *check(comparison) {
    const { after, domainOf } = comparison;
    const reverses = after.records.filter(({ type }) => type === "PTR");
    // A source that has no reverse names at all does not tell.
    if (reverses.length === 0) return;
    const hosts = new Set([...(after.side.plan?.exchangers ?? []).map(({ fqdn }) => fqdn), ...targets(after, comparison).keys()]);
    const told = new Set<string>();
    for (const record of reverses) {
      const { name, content } = record;
      if (!hosts.has(content) || name.includes("«")) continue;
      const forward = addressRecords(after, content);
      if (forward.some((address) => address.content.includes("«") || address.type === "AAAA" || reverseName(address.content) === name))
        continue;
      told.add(name);
      yield {
        domain: domainOf(record),
        record: `${name} PTR`,
        message: `${name} leads to ${content}, and ${content} ${forward.length === 0 ? "has no address" : `leads to ${forward.map((address) => address.content).join(" and ")}`}.`,
        fix: "Give the name the address that leads to it.",
      };
    }
    for (const { fqdn } of after.side.plan?.exchangers ?? []) {
      for (const address of after.of(fqdn, "A")) {
        if (address.content.includes("«")) continue;
        const name = reverseName(address.content);
        const back = after.of(name, "PTR");
        if (told.has(name) || back.some(({ content }) => content === fqdn)) continue;
        yield {
          domain: domainOf(address),
          record: `${name} PTR`,
          message: `${fqdn} leads to ${address.content}, and from there ${back[0] === undefined ? "no name leads back" : `back to ${back[0].content}`}.`,
          fix: `Let the reverse name of ${address.content} be ${fqdn}.`,
        };
      }
    }
  },
};

const slowMove: Rule = {
  id: "ttl-too-high-before-move",
  severity: "block",
  summary: "An address changes that resolvers keep for more than an hour",
  reason: "Until the old answer is forgotten, senders connect to the old address.",
  source: "RFC 1034 section 3.6, RFC 2181 section 8",
  *check({ changes, published }) {
    for (const { op, domain, name, type, before, after } of changes) {
      if (op !== "update" || (type !== "A" && type !== "AAAA") || before === undefined || before.content === after?.content) continue;
      const ttl = Math.max(before.ttl, ...(published?.of(name, type) ?? []).map((record) => record.ttl));
      if (ttl <= longestBeforeMove) continue;
      yield {
        domain,
        record: `${name} ${type}`,
        message: `The address of ${name} changes, and resolvers may answer the old one for ${ttl} s.`,
        fix: `Lower the TTL to 300, deploy, wait ${ttl} s, and move it then.`,
      };
    }
  },
};

export const addressRules: readonly Rule[] = [orphaned, reverseMismatch, slowMove];
