import { isIP } from "node:net";
import type { RecordSet } from "../review/record-set";
import type { Comparison, Hit, Rule } from "./rule";
import { addressRecords, exchangersOf, hasAddressOf, isWhole, targets } from "./targets";

const selection = "RFC 5321 section 5.1";
const hosts = (records: RecordSet, domain: string): string[] => exchangersOf(records, domain).map(({ content }) => content);
const preference = ({ priority }: { readonly priority?: number }): number => priority ?? 0;

/** One hit for each mail domain that has something wrong with its MX. */
function* perDomain(comparison: Comparison, check: (domain: string) => Pick<Hit, "message" | "fix"> | undefined): Iterable<Hit> {
  for (const domain of comparison.domains) {
    const found = check(domain);
    if (found !== undefined) yield { domain, record: `${domain} MX`, ...found };
  }
}

const lastRemoved: Rule = {
  id: "mx-last-removed",
  severity: "block",
  summary: "The last MX of a domain goes",
  reason: "Senders find nobody who takes its mail and return it, or try the domain's own address, where no mail system is.",
  source: selection,
  check: (comparison) =>
    perDomain(comparison, (domain) => {
      const gone = hosts(comparison.before, domain);
      if (gone.length === 0 || hosts(comparison.after, domain).length > 0) return undefined;
      return {
        message: `Nobody takes mail for ${domain} any more: its MX to ${gone.join(" and ")} ${gone.length === 1 ? "goes" : "go"} and none is left.`,
        fix: "Keep an MX until another one has been published for its TTL; if the domain is given up, acknowledge it.",
      };
    }),
};

const nullWithExchangers: Rule = {
  id: "mx-null-with-exchangers",
  severity: "block",
  summary: 'A null MX (".") stands beside others',
  reason: "A null MX says that the domain takes no mail; beside others, some senders return mail at once and some deliver it.",
  source: "RFC 7505 section 3",
  check: (comparison) =>
    perDomain(comparison, (domain) => {
      const others = hosts(comparison.after, domain);
      if (others.length === 0 || comparison.after.of(domain, "MX").length === others.length) return undefined;
      return {
        message: `${domain} says with a null MX that it takes no mail, and names ${others.join(" and ")} beside it.`,
        fix: "Take the null MX out of the zone, or the others.",
      };
    }),
};

const targetAlias: Rule = {
  id: "mx-target-cname",
  severity: "block",
  summary: "An MX leads to an alias",
  reason: "Many mail systems do not follow an alias there, or take themselves for the exchanger and loop.",
  source: `${selection}, RFC 2181 section 10.3`,
  *check(comparison) {
    for (const [host, domain] of targets(comparison.after, comparison)) {
      const alias = comparison.after.of(host, "CNAME")[0];
      if (alias === undefined) continue;
      yield {
        domain,
        record: `${host} CNAME`,
        message: `Mail is led to ${host}, which is an alias of ${alias.content}.`,
        fix: `Give ${host} an address record instead, or let the MX name ${alias.content}.`,
      };
    }
  },
};

const targetAddress: Rule = {
  id: "mx-target-ip",
  severity: "block",
  summary: "An MX has an address where a host name belongs",
  reason: "An MX names a host; an address in its place is looked up as a name, and there is none.",
  source: `RFC 1035 section 3.3.9, ${selection}`,
  *check(comparison) {
    for (const [host, domain] of targets(comparison.after, comparison)) {
      if (isIP(host) === 0) continue;
      yield {
        domain,
        record: `${domain} MX`,
        message: `The MX of ${domain} has ${host} where a host name belongs; no sender connects to it.`,
        fix: `Give the host at ${host} a name with an address record, and name that.`,
      };
    }
  },
};

const targetUnresolvable: Rule = {
  id: "mx-target-unresolvable",
  severity: "block",
  summary: "An MX leads to a name without an address",
  reason: "Senders pass it over, so that the delivery path is shorter than it looks, or cut.",
  source: selection,
  *check(comparison) {
    for (const [host, domain] of targets(comparison.after, comparison)) {
      if (addressRecords(comparison.after, host).length > 0 || comparison.after.of(host, "CNAME").length > 0) continue;
      if (addressRecords(comparison.before, host).length === 0 && !isWhole(comparison, host)) continue;
      yield {
        domain,
        record: `${host} A`,
        message: `Mail is led to ${host}, which has no address.`,
        fix: `Give ${host} an A or AAAA record, or take the MX out.`,
      };
    }
  },
};

const targetProxied: Rule = {
  id: "mx-target-proxied",
  severity: "block",
  summary: "An MX leads to a name that Cloudflare proxies",
  reason: "The proxy takes HTTP and no mail. Cloudflare answers such an MX with a made-up name in its place.",
  source: "https://developers.cloudflare.com/dns/proxy-status/",
  *check(comparison) {
    for (const [host, domain] of targets(comparison.after, comparison)) {
      const proxied = comparison.after.at(host).find((record) => record.proxied === true);
      if (proxied === undefined) continue;
      yield {
        domain,
        record: `${host} ${proxied.type}`,
        message: `Mail is led to ${host}, which Cloudflare proxies.`,
        fix: `Set ${host} to "DNS only"; where it has been changed by hand, pulumi refresh and pulumi up do that.`,
      };
    }
  },
};

