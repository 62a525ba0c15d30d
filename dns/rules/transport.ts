import { dataOf } from "../review/pairs";
import type { RecordSet } from "../review/record-set";
import { grouped } from "../review/grouped";
import { lookUp } from "../review/scope";
import { txtKind, tagsOf } from "../review/txt";
import { exchangersOf, targets } from "./targets";
import type { Comparison, Rule } from "./rule";

function mtaStsId(records: RecordSet, domain: string): string | undefined {
  const name = `_mta-sts.${domain}`;
  const texts = records.of(name, "TXT").map(dataOf);
  const record = texts.find((text) => txtKind(name, text) === "mta-sts");
  return record === undefined ? undefined : tagsOf(record).get("id");
}

interface Policy {
  readonly mode: string;
  readonly mx: readonly string[];
}

/** RFC 8461 section 3.2. */
function parsedPolicy(text: string): Policy {
  const fields = text.split(/\r?\n/).map((line) => line.split(":", 2).map((part) => part.trim()));
  const values = (key: string): string[] =>
    fields.flatMap(([name, value]) => (name === key && value !== undefined ? [value.toLowerCase()] : []));
  return { mode: values("mode")[0] ?? "none", mx: values("mx") };
}

/** `*.example.org` has exactly one label in place of its first (RFC 8461 section 4.1). */
function isNamed({ mx }: Policy, host: string): boolean {
  return mx.some((pattern) => pattern === host || (pattern.startsWith("*.") && host.slice(host.indexOf(".")) === pattern.slice(1)));
}

const excludesMx: Rule = {
  id: "mta-sts-policy-excludes-mx",
  severity: "block",
  summary: "An enforced MTA-STS policy does not name an MX",
  reason: "Senders that keep to the policy pass that exchanger over; if it is the only one that is up, mail waits and returns.",
  source: "RFC 8461 sections 4.1 and 5",
  *check({ domains, after }) {
    // Another one in the zone may be the mail system's own from before, which goes.
    const desired = new Set(after.side.records.filter(({ type }) => type === "MX"));
    for (const domain of domains) {
      const text = after.side.mtaStsPolicies?.get(domain);
      if (text === undefined || mtaStsId(after, domain) === undefined) continue;
      const policy = parsedPolicy(text);
      const missing = exchangersOf(after, domain).filter((mx) => desired.has(mx) && !isNamed(policy, mx.content));
      if (policy.mode !== "enforce" || missing.length === 0) continue;
      yield {
        domain,
        record: `_mta-sts.${domain} TXT`,
        message: `The MTA-STS policy of ${domain} is enforced and does not name ${missing.map(({ content }) => content).join(" and ")}.`,
        fix: "Add it to the policy before its MX is published, and give the policy another id.",
      };
    }
  },
};

const idNotBumped: Rule = {
  id: "mta-sts-id-not-bumped",
  severity: "block",
  summary: "An MTA-STS policy changes and its id does not",
  reason: "Senders see by the id that there is another policy, and keep the old one until its max_age otherwise.",
  source: "RFC 8461 section 3.1",
  *check({ domains, before, after }) {
    for (const domain of domains) {
      const [old, now] = [before.side.mtaStsPolicies?.get(domain), after.side.mtaStsPolicies?.get(domain)];
      const id = mtaStsId(after, domain);
      if (old === undefined || now === undefined || id === undefined || id !== mtaStsId(before, domain)) continue;
      if (lines(old) === lines(now)) continue;
      yield {
        domain,
        record: `_mta-sts.${domain} TXT`,
        message: `The MTA-STS policy of ${domain} changes, and its id stays ${id}.`,
        fix: "Give the record another id once the new policy is served.",
      };
    }
  },
};

const lines = (text: string): string =>
  text
    .trim()
    .split(/\s*\r?\n/)
    .join("\n");

/** TLSA records of port 25 by their names. */
function tlsaByName({ records }: RecordSet): Map<string, string[]> {
  const own = records.filter(({ type, name }) => type === "TLSA" && name.startsWith("_25._tcp."));
  return new Map([...grouped(own, ({ name }) => name)].map(([name, group]) => [name, group.map(({ content }) => content.toLowerCase())]));
}

/** Whether the zone of a name is signed; undefined where that is not known. */
const isSigned = ({ side }: RecordSet, name: string): boolean | undefined => lookUp(name, (part) => side.signed?.get(part));

const about = (comparison: Comparison, name: string): string => comparison.domainOf({ name, type: "TLSA", content: "", ttl: 0 });

const withoutDnssec: Rule = {
  id: "tlsa-without-dnssec",
  severity: "block",
  summary: "A TLSA record stands in a zone that is not signed",
  reason:
    "No sender takes it, so that it protects nothing; and it is believed from the day that somebody signs the zone, whatever is in it then.",
  source: "RFC 7672 section 2.2",
  *check(comparison) {
    for (const name of tlsaByName(comparison.after).keys()) {
      if (isSigned(comparison.after, name) !== false) continue;
      yield {
        domain: about(comparison, name),
        record: `${name} TLSA`,
        message: `${name} has a TLSA record, and its zone is not signed.`,
        fix: "Sign the zone first (DNSSEC, with the DS at the registrar), or take the record out.",
      };
    }
  },
};

const notRolled: Rule = {
  id: "tlsa-not-rolled",
  severity: "block",
  summary: "All TLSA records of a host become others at once",
  reason:
    "Senders that remember the old ones refuse the new key, and those with the new ones refuse the old: mail waits until both have changed.",
  source: "RFC 7671 section 8.1, RFC 7672 section 4",
  *check(comparison) {
    const old = tlsaByName(comparison.before);
    for (const [name, now] of tlsaByName(comparison.after)) {
      const before = old.get(name);
      if (before === undefined || [...before, ...now].some((content) => content.includes("«"))) continue;
      if (now.some((content) => before.includes(content))) continue;
      yield {
        domain: about(comparison, name),
        record: `${name} TLSA`,
        message: `No TLSA record of ${name} stays.`,
        fix: "Publish the next key's record beside the present one, wait two TTLs, change the key, and take the old record out then.",
      };
    }
  },
};

