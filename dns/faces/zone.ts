import type { Change } from "../review/change";
import type { Report } from "../review/report";
import { masterLine, unknownMark } from "../zone-file";
import { visible } from "./visible";

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
  const record = line.startsWith(unknownMark) ? line.slice(unknownMark.length) : line;
  return record.slice(0, Math.max(0, record.indexOf(". ")));
}

function difference({ before, after }: Change): string[] {
  return [...(before === undefined ? [] : [`; - ${masterLine(before)}`]), ...(after === undefined ? [] : [`; + ${masterLine(after)}`])];
}
