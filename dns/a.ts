import type { MailHost } from "../plan/types";
import type { PlannedRecord } from "./record";

/** The host's name has its address: an MX must lead to a name with an address record, never to an alias (RFC 5321 section 5.1, RFC 2181 section 10.3). */
export function aRecord(host: Pick<MailHost, "key" | "role" | "fqdn">, ttl: number): PlannedRecord {
  return {
    key: "a",
    name: host.fqdn,
    ttl,
    rdata: { type: "A", address: { kind: "address", exchanger: host.key } },
    reason: `Address of the ${host.role} mail exchanger`,
  };
}
