import type { Dmarc, Domain } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * What receivers do with mail that is the domain's by neither SPF nor DKIM, and whom they tell (RFC 9989 section 4.7). `p` stands first after `v`, and no
 * tag has its default written out but `p`: readers of before 2026 want both (RFC 7489 section 6.3).
 */
export function dmarcRecord(domain: Pick<Domain, "name">, { tags }: Dmarc, ttl: number): PlannedRecord {
  const value = [["v", "DMARC1"], ...tags].map(([tag, text]) => `${tag}=${text}`).join("; ");
  return {
    key: "dmarc",
    name: `_dmarc.${domain.name}`,
    ttl,
    rdata: { type: "TXT", value: [value] },
    reason: "What becomes of mail that only claims to be the domain's",
  };
}

/** Nobody sends as the domain, and what claims to be from it or from a name below it is refused. */
export function dmarcReject(name: string, ttl: number): PlannedRecord {
  return dmarcRecord({ name }, { tags: [["p", "reject"]] }, ttl);
}

/** The domain takes DMARC reports about others, which each of them needs (RFC 9990 section 4; RFC 7489 section 7.1). */
export function reportAuthorisations(domain: Pick<Domain, "name">, reportsFor: readonly string[], ttl: number): PlannedRecord[] {
  return reportsFor.map((other) => ({
    key: `dmarc-reports-${other}`,
    name: `${other}._report._dmarc.${domain.name}`,
    ttl,
    rdata: { type: "TXT", value: ["v=DMARC1"] },
    reason: "DMARC reports about the other domain are taken here",
  }));
}
