import type { Presented } from "./presentation";

/** Types whose data ends with a host name, which in a master file needs its last dot. */
const endsInHost = new Set(["MX", "CNAME", "PTR", "NS", "SRV", "DNAME"]);

/** What a record begins with that has something unknown in it. A name server takes it for a comment. */
export const unknownMark = "; not known yet: ";

/** Records as a master file has them (RFC 1035 section 5.1), one a line, every name absolute, sorted. */
export function masterFile(records: readonly Presented[]): string {
  return records
    .map((record) => `${masterLine(record)}\n`)
    .sort()
    .join("");
}

export function masterLine({ name, type, content, priority, ttl }: Presented): string {
  const host = endsInHost.has(type) && !/(?:^| )\.$/.test(content) ? `${content}.` : content;
  const line = ascii(`${name}. ${ttl} IN ${type} ${type === "MX" && priority !== undefined ? `${priority} ` : ""}${host}`);
  return line.includes("«") ? unknownMark + line : line;
}

/** Other octets than printable ASCII as `\DDD`, but for the marks of what is unknown. */
function ascii(text: string): string {
  return text.replace(/[^ -~«»]+/gu, (others) => [...Buffer.from(others)].map((octet) => `\\${String(octet).padStart(3, "0")}`).join(""));
}
