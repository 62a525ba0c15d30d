import type { Domain, Exchanger, MailHost, MailPlan } from "../plan/types";
import { aRecord } from "./a";
import { mxRecords } from "./mx";
import { ptrRecord } from "./ptr";
import type { PlannedRecord } from "./record";
import { domainSpf, heloSpf } from "./spf";

/** The records of one exchanger in the zone of the host names. Its PTR is not among them: AWS has that. */
export function hostRecords(plan: MailPlan, exchanger: Exchanger): PlannedRecord[] {
  return [aRecord(exchanger, plan.ttl), heloSpf(exchanger, plan.ttl)];
}

/** The records of one mail domain in its zone. */
export function domainRecords(
  plan: { readonly exchangers: readonly MailHost[]; readonly ttl: number },
  domain: Pick<Domain, "name">,
): PlannedRecord[] {
  return [...mxRecords(domain, plan.exchangers, plan.ttl), domainSpf(domain, plan.exchangers, plan.ttl)];
}

/** Every record of the mail system, PTRs last, as they are made. */
export function planRecords(plan: MailPlan): PlannedRecord[] {
  return [
    ...plan.exchangers.flatMap((exchanger) => hostRecords(plan, exchanger)),
    ...plan.domains.flatMap((domain) => domainRecords(plan, domain)),
    ...plan.exchangers.map((exchanger) => ptrRecord(exchanger, plan.ttl)),
  ];
}
