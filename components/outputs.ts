import { isInZone } from "../plan/names";
import { MailPlan } from "../plan/types";
import { quotaNotes } from "./limits";

/** An exchanger as it is. */
export interface ExchangerEndpoint {
  /** Its key in the declaration. */
  key: string;
  /** Its fully qualified name. */
  name: string;
  /** Its public address. */
  address: string;
  /** MX preference, lower first. */
  preference: number;
  /** `primary` or `backup`. */
  role: string;
  /** How the operator logs in. */
  ssh: string;
}

/** Where a mail client connects. */
export interface ClientEndpoint {
  /** Host name. */
  host: string;
  /** TCP port. */
  port: number;
  /** `TLS` (from the first byte) or `STARTTLS`. */
  security: string;
}

/** What a person types into a mail client. */
export interface ClientSettings {
  /** Form of the user name. */
  userName: string;
  /** The preferred way first (RFC 8314 section 3.3), as in the others. */
  imap: ClientEndpoint[];
  pop3: ClientEndpoint[];
  submission: ClientEndpoint[];
  /** Filters of one's own (ManageSieve, RFC 5804); none with Courier. */
  sieve: ClientEndpoint[];
}

/** What a zone's registrar must be given, so that resolvers believe its signatures (RFC 4034 section 5). */
export interface ZoneDs {
  /** The zone's name. */
  zone: string;
  /** The DS record. */
  ds: string;
}

/** An MTA-STS policy, and where senders read it. */
export interface PolicyText {
  /** The mail domain. */
  domain: string;
  /** `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` */
  url: string;
  /** The file's content, with CRLF at the ends of its lines. */
  text: string;
}

/** All services for people are on the primary. */
export function clientSettings(plan: MailPlan): ClientSettings {
  const primary = plan.exchangers.find(({ role }) => role === "primary");
  const host = primary?.fqdn ?? "";
  const tls = (port: number): ClientEndpoint => ({ host, port, security: "TLS" });
  const startTls = (port: number): ClientEndpoint => ({ host, port, security: "STARTTLS" });
  return {
    userName: `the whole address, for instance ${plan.postmaster}`,
    imap: [tls(993), startTls(143)],
    pop3: [tls(995), startTls(110)],
    submission: [tls(465), startTls(587)],
    sieve: plan.mailboxServer === "dovecot" ? [startTls(4190)] : [],
  };
}

/** What no API does. */
export function todo(plan: MailPlan): string[] {
  return [
    ...quotaNotes(plan),
    "Outbound port 25: AWS closes it for every account until it is asked to open it, region by region " +
      "(https://repost.aws/knowledge-center/ec2-port-25-throttle). Until then mail comes in and is read, and what you send waits in the queue.",
    `Name servers: the registrar of ${[...new Set([plan.hostZone.name, ...[...plan.domains, ...plan.parkedDomains].map(({ zone }) => zone.name)])].join(", ")} must point to Cloudflare's.`,
    ...signingNotes(plan),
    ...policyNotes(plan),
    ...forwardingNotes(plan),
    ...reportNotes(plan),
    "Certificates: the hosts have self-signed ones; mail clients ask once whether to trust them.",
  ];
}

function signingNotes({ signedZones }: MailPlan): string[] {
  const names = signedZones.map(({ name }) => name).join(", ");
  return names === ""
    ? []
    : [`DNSSEC: the registrar of ${names} must be given the DS record in the output ds; until then resolvers take the zone for unsigned.`];
}

function policyNotes({ domains }: MailPlan): string[] {
  return listed(domains.flatMap(({ name, policies }) => (policies.mtaSts === undefined ? [] : [name]))).map(
    (names) =>
      `MTA-STS: a web host must have the policies of ${names} that are in the output mtaStsPolicies, and before a change of them is brought up.`,
  );
}

/** What is forwarded has senders of the first domain. */
function forwardingNotes({ domains }: MailPlan): string[] {
  const declared = new Set(domains.map(({ name }) => name));
  const forwards = domains.flatMap(({ aliases }) =>
    aliases.filter(({ targets }) => targets.some((target) => !declared.has(target.slice(target.lastIndexOf("@") + 1)))),
  );
  const [{ name, policies }] = domains;
  return policies.spf !== undefined || forwards.length === 0
    ? []
    : [
        `SPF: mail that ${listed(forwards.map(({ address }) => address)).join("")} forwards is sent as ${name}, whose SPF record is made elsewhere; the primary's address must be in it.`,
      ];
}

/** DMARC reports to an address elsewhere want a record there (RFC 9990 section 4). Names in one organisation's tree need none. */
function reportNotes({ domains }: MailPlan): string[] {
  const declared = new Set(domains.map(({ name }) => name));
  const senders = new Map<string, string[]>();
  for (const { name, policies } of domains) {
    const uris = (policies.dmarc?.tags ?? []).flatMap(([tag, value]) => (["rua", "ruf"].includes(tag) ? value.split(",") : []));
    for (const taker of new Set(uris.map((uri) => uri.slice(uri.lastIndexOf("@") + 1)))) {
      if (declared.has(taker) || isInZone(taker, name) || isInZone(name, taker)) continue;
      const names = senders.get(taker) ?? [];
      senders.set(taker, names);
      names.push(name);
    }
  }
  return [...senders].map(
    ([taker, names]) =>
      `DMARC reports: ${taker} must consent to reports about ${listed(names).join("")} by a TXT record "v=DMARC1" at ${names[0]}._report._dmarc.${taker}${names.length > 1 ? ", and so for each" : ""}.`,
  );
}

/** A few names, and how many more; nothing of none. */
function listed(names: readonly string[]): string[] {
  const few = 3;
  if (names.length === 0) return [];
  return [names.length > few ? `${names.slice(0, few).join(", ")} and ${names.length - few} more` : names.join(", ")];
}
