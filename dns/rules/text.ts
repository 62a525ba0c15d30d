import { dataOf } from "../review/pairs";
import type { Rule } from "./rule";

/** Octets of TXT at one name with which an answer still fits 512 (RFC 7208 section 3.4). */
const mostOctets = 450;

const long: Rule = {
  id: "txt-long",
  severity: "warn",
  summary: "The TXT records of a name do not fit into one small answer",
  reason: "The answer needs EDNS or TCP, which some networks do not let through; there the policy is not seen.",
  source: "RFC 7208 section 3.4",
  *check({ after, domainOf }) {
    const seen = new Set<string>();
    for (const record of after.side.records) {
      if (record.type !== "TXT" || seen.has(record.name)) continue;
      seen.add(record.name);
      const octets = after.of(record.name, "TXT").reduce((sum, each) => sum + Buffer.byteLength(dataOf(each)), 0);
      if (octets <= mostOctets) continue;
      yield {
        domain: domainOf(record),
        record: `${record.name} TXT`,
        message: `The TXT records of ${record.name} have ${octets} octets.`,
        fix: "Shorten them, or take out those that nobody reads any more.",
      };
    }
  },
};

export const textRules: readonly Rule[] = [long];