const preferenceInverted: Rule = {
  id: "mx-preference-inverted",
  severity: "block",
  summary: "A backup is tried before the primary, or as often",
  reason: "Mail takes a way through the backup while the primary is up, and a backup that cannot hand it over holds all of it.",
  source: selection,
  check: (comparison) => {
    const roles = new Map((comparison.after.side.plan?.exchangers ?? []).map(({ fqdn, role }) => [fqdn, role]));
    return perDomain(comparison, (domain) => {
      const records = exchangersOf(comparison.after, domain);
      const primary = records.find(({ content }) => roles.get(content) === "primary");
      if (primary === undefined) return undefined;
      const backup = records.find((record) => roles.get(record.content) === "backup" && preference(record) <= preference(primary));
      if (backup === undefined) return undefined;
      return {
        message: `The backup ${backup.content} (${preference(backup)}) is tried ${preference(backup) < preference(primary) ? "before" : "as often as"} the primary ${primary.content} (${preference(primary)}).`,
        fix: "Give the backup a higher number.",
      };
    });
  },
};

const preferenceRange: Rule = {
  id: "mx-preference-range",
  severity: "block",
  summary: "An MX preference is none",
  reason: "It is a number of 16 bits; a provider refuses another one, or cuts it to one that nobody meant.",
  source: "RFC 1035 section 3.3.9",
  check: (comparison) =>
    perDomain(comparison, (domain) => {
      const wrong = comparison.after
        .of(domain, "MX")
        .find(({ priority }) => !(priority !== undefined && Number.isInteger(priority) && priority >= 0 && priority <= 65_535));
      if (wrong === undefined) return undefined;
      return {
        message: `The MX to ${wrong.content} has the preference ${wrong.priority ?? "nothing"}.`,
        fix: "Give a whole number from 0 to 65535.",
      };
    }),
};

const firstRemoved: Rule = {
  id: "mx-first-removed",
  severity: "block",
  summary: "The exchanger that senders try first goes, and was not put last before",
  reason:
    "Senders that still have the old answer go to it first. Only one that stood last, for the TTL of the MX, is missed by nobody. Under another name with the same address it is no other.",
  source: `${selection}; RFC 1034 section 3.6 (answers live for their TTL)`,
  check: (comparison) =>
    perDomain(comparison, (domain) => {
      const after = new Set(hosts(comparison.after, domain));
      if (after.size === 0) return undefined;
      const before = exchangersOf(comparison.before, domain);
      const staying = before.filter(({ content }) => after.has(content));
      const best = Math.min(...staying.map(preference));
      const removed = before.find(
        (record) =>
          !after.has(record.content) &&
          preference(record) < best &&
          ![...after].some((host) => hasAddressOf(comparison, record.content, host)),
      );
      if (removed === undefined) return undefined;
      const others = staying.length === 0 ? "and no other one of today stays" : "before all that stay";
      return {
        message: `Senders try ${removed.content} first today, ${others}, and its MX goes.`,
        fix: `Give ${removed.content} a higher preference number than every other MX, deploy, wait for the old TTL, and take it out then.`,
      };
    }),
};

const removedWithAddress: Rule = {
  id: "mx-and-address-removed",
  severity: "block",
  summary: "An MX and the address that it leads to go at once",
  reason:
    "Resolvers have the MX until its TTL is over, and senders would look for a host that is gone. An exchanger that drains waits so long in the same deploy.",
  source: `${selection}; RFC 1034 section 3.6 (answers live for their TTL)`,
  *check(comparison) {
    const { before, after } = comparison;
    const left = targets(after, comparison);
    for (const [host, domain] of targets(before, comparison)) {
      if (left.has(host) || addressRecords(before, host).length === 0 || addressRecords(after, host).length > 0) continue;
      if ([...left.keys()].some((other) => hasAddressOf(comparison, host, other))) continue;
      const exchanger = before.side.plan?.exchangers.find(({ fqdn }) => fqdn === host);
      // Without an older plan it is not known to be one that waits no longer; the program waits.
      if (exchanger === undefined ? after.side.plan !== undefined : exchanger.drain) continue;
      yield {
        domain,
        record: `${host} A`,
        message: `The MX to ${host} and its address go in one deploy, and nothing waits in between.`,
        fix: "Take the MX out first and the address after the TTL; let the exchanger drain (drain: true), or acknowledge that it is dead.",
      };
    }
  },
};

const single: Rule = {
  id: "mx-single",
  severity: "warn",
  summary: "One exchanger of ours takes all of a domain's mail",
  reason:
    "While it is down, mail waits at its senders, who give up after days and tell their users sooner. A provider's one name is many hosts.",
  source: "RFC 5321 sections 4.5.4.1 and 5.1",
  check: (comparison) => {
    const own = new Set((comparison.after.side.plan?.exchangers ?? []).map(({ fqdn }) => fqdn));
    return perDomain(comparison, (domain) => {
      const [host, ...others] = hosts(comparison.after, domain);
      if (host === undefined || others.length > 0 || !own.has(host)) return undefined;
      return { message: `Only ${host} takes mail for ${domain}.`, fix: "Declare a backup exchanger." };
    });
  },
};

const preferenceTie: Rule = {
  id: "mx-preference-tie",
  severity: "warn",
  summary: "Two MX of a domain have the same preference",
  reason: "Senders choose among them by chance, which is meant where they share the load and a slip where they do not.",
  source: selection,
  check: (comparison) =>
    perDomain(comparison, (domain) => {
      const records = exchangersOf(comparison.after, domain);
      const tie = records.find((one) => records.some((other) => other !== one && preference(other) === preference(one)));
      if (tie === undefined) return undefined;
      const both = records.filter((record) => preference(record) === preference(tie)).map(({ content }) => content);
      return { message: `${both.join(" and ")} all have the preference ${preference(tie)}.`, fix: "Give each its own number." };
    }),
};

export const mxRules: readonly Rule[] = [
  lastRemoved,
  nullWithExchangers,
  targetAlias,
  targetAddress,
  targetUnresolvable,
  targetProxied,
  preferenceInverted,
  preferenceRange,
  firstRemoved,
  removedWithAddress,
  single,
  preferenceTie,
];
