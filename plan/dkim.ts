import { createPublicKey } from "node:crypto";
import { hostName } from "./names";
import { nearest } from "./nearest";
import { show, type Property } from "./property";
import type { DkimKey } from "./types";

const types = ["rsa", "ed25519"] as const;

/** RFC 8301 section 3.2: signers want 2048 bits, verifiers need not know more than 4096. A record of 4096 bits is what a reply by UDP can just hold. */
const fewestBits = 2048;
const mostBits = 4096;

/** Nothing in the declaration says what the key is: who signs with it has made it. */
export const isMadeBySigner = ({ publicKey, revoked }: DkimKey): boolean => publicKey === undefined && !revoked;

/** Keys by selector (RFC 6376 section 3.1: one label, or several with dots between). */
export function readDkim(property: Property): readonly DkimKey[] | undefined {
  if (property.isAbsent) return [];
  const members = property.members("{s1: {}}");
  const selectors = new Set<string>();
  const keys = members?.map(({ key, property: settings }) => {
    const read = readKey(settings);
    const selector = hostName(key);
    if (selector === undefined || selector.length > 63)
      return settings.report(`${show(key)} is no selector; use letters, digits and "-", at most 63, such as s1.`);
    if (selectors.has(selector))
      return settings.report(`The selector ${show(selector)} is given twice; upper and lower case are the same, take one out.`);
    selectors.add(selector);
    return read === undefined ? undefined : { selector, ...read };
  });
  return keys?.every((key) => key !== undefined) === true ? [...keys].sort((a, b) => (a.selector < b.selector ? -1 : 1)) : undefined;
}

function readKey(property: Property): Omit<DkimKey, "selector"> | undefined {
  const fields = property.fields(["type", "publicKey", "revoked"]);
  if (fields === undefined) return undefined;
  const type = readType(fields.type);
  const revoked = fields.revoked.isAbsent ? false : fields.revoked.boolean("whether the key is revoked");
  const publicKey = fields.publicKey.isAbsent ? undefined : readPublicKey(fields.publicKey, type ?? "rsa");
  if (type === undefined || revoked === undefined || (publicKey === undefined && !fields.publicKey.isAbsent)) return undefined;
  // A record of a revoked key has none.
  return { type, revoked, ...(publicKey === undefined || revoked ? {} : { publicKey }) };
}

function readType(property: Property): DkimKey["type"] | undefined {
  if (property.isAbsent) return "rsa";
  const text = property.string('"rsa" or "ed25519"');
  if (text === undefined) return undefined;
  const guess = nearest(text, types);
  return (
    types.find((type) => type === text) ??
    property.report(
      `${show(text)} is no type of a DKIM key; ${guess === undefined ? 'write "rsa" or "ed25519".' : `did you mean "${guess}"?`}`,
    )
  );
}

/** The value of `p=`. Whatever else it is, it may be somebody's private key, and is not repeated. */
function readPublicKey(property: Property, type: DkimKey["type"]): string | undefined {
  const text = property.string("the public key, as a record has it in p=");
  if (text === undefined) return undefined;
  if (text.includes("PRIVATE KEY"))
    return property.report("This is a private key; give its public half, and keep this one where nobody reads it.");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) || text === "")
    return property.report("The public key is not base64; give what stands in the record after p=, in one piece and without blanks.");
  const bytes = Buffer.from(text, "base64");
  if (type === "ed25519")
    // RFC 8463 section 4: the 32 octets of the key, without the SubjectPublicKeyInfo that RSA has.
    return bytes.length === 32
      ? text
      : property.report(
          `The public key has ${bytes.length} bytes, and one of ed25519 has 32 (RFC 8463 section 4); give that, or another type.`,
        );
  const bits = rsaBits(bytes);
  if (bits === undefined)
    return property.report(
      "The base64 text is not a public key of RSA in the form of RFC 6376 section 3.6.1; copy it again, or give its type.",
    );
  if (bits < fewestBits || bits > mostBits)
    return property.report(
      `The public key has ${bits} bits; receivers want ${fewestBits} to ${mostBits} (RFC 8301 section 3.2), have another one made.`,
    );
  return text;
}

/** SubjectPublicKeyInfo, or RSAPublicKey alone, which receivers take too (RFC 6376 erratum 3017). */
function rsaBits(der: Buffer): number | undefined {
  for (const form of ["spki", "pkcs1"] as const) {
    try {
      const key = createPublicKey({ key: der, format: "der", type: form });
      if (key.asymmetricKeyType === "rsa") return key.asymmetricKeyDetails?.modulusLength;
    } catch {
      // The other form, or none.
    }
  }
  return undefined;
}
