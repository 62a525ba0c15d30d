/** What Cloudflare makes of a record's content, and what it refuses in one. */
import { isIPv4, isIPv6 } from "node:net";
import { ServiceError } from "../protocol/service-error";

/** Types whose content is a text of its own; the others come as `data`. */
export const CONTENT_TYPES = ["A", "AAAA", "CNAME", "MX", "PTR", "TXT", "OPENPGPKEY"];
export const DATA_TYPES = ["CAA", "CERT", "DNSKEY", "DS", "HTTPS", "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI"];
/** Developer docs, "Proxy status": only these can be proxied. */
export const PROXIABLE = ["A", "AAAA", "CNAME"];

/** Developer docs, "DNS record types": bytes of one record as it is sent (since March 2026; before, 2,048 characters of TXT). */
const WIRE_LIMIT = 4096;
/** The same page: characters of all records of one name and type together. */
const TOGETHER_LIMIT = 8192;
/** RFC 1035 section 3.3: a character-string. */
const STRING_LIMIT = 255;

const HOSTNAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** The envelope that the API puts around content problems. */
export const invalid = (text: string): ServiceError => new ServiceError("1004", `DNS Validation Error: ${text}`);

/** A record's own name: labels of 1 to 63 characters, 253 in all (the same page). Code and text: cisagov/manage.get.gov, issue 5244. */
export function acceptName(name: string): void {
  if (name.length > 253 || name.split(".").some((label) => label.length < 1 || label.length > 63)) {
    throw new ServiceError("9000", "DNS name is invalid.");
  }
}

/** Contents of all records of one name and type. Code and text: the same issue. */
export function acceptTogether(contents: readonly string[]): void {
  if (contents.reduce((sum, content) => sum + content.length, 0) > TOGETHER_LIMIT) {
    throw new ServiceError(
      "83011",
      `Combined content length of records with this name and type must not exceed ${TOGETHER_LIMIT} characters.`,
    );
  }
}

/** The content as the API gives it back: names in lower case without trailing dot, TXT quoted and split. */
export function normalise(type: string, content: string): string {
  switch (type) {
    case "A":
      if (!isIPv4(content)) throw new ServiceError("9005", "Content for A record must be a valid IPv4 address.");
      return content;
    case "AAAA":
      if (!isIPv6(content)) throw new ServiceError("9006", "Content for AAAA record must be a valid IPv6 address.");
      return new URL(`http://[${content}]`).hostname.slice(1, -1);
    case "MX":
    case "CNAME":
    case "PTR":
      return hostname(type, content);
    case "TXT":
      return quoted(content);
    default:
      return content;
  }
}

function hostname(type: string, content: string): string {
  if (type === "MX" && content === ".") return content; // a null MX, RFC 7505
  const name = content.toLowerCase().replace(/\.$/, "");
  if (isIPv4(name) || isIPv6(name)) throw invalid(`Content for ${type} record must be a hostname and cannot be an IP address.`);
  if (!HOSTNAME.test(name)) throw invalid(`Content for ${type} record must be a hostname.`);
  return name;
}

function quoted(content: string): string {
  if (content === "") throw invalid("Content for TXT record cannot be empty.");
  const strings = content.startsWith('"') ? content.match(/"(?:[^"\\]|\\.)*"/g) : null;
  if (strings !== null && strings.join(" ") !== content.replace(/\s+/g, " ").trim() && strings.length < 2) {
    throw invalid("Content for TXT record has unbalanced quotation marks.");
  }
  // Missing quotes are added; strings over 255 are stored split.
  const plain = strings === null ? content : strings.map((part) => part.slice(1, -1)).join("");
  // Each character-string has a length of its own before it.
  if (plain.length + Math.ceil(plain.length / STRING_LIMIT) > WIRE_LIMIT) {
    throw new ServiceError("9015", `Record content exceeds the allowed length of ${WIRE_LIMIT} wire format bytes.`);
  }
  const fits = strings !== null && strings.every((part) => part.length - 2 <= STRING_LIMIT);
  if (fits) return strings.join(" ");
  const parts = plain.match(new RegExp(`[^]{1,${STRING_LIMIT}}`, "g")) ?? [];
  return parts.map((part) => `"${part}"`).join(" ");
}
