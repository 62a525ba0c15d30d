import { createHash } from "node:crypto";
import type { Domain, MailHost, MtaSts } from "../plan/types";
import type { PlannedRecord } from "./record";

/** The name of the web host that has the policy (RFC 8461 section 3.3). */
export const mtaStsHost = (domain: string): string => `mta-sts.${domain}`;

/** Where the policy is read. */
export const mtaStsUrl = (domain: string): string => `https://${mtaStsHost(domain)}/.well-known/mta-sts.txt`;

/** The policy: only these hosts, and only with TLS and a certificate that senders can check. Lines end with CRLF (RFC 8461 section 3.2). */
export function mtaStsPolicy({ mode, maxAge }: MtaSts, exchangers: readonly Pick<MailHost, "fqdn">[]): string {
  const fields = [["version", "STSv1"], ["mode", mode], ...exchangers.map(({ fqdn }) => ["mx", fqdn]), ["max_age", String(maxAge)]];
  return fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
}

/** That there is a policy, and which one: its id follows from its content, so that it changes when the policy does and not otherwise (RFC 8461 section 3.1). */
export function mtaStsRecords(domain: Pick<Domain, "name">, mtaSts: MtaSts, exchangers: readonly MailHost[], ttl: number): PlannedRecord[] {
  const id = createHash("sha256").update(mtaStsPolicy(mtaSts, exchangers)).digest("hex").slice(0, 20);
  const policy: PlannedRecord = {
    key: "mta-sts",
    name: `_mta-sts.${domain.name}`,
    ttl,
    rdata: { type: "TXT", value: [`v=STSv1; id=${id};`] },
    reason: "Senders use TLS, by the policy with this id",
  };
  if (mtaSts.host === undefined) return [policy];
  const host: PlannedRecord = {
    key: "mta-sts-host",
    name: mtaStsHost(domain.name),
    ttl,
    rdata: { type: "CNAME", target: mtaSts.host },
    reason: "Web host that has the MTA-STS policy",
  };
  return [policy, host];
}
