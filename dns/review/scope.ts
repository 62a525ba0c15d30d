import type { Side } from "./side";

/** Whom a record concerns, and which zone a name is in. */
export class Scope {
  /** Mail domains, in the order of the plan; those that are only in an older one last. */
  readonly domains: readonly string[];
  /** By name: the domain that it and what is below it belongs to. */
  private readonly owners = new Map<string, string>();
  private readonly zones = new Set<string>();

  constructor(sides: readonly Side[]) {
    const plans = sides.filter(({ kind }) => kind === "plan");
    const domains = new Set<string>();
    for (const { plan, records } of plans) {
      for (const { name, zone } of plan === undefined ? [] : [...plan.domains, ...plan.parkedDomains]) {
        domains.add(name);
        this.zones.add(zone.name);
      }
      if (plan === undefined) for (const { type, name } of records) if (type === "MX") domains.add(name);
    }
    for (const { plan } of plans) {
      if (plan === undefined) continue;
      this.zones.add(plan.hostZone.name);
      this.owners.set(plan.hostZone.name, plan.hostZone.name);
      for (const { fqdn } of plan.exchangers) this.owners.set(fqdn, plan.hostZone.name);
    }
    for (const domain of domains) this.owners.set(domain, domain);
    for (const { zones } of sides) for (const zone of zones ?? []) this.zones.add(zone);
    this.domains = [...domains];
  }

  /** The mail domain that a record concerns, or the zone of the host names. */
  domainOf({ name, type, content }: { readonly name: string; readonly type: string; readonly content: string }): string {
    // A reverse name is about the host that it leads to; a permission to send DMARC reports, about the domain that they are of (RFC 9990 section 4).
    const about = type === "PTR" ? content : (/^(.+)\._report\._dmarc\./.exec(name)?.[1] ?? name);
    return lookUp(about, (part) => this.owners.get(part)) ?? lookUp(name, (part) => this.owners.get(part)) ?? parentOf(about);
  }

  /** The zone that a name is in, among those of the mail system and of the sides. */
  zoneOf(name: string): string | undefined {
    return lookUp(name, (part) => (this.zones.has(part) ? part : undefined));
  }
}

/** Asks for a name, then for those above it. */
export function lookUp<T>(name: string, ask: (name: string) => T | undefined): T | undefined {
  for (let part = name; part !== ""; part = parentOf(part)) {
    const answer = ask(part);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

export const parentOf = (name: string): string => name.slice(name.indexOf(".") + 1 || name.length);