const signatureGoes: Rule = {
  id: "dnssec-off-with-tlsa",
  severity: "block",
  summary: "A zone with TLSA records is signed no more",
  reason: "Senders that remember them and cannot check them any more hold their mail back.",
  source: "RFC 7672 sections 2.1.2 and 2.2",
  *check(comparison) {
    const { before, after, zoneOf } = comparison;
    const zones = new Set<string>();
    for (const name of tlsaByName(before).keys()) {
      const zone = zoneOf(name) ?? name;
      if (isSigned(before, name) !== true || isSigned(after, name) !== false || zones.has(zone)) continue;
      zones.add(zone);
      yield {
        domain: about(comparison, name),
        record: `${zone} DS`,
        message: `${zone} is signed no more, and ${name} has had a TLSA record until now.`,
        fix: "Take the TLSA records out first and wait for their TTL; then take the DS away, and sign no more after its TTL.",
      };
    }
  },
};

/** Authorities that may make certificates for a name; undefined: all may (RFC 8659 section 3). */
function issuersFor(records: RecordSet, host: string): readonly string[] | undefined {
  const nearest = lookUp(host, (name) => {
    const found = records.of(name, "CAA");
    return found.length === 0 ? undefined : found;
  });
  const issue = (nearest ?? []).flatMap(({ content }) => {
    const [, value] = /^\d+ issue "?([^";]*)/i.exec(content) ?? [];
    return value === undefined ? [] : [value.trim().toLowerCase()];
  });
  return issue.length === 0 ? undefined : issue.filter((issuer) => issuer !== "");
}

const blocksAcme: Rule = {
  id: "caa-blocks-acme",
  severity: "block",
  summary: "The authority that makes a host's certificates may not make the next one",
  reason: "The certificate is not renewed and runs out; senders that check it, by MTA-STS, hold their mail back.",
  source: "RFC 8659 sections 3 and 4.2",
  *check(comparison) {
    const { before, after } = comparison;
    const declared = after.side.plan?.caa?.issuer.toLowerCase();
    for (const host of hostsOf(comparison)) {
      const [was, is] = [issuersFor(before, host), issuersFor(after, host)];
      if (is === undefined) continue;
      // Who is declared makes them; else whoever could until now.
      const needed = declared === undefined ? was : [declared];
      if (needed === undefined ? is.length > 0 : needed.length === 0 || needed.some((issuer) => is.includes(issuer))) continue;
      yield {
        domain: comparison.domainOf({ name: host, type: "CAA", content: "", ttl: 0 }),
        record: `${host} CAA`,
        message: `The certificates of ${host} come from ${needed === undefined ? "any authority" : needed.join(" or ")}, and ${is.length === 0 ? "none" : `only ${is.join(" and ")}`} may make them.`,
        fix: "Keep the authority's issue record at the host's name until its certificates come from elsewhere.",
      };
    }
  },
};

const hostsOf = (comparison: Comparison): string[] => {
  const plan = comparison.after.side.plan;
  return plan === undefined ? [...targets(comparison.after, comparison).keys()] : plan.exchangers.map(({ fqdn }) => fqdn);
};

const noTlsReports: Rule = {
  id: "tls-rpt-missing",
  severity: "warn",
  summary: "Nobody is told when TLS with the domain's exchangers fails",
  reason: "With MTA-STS or DANE, a mistake holds mail back at its senders, and their reports are the only sign of it.",
  source: "RFC 8460 section 3",
  *check(comparison) {
    const { domains, after } = comparison;
    const dane = new Set([...tlsaByName(after).keys()].map((name) => name.replace("_25._tcp.", "")));
    for (const domain of domains) {
      const isChecked = mtaStsId(after, domain) !== undefined || exchangersOf(after, domain).some(({ content }) => dane.has(content));
      if (!isChecked || after.of(`_smtp._tls.${domain}`, "TXT").some((record) => txtKind(record.name, dataOf(record)) === "tls-rpt"))
        continue;
      yield {
        domain,
        record: `_smtp._tls.${domain} TXT`,
        message: `${domain} asks senders to check TLS, and takes no reports of it.`,
        fix: "Give an address for TLS reports.",
      };
    }
  },
};

const noCaa: Rule = {
  id: "caa-missing",
  severity: "warn",
  summary: "Any authority may make certificates for a host",
  reason: "Who deceives one of them gets a certificate with which to take the host's place.",
  source: "RFC 8659 section 1",
  *check(comparison) {
    const zones = new Map<string, string>();
    for (const host of hostsOf(comparison)) {
      const zone = comparison.zoneOf(host);
      if (zone === undefined || lookUp(host, (name) => comparison.after.of(name, "CAA")[0]) !== undefined) continue;
      if (!zones.has(zone)) zones.set(zone, host);
    }
    for (const [zone, host] of zones) {
      yield {
        domain: comparison.domainOf({ name: host, type: "CAA", content: "", ttl: 0 }),
        record: `${zone} CAA`,
        message: `Neither ${host} nor ${zone} has a CAA record.`,
        fix: "Name the authority that makes the hosts' certificates.",
      };
    }
  },
};

export const transportRules: readonly Rule[] = [
  excludesMx,
  idNotBumped,
  withoutDnssec,
  notRolled,
  signatureGoes,
  blocksAcme,
  noTlsReports,
  noCaa,
];
