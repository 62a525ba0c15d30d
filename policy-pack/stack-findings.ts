import { isOfMailSystem } from "../cli/dns/sources/exchanger-key";
import { recordingSide } from "../cli/dns/sources/program";
import type { Registered } from "../cli/dns/sources/recorder";
import { isBlocking } from "../dns/review/acknowledgements";
import type { Finding } from "../dns/review/report";
import { review } from "../dns/review/review";
import type { ReviewSettings } from "../dns/review/settings";

/** A resource of a stack: registered, or in the stack's state. */
export type StackResource = Registered;

/**
 * What blocks in a stack's resources.
 *
 * @param before as they were deployed, from the stack's state. Without them nothing is found that lies in the change alone.
 * @param day today, as 2026-12-31 (UTC)
 */
export function blockingFindings(
  after: readonly StackResource[],
  before: readonly StackResource[] | undefined,
  settings: ReviewSettings,
  day: string,
): Finding[] {
  if (!after.some(makesRecord)) return [];
  const desired = judged(after, before ?? []);
  const side = (label: string, resources: readonly StackResource[]): ReturnType<typeof recordingSide> =>
    recordingSide(label, { resources, plans: [], addresses: [] });
  const report = review({
    stack: "",
    head: side("the program", desired),
    against: [before?.some(makesRecord) === true ? side("the stack's state", before) : side("the program", desired)],
    settings,
    day,
  });
  return [...report.findings, ...report.domains.flatMap(({ findings }) => findings)].filter(isBlocking);
}

const makesRecord = ({ type, urn }: StackResource): boolean =>
  /^cloudflare:index\/(dnsRecord:DnsRecord|record:Record)$/.test(type) && isOfMailSystem(urn);

/**
 * What can be judged before a deploy. A text that is not known yet is taken as it was, or where it is new left out: nobody knows whether it is good. Other
 * records are kept, since what leads to them would seem to lead nowhere.
 */
function judged(after: readonly StackResource[], before: readonly StackResource[]): StackResource[] {
  const known = new Map(before.map((resource) => [resource.urn, resource]));
  return after.flatMap((resource) => {
    if (!makesRecord(resource) || resource.inputs.type !== "TXT" || resource.inputs.content !== undefined) return [resource];
    return known.get(resource.urn) ?? [];
  });
}
