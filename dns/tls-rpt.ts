import type { Domain } from "../plan/types";
import type { PlannedRecord } from "./record";

/** Whom senders tell that TLS has failed, or that it has not (RFC 8460 section 3). */
export function tlsReportRecord(domain: Pick<Domain, "name">, uris: readonly string[], ttl: number): PlannedRecord[] {
  if (uris.length === 0) return [];
  return [
    {
      key: "tls-rpt",
      name: `_smtp._tls.${domain.name}`,
      ttl,
      rdata: { type: "TXT", value: [`v=TLSRPTv1; rua=${uris.join(",")}`] },
      reason: "Senders report here how TLS went",
    },
  ];
}
