import type { Exchanger } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * The TLS key of a host's port 25, for senders that check it by DNSSEC (DANE; RFC 7672 section 3.1.1: usage 3, selector 1, matching type 1). A key that is
 * to come stands beside the present one for at least two TTLs before the host has it (section 8.1).
 */
export function tlsaRecords(exchanger: Exchanger, ttl: number): PlannedRecord[] {
  const record = (
    key: string,
    certificate: Extract<PlannedRecord["rdata"], { type: "TLSA" }>["certificate"],
    reason: string,
  ): PlannedRecord => ({
    key,
    name: `_25._tcp.${exchanger.fqdn}`,
    ttl,
    rdata: { type: "TLSA", usage: 3, selector: 1, matchingType: 1, certificate },
    reason,
  });
  return [
    record("tlsa", { kind: "tlsKey", exchanger: exchanger.key }, "TLS key of the host's port 25"),
    ...(exchanger.nextTlsKey === undefined ? [] : [record("tlsa-next", exchanger.nextTlsKey, "TLS key that the host will have next")]),
  ];
}

/** A key's fingerprint as Postfix prints it, `AA:BB:…`, as TLSA records have it. */
export function associationData(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
