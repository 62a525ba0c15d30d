import { readDkim } from "./dkim";
import { defaultDmarc, readDmarc, type DeclaredDmarc } from "./dmarc";
import { readMtaSts } from "./mta-sts";
import { nearest } from "./nearest";
import type { Property } from "./property";
import { readReportList, readReportUri } from "./report-address";
import { readServices } from "./services";
import { defaultSpf, readSpf } from "./spf";
import type { DomainPolicies } from "./types";
import { readWebHost } from "./web-host";

/** Keys of a domain that say what its records say besides where its mail goes. */
export const policyKeys = ["spf", "dkim", "dmarc", "mtaSts", "tlsReports", "services", "autoconfig", "without", "adoptRecords"] as const;

/** Families that are there unless they are made elsewhere, each with the key that sets it. */
const families: { readonly [family: string]: "spf" | "dmarc" | "services" } = { spf: "spf", dmarc: "dmarc", srv: "services" };

export interface DeclaredPolicies {
  /** `reportsFor` is empty: it follows from other domains. */
  readonly policies: DomainPolicies;
  /** Addresses that get the domain's DMARC reports. */
  readonly reports: DeclaredDmarc["reports"];
}

/** What a domain is, as far as its policies follow from it. */
interface Around {
  /** `undefined` if the name was no good, which has been reported. */
  readonly name: string | undefined;
  readonly zone: string | undefined;
  /** Services that its primary is known to have; `undefined` where somebody else runs it. */
  readonly ownServices: readonly string[] | undefined;
}

export function readPolicies(
  fields: { readonly [key in (typeof policyKeys)[number]]: Property },
  { name, zone, ownServices }: Around,
): DeclaredPolicies | undefined {
  const without = readWithout(fields.without, fields);
  const spf = fields.spf.isAbsent ? defaultSpf : readSpf(fields.spf);
  const dkim = readDkim(fields.dkim);
  // In another's zone that domain's policy holds for names below it, until one of their own is looser by accident (RFC 9989 section 4.10).
  const usual = name === zone ? { dmarc: defaultDmarc, reports: [] } : { dmarc: undefined, reports: [] };
  const dmarc = fields.dmarc.isAbsent ? usual : readDmarc(fields.dmarc);
  const mtaSts = fields.mtaSts.isAbsent ? undefined : readMtaSts(fields.mtaSts, name);
  const tlsReports = readReportList(fields.tlsReports, readReportUri, (uri) => uri);
  const services = fields.services.isAbsent ? ownServices : readServices(fields.services);
  const autoconfig = fields.autoconfig.isAbsent
    ? undefined
    : readWebHost(fields.autoconfig, name === undefined ? undefined : `autoconfig.${name}`);
  const adoptRecords = fields.adoptRecords.isAbsent
    ? false
    : fields.adoptRecords.boolean("whether records that the zone has already are taken over");
  if (adoptRecords === undefined) return undefined;
  if (without === undefined || spf === undefined || dkim === undefined || dmarc === undefined) return undefined;
  if (services === undefined && !fields.services.isAbsent) return undefined;
  if (tlsReports === undefined || (mtaSts === undefined && !fields.mtaSts.isAbsent)) return undefined;
  if (autoconfig === undefined && !fields.autoconfig.isAbsent) return undefined;
  const policies: DomainPolicies = {
    ...(without.includes("spf") ? {} : { spf }),
    dkim,
    ...(without.includes("dmarc") || dmarc.dmarc === undefined ? {} : { dmarc: dmarc.dmarc }),
    ...(mtaSts === undefined ? {} : { mtaSts }),
    tlsReports,
    ...(without.includes("srv") || services === undefined ? {} : { services }),
    ...(autoconfig === undefined ? {} : { autoconfig }),
    reportsFor: [],
    adoptRecords,
  };
  return { policies, reports: dmarc.reports };
}

function readWithout(property: Property, fields: { readonly [key: string]: Property }): readonly string[] | undefined {
  if (property.isAbsent) return [];
  const known = Object.keys(families);
  const names = property.list()?.map((entry) => {
    const name = entry.string('"spf", "dmarc" or "srv"');
    if (name === undefined) return undefined;
    const key = Object.hasOwn(families, name) ? families[name] : undefined;
    if (key === undefined) {
      const guess = nearest(name, known);
      return entry.report(
        `${entry.shown} is no family of records that is made unless you say otherwise; ${guess === undefined ? `those are ${known.join(", ")}.` : `did you mean "${guess}"?`}`,
      );
    }
    if (fields[key]?.isAbsent === false)
      return entry.report(`${entry.shown} is said to be made elsewhere, and ${key} says how it is made here; take one of the two out.`);
    return name;
  });
  return names?.every((name) => name !== undefined) === true ? names : undefined;
}
