import type { MailHost } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * The host's IPv6 address, where it has one (RFC 3596 section 2; RFC 5321 section 5.1 asks for A or AAAA). Exchangers of this module have none: a security
 * group and a subnet of theirs are IPv4's. A host that somebody else runs may have one.
 */
export function aaaaRecord(host: Pick<MailHost, "key" | "role" | "fqdn" | "hasIPv6">, ttl: number): PlannedRecord[] {
  if (!host.hasIPv6) return [];
  return [
    {
      key: "aaaa",
      name: host.fqdn,
      ttl,
      rdata: { type: "AAAA", address: { kind: "ipv6Address", exchanger: host.key } },
      reason: `IPv6 address of the ${host.role} mail exchanger`,
    },
  ];
}
