import type { Domain, MailHost } from "../plan/types";
import { clientServices } from "../plan/services";
import type { PlannedRecord } from "./record";

/**
 * Where mail clients find their services, so that a person types an address and a password (RFC 6186 section 3, RFC 8314 section 5.1, RFC 5804 section 1.8
 * for `sieve`). Services with TLS from the first byte come before the others. One that is not offered has the target `.` (RFC 2782, RFC 6186 section 3.4).
 */
export function srvRecords(
  domain: Pick<Domain, "name">,
  offered: readonly string[],
  exchangers: readonly MailHost[],
  ttl: number,
): PlannedRecord[] {
  const primary = exchangers.find(({ role }) => role === "primary");
  if (primary === undefined) return [];
  return clientServices.map(({ name, port, priority, meaning }): PlannedRecord => {
    const place = { key: `srv-${name}`, name: `_${name}._tcp.${domain.name}`, ttl };
    return offered.includes(name)
      ? {
          ...place,
          rdata: { type: "SRV", priority, weight: 1, port, target: primary.fqdn },
          reason: meaning,
          leadsTo: primary.key,
        }
      : { ...place, rdata: { type: "SRV", priority: 0, weight: 0, port: 0, target: "." }, reason: `Not offered: ${meaning}` };
  });
}
