import { createHash, generateKeyPairSync, createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";

/** One key of the lab signs all its zones, so that the resolver's trust anchors never change while zones come and go. */
export interface SigningKey {
  /** PKCS #8. */
  readonly pem: string;
  /** DNSKEY record data: a key-signing key of algorithm 13, as Cloudflare's (RFC 6605). */
  readonly dnskey: string;
  /** DS record data of a zone that has this key (RFC 4034 section 5, digest type 2). */
  ds(zone: string): string;
}

export function signingKey(lab: Lab): SigningKey {
  const file = join(lab.dir, "signing-key.pem");
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeWhole(file, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
  }
  return keyOf(readFileSync(file, "utf8"));
}

export function keyOf(pem: string): SigningKey {
  const { x = "", y = "" } = createPublicKey(pem).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const rdata = Buffer.concat([Buffer.from([0x01, 0x01, 3, 13]), point]);
  return {
    pem,
    dnskey: `257 3 13 ${point.toString("base64")}`,
    ds: (zone) => {
      const digest = createHash("sha256").update(wireName(zone)).update(rdata).digest("hex");
      return `${keyTag(rdata)} 13 2 ${digest}`;
    },
  };
}

const wireName = (name: string): Buffer =>
  Buffer.concat([...name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0])]);

/** RFC 4034 appendix B. */
function keyTag(rdata: Buffer): number {
  const sum = rdata.reduce((total, byte, index) => total + (index % 2 === 0 ? byte << 8 : byte), 0);
  return (sum + (sum >>> 16)) & 0xffff;
}
