import type { Caa, Exchanger } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * Who may make certificates for a host's name, and whom to tell of others who were asked (RFC 8659 section 4; the account: RFC 8657 section 3). At the host's
 * own name, where a certificate authority looks first (section 3): what else the zone has is not its business. No wildcard: nobody needs one below a host.
 */
export function caaRecords({ fqdn }: Pick<Exchanger, "fqdn">, { issuer, accountUri, iodef }: Caa, ttl: number): PlannedRecord[] {
  const record = (tag: string, value: string, reason: string): PlannedRecord => ({
    key: `caa-${tag}`,
    name: fqdn,
    ttl,
    rdata: { type: "CAA", flags: 0, tag, value },
    reason,
  });
  return [
    record("issue", accountUri === undefined ? issuer : `${issuer}; accounturi=${accountUri}`, "Who may make the host's certificate"),
    record("issuewild", ";", "Nobody makes wildcard certificates below the host"),
    ...(iodef === undefined ? [] : [record("iodef", iodef, "Whom to tell of requests that were refused")]),
  ];
}
