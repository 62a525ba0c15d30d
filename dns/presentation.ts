import { factName, knownOrNamed, type Fact, type Facts } from "./fact";
import type { PlannedRecord } from "./record";
import { quotedStrings } from "./text";

/**
 * A record as a person or a zone file has it, and as every source of records gives it, so that two can be compared. What is not known yet stands in it by
 * its name: `«address of mx1»`.
 */
export interface Presented {
  /** Owner name, fully qualified, lower case, no trailing dot; other letters than ASCII as `xn--`. */
  name: string;
  /** `A`, `AAAA`, `MX`, `TXT`, `SRV`, `CNAME`, `CAA`, `TLSA`, `DS` or `PTR`; of what is not ours any other. */
  type: string;
  /**
   * Its data in presentation format (RFC 1035 section 5.1), names in it as `name`, hexadecimal in lower case, TXT in quoted strings of at most 255 octets;
   * for MX the host name without its preference (`.` for a null MX), for SRV all four fields.
   */
  content: string;
  /** MX preference. */
  priority?: number;
  /** Seconds. */
  ttl: number;
}

/**
 * @param facts as far as they are known, by name; `«address of KEY»` stands for one that is not
 */
export function present(record: PlannedRecord, facts: Facts): Presented {
  const { name, ttl, rdata } = record;
  const { type } = rdata;
  switch (type) {
    case "A":
    case "AAAA":
      return { name, type, content: knownOrNamed(rdata.address, facts), ttl };
    case "MX":
      return { name, type, content: rdata.exchange, priority: rdata.preference, ttl };
    case "TXT":
      return { name, type, content: quotedStrings(filledIn(rdata.value, facts)), ttl };
    case "SRV":
      return { name, type, content: [rdata.priority, rdata.weight, rdata.port, rdata.target].join(" "), ttl };
    case "CNAME":
      return { name, type, content: rdata.target, ttl };
    case "CAA":
      return { name, type, content: `${rdata.flags} ${rdata.tag} ${quotedStrings(rdata.value)}`, ttl };
    case "TLSA": {
      const { usage, selector, matchingType, certificate } = rdata;
      return { name, type, content: [usage, selector, matchingType, filledIn([certificate], facts)].join(" "), ttl };
    }
    case "PTR": {
      const address = facts.get(factName(rdata.address));
      const reverse = address === undefined ? unknownReverseName(rdata.address.exchanger) : reverseName(address);
      return { name: reverse, type, content: rdata.target, ttl };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** What stands for the address of an exchanger, by its key, before it is known. */
export const unknownAddress = (exchanger: string): string => knownOrNamed({ kind: "address", exchanger }, new Map());

/** What stands for the name of a PTR record before the address is known. */
export const unknownReverseName = (exchanger: string): string => `«reverse name of ${exchanger}'s address»`;

/** Parts of a value as one text, with the name of what is not known yet. */
function filledIn(parts: readonly (string | Fact)[], facts: Facts): string {
  return parts.map((part) => (typeof part === "string" ? part : knownOrNamed(part, facts))).join("");
}

/** The name under which an IPv4 address has its PTR (RFC 1035 section 3.5). */
export function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
}
