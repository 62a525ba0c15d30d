import type { Exchanger } from "../plan/types";
import type { PlannedRecord } from "./record";

/** The host's name has its address: an MX must lead to a name with an address record, never to an alias (RFC 5321 section 5.1, RFC 2181 section 10.3). */
export function aRecord(exchanger: Exchanger, ttl: number): PlannedRecord {
  return {
    key: "a",
    name: exchanger.fqdn,
    ttl,
    rdata: { type: "A", address: { exchanger: exchanger.key } },
    reason: `Address of the ${exchanger.role} mail exchanger`,
  };
}
