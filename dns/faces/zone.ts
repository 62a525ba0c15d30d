import type { Presented } from "../presentation";
import type { Change } from "../review/change";
import type { Report } from "../review/report";
import { visible } from "./visible";

/** What is not known yet stands in a record by its name. No name server takes that, so such a record is a comment. */
const unknown = /«[^»]*»/;

/** Types whose data ends with a host name, which in a master file needs its last dot. */
const endsInHost = new Set(["MX", "CNAME", "PTR", "NS", "SRV", "DNAME"]);

/** Records as a master file has them (RFC 1035 section 5.1), one a line, every name absolute, in the order given. */
export function masterFile(records: readonly Presented[]): string {
  return records.map((record) => `${masterLine(record)}\n`).join("");
}

function masterLine({ name, type, content, priority, ttl }: Presented): string {
  const host = endsInHost.has(type) && content !== "." ? `${content}.` : content;
  const line = `${name}. ${ttl} IN ${type} ${type === "MX" && priority !== undefined ? `${priority} ` : ""}${host}`;
  return unknown.test(line) ? `; not known yet: ${visible(line)}` : ascii(line);
}

/** Other octets than printable ASCII as `\DDD`. */
function ascii(text: string): string {
  return text.replace(/[^ -~]+/gu, (others) => [...Buffer.from(others)].map((octet) => `\\${String(octet).padStart(3, "0")}`).join(""));
}

/**
 * A file for each zone, by its name, that a name server loads: what changes as comments (`; -`, `; +`), then every desired record. A domain of the mail
 * system that is below another one is in that one's file. SOA and NS are not the plan's, and a zone needs them: they name nobody (`invalid.`, RFC 2606
 * section 2). Reverse names are in no zone of ours.
 */
export function zoneFiles({ domains, zone, stack, checksum }: Report): Map<string, string> {
  const names = new Set(domains.map(({ domain }) => domain));
  const files = new Map<string, { readonly changes: string[]; readonly records: string[] }>();
  for (const { domain, changes } of domains) {
    const apex = highest(domain, names) ?? domain;
    const file = files.get(apex) ?? { changes: [], records: [] };
    file.changes.push(...changes.flatMap(difference));
    files.set(apex, file);
  }
  for (const line of zone.split("\n")) {
    const apex = highest(ownerOf(line), names);
    if (apex !== undefined) files.get(apex)?.records.push(line);
  }
  return new Map(
    [...files].map(([apex, { changes, records }]) => [
      apex,
      [
        `; ${apex} as ${visible(stack)} wants it; review ${checksum}`,
        ...changes,
        `${apex}. 300 IN SOA invalid. invalid. 1 3600 600 604800 300`,
        `${apex}. 300 IN NS invalid.`,
        ...records,
        "",
      ].join("\n"),
    ]),
  );
}

/** Of the names that `name` is at or below, the shortest. */
function highest(name: string, names: ReadonlySet<string>): string | undefined {
  const labels = name.split(".");
  return labels.map((_, index) => labels.slice(labels.length - 1 - index).join(".")).find((each) => names.has(each));
}

function ownerOf(line: string): string {
  return /^(?:; not known yet: )?(\S+)\. /.exec(line)?.[1] ?? "";
}

function difference({ before, after }: Change): string[] {
  return [...(before === undefined ? [] : [`; - ${masterLine(before)}`]), ...(after === undefined ? [] : [`; + ${masterLine(after)}`])];
}
