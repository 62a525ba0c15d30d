/** What a TXT record is for, among others at the same name. */
export type TxtKind = "spf" | "dmarc" | "mta-sts" | "tls-rpt" | "dkim";

const versions: readonly (readonly [TxtKind, RegExp])[] = [
  // RFC 7208 section 4.5: the version ends with a blank or the record.
  ["spf", /^v=spf1(?: |$)/i],
  ["dmarc", /^v *= *DMARC1 *(?:;|$)/],
  ["mta-sts", /^v *= *STSv1 *(?:;|$)/],
  ["tls-rpt", /^v *= *TLSRPTv1 *(?:;|$)/],
  ["dkim", /^v *= *DKIM1 *(?:;|$)/],
];

/** The text of a TXT record's quoted strings, put together without a blank (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2). */
export function txtText(content: string): string {
  const strings = content.match(/"(?:[^"\\]|\\.)*"/gs);
  if (strings === null) return content;
  return strings.map((string) => string.slice(1, -1).replace(/\\(\d{3}|.)/gs, unescaped)).join("");
}

/** An octet by its number, or a character as it is (RFC 1035 section 5.1). */
function unescaped(_: string, escaped: string): string {
  return /^\d{3}$/.test(escaped) ? String.fromCharCode(Number(escaped)) : escaped;
}

/** A DKIM key need not say its version (RFC 6376 section 3.6.1); its place does. */
export function txtKind(name: string, text: string): TxtKind | undefined {
  const kind = versions.find(([, version]) => version.test(text))?.[0];
  return kind ?? (/\._domainkey\./.test(name) ? "dkim" : undefined);
}

/** `tag=value; tag=value`, as DKIM, DMARC, MTA-STS and TLS-RPT records are written. Tags in lower case. */
export function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(";")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => {
        const at = part.indexOf("=");
        return at < 0 ? [part.toLowerCase(), ""] : [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
      }),
  );
}

/** Terms of an SPF record after its version (RFC 7208 section 4.6.1). The name of what is unknown has blanks and stays whole. */
export function spfTerms(text: string): string[] {
  return (text.match(/(?:«[^»]*»|[^ ])+/g) ?? []).filter((term) => term.toLowerCase() !== "v=spf1");
}
