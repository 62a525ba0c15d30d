import type { Domain, MailHost, Spf } from "../plan/types";
import type { Fact } from "./fact";
import type { PlannedRecord } from "./record";

/**
 * Who may send as the domain: the primary, through which everybody submits, and what the declaration adds; nobody else (RFC 7208). A backup hands what it
 * holds to the primary only, where the peer port asks for no SPF, and never bounces; so it needs no right to send as the domain, and gets none.
 *
 * Addresses, not `a` or `mx`: no look-up of the ten that a receiver allows (section 4.6.4), and `mx` would name the backups.
 */
export function domainSpf(domain: Pick<Domain, "name">, spf: Spf, exchangers: readonly MailHost[], ttl: number): PlannedRecord {
  const own = exchangers
    .filter(({ role }) => role === "primary")
    .flatMap(({ key, hasIPv6 }): (string | Fact)[] => [
      " ip4:",
      { kind: "address", exchanger: key },
      ...(hasIPv6 ? [" ip6:", { kind: "ipv6Address", exchanger: key } as const] : []),
    ]);
  const more = spf.terms.map((term) => ` ${term}`).join("");
  return {
    key: "spf",
    name: domain.name,
    ttl,
    rdata: { type: "TXT", value: ["v=spf1", ...own, `${more} ${spf.all}`] },
    reason: more === "" ? "Only the primary sends as this domain" : "The primary and these others send as this domain",
  };
}

/**
 * A host's own name, as it says it in HELO and as a message without a sender is checked by (RFC 7208 sections 2.3 and 2.4, with this very policy in 10.1.3).
 * Both roles have one: a backup says HELO too.
 */
export function heloSpf(host: Pick<MailHost, "fqdn">, ttl: number): PlannedRecord {
  return {
    key: "spf",
    name: host.fqdn,
    ttl,
    rdata: { type: "TXT", value: ["v=spf1 a -all"] },
    reason: "Only this host says its own name in HELO",
  };
}

/** Nobody sends as the domain (RFC 7208 section 10.1.2). */
export function noSenders(name: string, ttl: number): PlannedRecord {
  return { key: "spf", name, ttl, rdata: { type: "TXT", value: ["v=spf1 -all"] }, reason: "Nobody sends as this domain" };
}
