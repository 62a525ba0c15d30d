import type { Domain, Exchanger, MailHost } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * Who may send as the domain: the primary, through which everybody submits, and nobody else (RFC 7208). A backup hands what it holds to the primary only,
 * where the peer port asks for no SPF, and never bounces; so it needs no right to send as the domain, and gets none.
 *
 * Addresses, not `a` or `mx`: no look-up of the ten that a receiver allows (section 4.6.4), and `mx` would name the backups.
 */
export function domainSpf(domain: Pick<Domain, "name">, exchangers: readonly MailHost[], ttl: number): PlannedRecord {
  const senders = exchangers.filter(({ role }) => role === "primary");
  return {
    key: "spf",
    name: domain.name,
    ttl,
    rdata: {
      type: "TXT",
      value: ["v=spf1", ...senders.map(({ key }) => `ip4:{${key}}`), "-all"].join(" "),
      addresses: senders.map(({ key }) => ({ exchanger: key })),
    },
    reason: "Only the primary sends as this domain",
  };
}

/**
 * A host's own name, as it says it in HELO and as a message without a sender is checked by (RFC 7208 sections 2.3 and 2.4, with this very policy in 10.1.3).
 * Both roles have one: a backup says HELO too.
 */
export function heloSpf(exchanger: Exchanger, ttl: number): PlannedRecord {
  return {
    key: "spf",
    name: exchanger.fqdn,
    ttl,
    rdata: { type: "TXT", value: "v=spf1 a -all", addresses: [] },
    reason: "Only this host says its own name in HELO",
  };
}
