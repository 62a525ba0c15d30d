import type { Property } from "./property";
import { readReportAddress, readReportList, type ReportAddress } from "./report-address";
import type { Dmarc } from "./types";

const policies = ["none", "quarantine", "reject"];
const alignments = ["r", "s"];

/** What large receivers ask of everybody who sends (Gmail and Yahoo since 2024, Outlook since 2025): a policy, be it none. */
export const defaultDmarc: Dmarc = { tags: [["p", "none"]] };

export interface DeclaredDmarc {
  readonly dmarc: Dmarc;
  /** Addresses that get reports, with where they are declared. */
  readonly reports: readonly { readonly to: ReportAddress; readonly property: Property }[];
}

export function readDmarc(property: Property): DeclaredDmarc | undefined {
  const fields = property.fields(["p", "sp", "np", "adkim", "aspf", "rua", "ruf", "fo", "t"], (key) =>
    key === "pct" ? "RFC 9989 has no pct any more, and receivers ignore it; take it out, and use t: true for a trial." : undefined,
  );
  if (fields === undefined) return undefined;
  const p = oneOf(fields.p, policies, "a policy") ?? (fields.p.isAbsent ? "none" : undefined);
  const [sp, np] = [fields.sp, fields.np].map((field) => oneOf(field, policies, "a policy"));
  const [adkim, aspf] = [fields.adkim, fields.aspf].map((field) => oneOf(field, alignments, "an alignment"));
  const t = fields.t.isAbsent ? undefined : fields.t.boolean("whether the policy is on trial");
  const fo = readFailureOptions(fields.fo, fields.ruf.isAbsent);
  const reports: { to: ReportAddress; property: Property }[] = [];
  const read = (entry: Property): ReportAddress | undefined => {
    const to = readReportAddress(entry);
    if (to !== undefined) reports.push({ to, property: entry });
    return to;
  };
  const [rua, ruf] = [fields.rua, fields.ruf].map((field) => readReportList(field, read, ({ uri }) => uri));
  const values = [sp, np, adkim, aspf, t, fo, rua, ruf];
  const given = [fields.sp, fields.np, fields.adkim, fields.aspf, fields.t, fields.fo, fields.rua, fields.ruf];
  if (p === undefined || given.some((field, index) => !field.isAbsent && values[index] === undefined)) return undefined;
  const uris = (list: readonly ReportAddress[] | undefined): string => (list ?? []).map(({ uri }) => uri).join(",");
  const tags: [string, string][] = [
    ["p", p],
    ["sp", sp ?? ""],
    ["np", np ?? ""],
    ["adkim", adkim === "s" ? "s" : ""],
    ["aspf", aspf === "s" ? "s" : ""],
    ["rua", uris(rua)],
    ["ruf", uris(ruf)],
    ["fo", fo === "0" ? "" : (fo ?? "")],
    ["t", t === true ? "y" : ""],
  ];
  return { dmarc: { tags: tags.filter(([, value]) => value !== "") }, reports };
}

function oneOf(property: Property, known: readonly string[], meaning: string): string | undefined {
  if (property.isAbsent) return undefined;
  const choice = known.map((value) => `"${value}"`).join(" or ");
  const text = property.string(choice);
  if (text === undefined || known.includes(text)) return text;
  return property.report(`${property.shown} is not ${meaning} of DMARC; write ${choice}.`);
}

function readFailureOptions(property: Property, isUseless: boolean): string | undefined {
  if (property.isAbsent) return undefined;
  const text = property.string('"0", "1", "d" or "s"');
  if (text === undefined) return undefined;
  if (!/^[01ds](?::[01ds])*$/.test(text))
    return property.report(`${property.shown} is no choice of failures; write "0", "1", "d", "s", or several as "1:d".`);
  if (isUseless) return property.report(`fo is ${property.shown}, but nobody gets reports of failures; give ruf too, or take it out.`);
  return text;
}
