import type { DkimKey, Domain } from "../plan/types";
import type { Fact } from "./fact";
import type { PlannedRecord } from "./record";

/**
 * Public keys by which receivers know the domain's signatures, one record a selector (RFC 6376 section 3.6.1; Ed25519: RFC 8463). A revoked key's record
 * stays, with nothing in `p=`: mail that was signed with it is no longer believed.
 */
export function dkimRecords(domain: Pick<Domain, "name">, keys: readonly DkimKey[], ttl: number): PlannedRecord[] {
  return keys.map((key) => ({
    key: `dkim-${key.selector}`,
    name: `${key.selector}._domainkey.${domain.name}`,
    ttl,
    // Signatures with SHA-1 are not to be believed, whoever made them (RFC 8301 section 3.1).
    rdata: { type: "TXT", value: [`v=DKIM1; k=${key.type}${key.type === "rsa" ? "; h=sha256" : ""}; p=`, publicKey(domain.name, key)] },
    reason: key.revoked ? "This key signs no more" : "Key that signs the domain's mail",
  }));
}

function publicKey(domain: string, { selector, publicKey: given, revoked }: DkimKey): string | Fact {
  if (revoked) return "";
  return given ?? { kind: "dkimKey", domain, selector };
}
