import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Side } from "../../../dns/review/side";
import { parseZoneFile } from "../../../dns/zone-file-parser";
import { invalid, InvalidInput } from "../../exit-status";
import { readText, reason } from "./project";

/** Records of a zone file, or of all in a folder: `NAME.zone` holds the zone NAME. Throws with every problem of every file at once. */
export function zoneFileSide(path: string): Side {
  const problems: string[] = [];
  const records = filesAt(path).flatMap(({ file, origin }) => {
    const parsed = parseZoneFile(readText(file), origin);
    if (parsed.ok) return parsed.records;
    problems.push(...parsed.problems.map(({ line, column, message }) => `${file}, line ${line}, column ${column}: ${message}`));
    return [];
  });
  if (problems.length > 0) throw invalid(`zone:${path}`, problems);
  const apexes = records.filter(({ type }) => type === "SOA").map(({ name }) => name);
  return { label: `zone:${path}`, kind: "zone", records, ...(apexes.length > 0 ? { zones: [...new Set(apexes)] } : {}) };
}

function filesAt(path: string): { readonly file: string; readonly origin?: string }[] {
  try {
    if (!statSync(path).isDirectory()) return [{ file: path, ...originOf(path) }];
    const files = readdirSync(path).filter((name) => name.endsWith(".zone"));
    if (files.length === 0) throw new InvalidInput(`there is no file NAME.zone in ${path}.`);
    return files.sort().map((name) => ({ file: join(path, name), ...originOf(name) }));
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    throw new InvalidInput(`cannot read zone:${path}: ${reason(error)}`);
  }
}

/** Names in a file are relative to its zone until it says otherwise; what a file is called is the only place where that stands. */
function originOf(path: string): { readonly origin?: string } {
  const name = basename(path);
  return name.endsWith(".zone") && name.includes(".", 0) && name.split(".").length > 2
    ? { origin: name.slice(0, -".zone".length).toLowerCase() }
    : {};
}
