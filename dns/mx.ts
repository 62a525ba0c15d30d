import type { Domain, MailHost } from "../plan/types";
import type { PlannedRecord } from "./record";

/** Where mail for the domain goes: one record an exchanger, the lowest preference first (RFC 5321 section 5.1). */
export function mxRecords(domain: Pick<Domain, "name">, exchangers: readonly MailHost[], ttl: number): PlannedRecord[] {
  return exchangers.map(({ key, role, preference, fqdn }) => ({
    key: `mx-${key}`,
    name: domain.name,
    ttl,
    rdata: { type: "MX", preference, exchange: fqdn },
    reason: role === "primary" ? "Mail for the domain goes to the primary" : "Mail waits here while the primary is down",
    leadsTo: key,
  }));
}

/** The domain takes no mail, and a sender is told so at once; it has no other MX (RFC 7505 section 3). */
export function nullMx(name: string, ttl: number): PlannedRecord {
  return { key: "mx", name, ttl, rdata: { type: "MX", preference: 0, exchange: "." }, reason: "The domain takes no mail" };
}
