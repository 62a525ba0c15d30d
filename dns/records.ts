import type { DomainPolicies, Exchanger, MailHost, MailPlan, ParkedDomain } from "../plan/types";
import { aRecord } from "./a";
import { aaaaRecord } from "./aaaa";
import { autoconfigRecords } from "./autoconfig";
import { caaRecords } from "./caa";
import { dkimRecords } from "./dkim";
import { dmarcRecord, dmarcReject, reportAuthorisations } from "./dmarc";
import { mtaStsRecords } from "./mta-sts";
import { mxRecords, nullMx } from "./mx";
import { ptrRecord } from "./ptr";
import type { PlannedRecord } from "./record";
import { domainSpf, heloSpf, noSenders } from "./spf";
import { srvRecords } from "./srv";
import { tlsReportRecord } from "./tls-rpt";
import { tlsaRecords } from "./tlsa";

/** The records of a host's name, whoever runs it. */
export function nameRecords(host: MailHost, ttl: number): PlannedRecord[] {
  return [aRecord(host, ttl), ...aaaaRecord(host, ttl), heloSpf(host, ttl)];
}

/** The records of one exchanger in the zone of the host names that lead to it. Its PTR is not among them: AWS has that. */
export function hostRecords(plan: MailPlan, exchanger: Exchanger): PlannedRecord[] {
  return [...nameRecords(exchanger, plan.ttl), ...(plan.caa === undefined ? [] : caaRecords(exchanger, plan.caa, plan.ttl))];
}

/** What the zone of the host names says of an exchanger's key, once that is known; only where the zone is signed (RFC 7672 section 2.2). */
export function keyRecords(plan: MailPlan, exchanger: Exchanger): PlannedRecord[] {
  return plan.signedZones.some(({ name }) => name === plan.hostZone.name) ? tlsaRecords(exchanger, plan.ttl) : [];
}

/** The records of one mail domain in its zone. */
export function domainRecords(
  plan: { readonly exchangers: readonly MailHost[]; readonly ttl: number },
  domain: { readonly name: string; readonly policies: DomainPolicies },
): PlannedRecord[] {
  const { exchangers, ttl } = plan;
  const { spf, dkim, dmarc, mtaSts, tlsReports, services, autoconfig, reportsFor } = domain.policies;
  return [
    ...mxRecords(domain, exchangers, ttl),
    ...(spf === undefined ? [] : [domainSpf(domain, spf, exchangers, ttl)]),
    ...dkimRecords(domain, dkim, ttl),
    ...(dmarc === undefined ? [] : [dmarcRecord(domain, dmarc, ttl)]),
    ...reportAuthorisations(domain, reportsFor, ttl),
    ...(mtaSts === undefined ? [] : mtaStsRecords(domain, mtaSts, exchangers, ttl)),
    ...tlsReportRecord(domain, tlsReports, ttl),
    ...(services === undefined ? [] : srvRecords(domain, services, exchangers, ttl)),
    ...(autoconfig === undefined ? [] : autoconfigRecords(domain, autoconfig, ttl)),
  ];
}

/** The records of a domain that takes no mail and sends none. */
export function parkedRecords({ name }: ParkedDomain, ttl: number): PlannedRecord[] {
  return [nullMx(name, ttl), noSenders(name, ttl), dmarcReject(name, ttl)];
}

/** Every record of the mail system, PTRs last, as they are made. */
export function planRecords(plan: MailPlan): PlannedRecord[] {
  return [
    ...plan.exchangers.flatMap((exchanger) => [...hostRecords(plan, exchanger), ...keyRecords(plan, exchanger)]),
    ...plan.domains.flatMap((domain) => domainRecords(plan, domain)),
    ...plan.parkedDomains.flatMap((domain) => parkedRecords(domain, plan.ttl)),
    ...plan.exchangers.map((exchanger) => ptrRecord(exchanger, plan.ttl)),
  ];
}
