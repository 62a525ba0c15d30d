import type { Domain } from "../plan/types";
import type { PlannedRecord } from "./record";

/** The name where clients of Thunderbird's kind look for their settings (draft-ietf-mailmaint-autoconfig). */
export const autoconfigHost = (domain: string): string => `autoconfig.${domain}`;

/**
 * The web host that tells mail clients their settings: Thunderbird's kind by a name of its own, Outlook's by SRV, whose certificate is the web host's own
 * (Microsoft, [MS-OXDISCO] section 3.1.5).
 */
export function autoconfigRecords(domain: Pick<Domain, "name">, host: string, ttl: number): PlannedRecord[] {
  return [
    {
      key: "autoconfig",
      name: autoconfigHost(domain.name),
      ttl,
      rdata: { type: "CNAME", target: host },
      reason: "Web host that tells mail clients their settings",
    },
    {
      key: "autodiscover",
      name: `_autodiscover._tcp.${domain.name}`,
      ttl,
      rdata: { type: "SRV", priority: 0, weight: 0, port: 443, target: host },
      reason: "Web host that tells Outlook its settings",
    },
  ];
}
