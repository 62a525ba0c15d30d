/** What Cloudflare makes of a record's content, and what it refuses in one. */
import { isIPv4, isIPv6 } from "node:net";
import { ServiceError } from "../protocol/service-error";

/** Types whose content is a text of its own; the others come as `data`. */
export const CONTENT_TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT", "OPENPGPKEY"];
export const DATA_TYPES = ["CAA", "CERT", "DNSKEY", "DS", "HTTPS", "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI"];
/** Developer docs, "Proxy status": only these can be proxied. */
export const PROXIABLE = ["A", "AAAA", "CNAME"];

/** Developer docs, "DNS record types", TXT: characters of one record. */
const TXT_LIMIT = 2048;
/** The same page: all TXT records of a name together. */
export const TXT_SUM_LIMIT = 8192;
/** RFC 1035 section 3.3: a character-string. */
const STRING_LIMIT = 255;

const HOSTNAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** The envelope that the API puts around content problems. */
export const invalid = (text: string): ServiceError => new ServiceError("1004", `DNS Validation Error: ${text}`);

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
    case "NS":
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
  if (plain.length > TXT_LIMIT) throw invalid(`Content for TXT record exceeds the limit of ${TXT_LIMIT} characters.`);
  const fits = strings !== null && strings.every((part) => part.length - 2 <= STRING_LIMIT);
  if (fits) return strings.join(" ");
  const parts = plain.match(new RegExp(`[^]{1,${STRING_LIMIT}}`, "g")) ?? [];
  return parts.map((part) => `"${part}"`).join(" ");
}
