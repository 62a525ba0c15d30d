import type { Presented } from "./presentation";

/** Records as a master file has them (RFC 1035 section 5.1), sorted; one with something unknown in it is a comment. */
export function masterFile(records: readonly Presented[]): string {
  return records
    .map(({ name, ttl, type, priority, content }) => {
      const line = [`${name}.`, ttl, "IN", type, ...(priority === undefined ? [] : [priority]), content].join("\t");
      return line.includes("«") ? `; ${line}` : line;
    })
    .sort()
    .map((line) => `${line}\n`)
    .join("");
}
