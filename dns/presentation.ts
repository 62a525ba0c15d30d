import type { AddressOf, PlannedRecord } from "./record";
import { txtContent } from "./text";

/** A record as a person or a zone file has it. */
export interface Presented {
  /** Owner name, fully qualified, no trailing dot. */
  name: string;
  /** `A`, `MX`, `TXT` or `PTR`. */
  type: string;
  /** What it says; for MX the host name without its preference. */
  content: string;
  /** MX preference. */
  priority?: number;
  /** Seconds. */
  ttl: number;
}

/**
 * @param addresses of exchangers by key, as far as they are known; `«address of KEY»` stands for one that is not
 */
export function present(record: PlannedRecord, addresses: ReadonlyMap<string, string>): Presented {
  const { name, ttl, rdata } = record;
  const known = ({ exchanger }: AddressOf): string => addresses.get(exchanger) ?? `«address of ${exchanger}»`;
  switch (rdata.type) {
    case "A":
      return { name, type: rdata.type, content: known(rdata.address), ttl };
    case "MX":
      return { name, type: rdata.type, content: rdata.exchange, priority: rdata.preference, ttl };
    case "TXT":
      return {
        name,
        type: rdata.type,
        content: txtContent(rdata, new Map(rdata.addresses.map((address) => [address.exchanger, known(address)]))),
        ttl,
      };
    case "PTR": {
      const address = addresses.get(rdata.address.exchanger);
      const reverse = address === undefined ? `«reverse name of ${rdata.address.exchanger}'s address»` : reverseName(address);
      return { name: reverse, type: rdata.type, content: rdata.target, ttl };
    }
    default: {
      const never: never = rdata;
      return never;
    }
  }
}

/** The name under which an IPv4 address has its PTR (RFC 1035 section 3.5). */
function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
}
