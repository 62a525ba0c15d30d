import type { AddressOf, PlannedRecord } from "./record";
import { txtContent } from "./text";

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
 * @param addresses of exchangers by key, as far as they are known; `«address of KEY»` stands for one that is not
 */
export function present(record: PlannedRecord, addresses: ReadonlyMap<string, string>): Presented {
  const { name, ttl, rdata } = record;
  const known = ({ exchanger }: AddressOf): string => addresses.get(exchanger) ?? unknownAddress(exchanger);
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
      const reverse = address === undefined ? unknownReverseName(rdata.address.exchanger) : reverseName(address);
      return { name: reverse, type: rdata.type, content: rdata.target, ttl };
    }
    default: {
      const never: never = rdata;
      return never;
    }
  }
}

/** What stands for the address of an exchanger, by its key, before it is known. */
export const unknownAddress = (exchanger: string): string => `«address of ${exchanger}»`;

/** What stands for the name of a PTR record before the address is known. */
export const unknownReverseName = (exchanger: string): string => `«reverse name of ${exchanger}'s address»`;

/** The name under which an IPv4 address has its PTR (RFC 1035 section 3.5). */
export function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
}
