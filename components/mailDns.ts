import * as pulumi from "@pulumi/pulumi";
import { Fact, factName } from "../dns/fact";
import { domainRecords, nameRecords } from "../dns/records";
import { DomainPoliciesDeclaration, ZoneDeclaration } from "../plan/declaration";
import { isMadeBySigner } from "../plan/dkim";
import { DomainPlan, parseDomainPlan } from "../plan/domain-plan";
import { adopting, asNew, Making } from "./adoption";
import { dnsRecord, LaterFacts } from "./dnsRecord";
import { inputError, parsed } from "./problems";
import { zoneId } from "./zones";

/** A host that takes the domain's mail. Whoever runs it: an exchanger of this module, or somebody else. */
export interface MailHostArgs {
  /** Its host name, fully qualified, as MX records say it. It has an address record of its own. */
  name: string;
  /** `primary` (sends as the domain, too; exactly one) or `backup`. */
  role: string;
  /** MX preference, 0 to 65535; the lower number is tried first (RFC 5321 section 5.1). Default: 10 for the primary, 20 for a backup. */
  preference?: number;
  /** Keys that it had before. Default: none. */
  aliases?: string[];
  /** Its public IPv4 address. */
  address: pulumi.Input<string>;
  /** Its public IPv6 address. Default: it has none. */
  ipv6Address?: pulumi.Input<string>;
  /** Whether the records of its name are made here too: A, AAAA, and the SPF of what it says in HELO. Its name is in the domain's zone then. Default: false. */
  records?: boolean;
  /** The MX record is made only when this is known, for instance when the exchanger is `serving`. Default: at once. */
  serving?: pulumi.Input<string>;
}

/** Arguments of `MailDns`. */
export interface MailDnsArgs extends DomainPoliciesDeclaration {
  /** The mail domain, for instance `example.org`. */
  domain: string;
  /** The DNS zone that holds it. Default: a zone of the domain's own name. */
  zone?: ZoneDeclaration;
  /** Cloudflare's id of the zone, where it is known only when the program runs. Default: the id in `zone`, else looked up by the zone's name. */
  zoneId?: pulumi.Input<string>;
  /** Hosts that take its mail, by key. One primary; any number of backups. */
  exchangers: { [key: string]: MailHostArgs };
  /** Other domains whose DMARC reports are sent to an address of this one, which it consents to in DNS (RFC 9990 section 4). Default: none. */
  reportsFor?: string[];
  /** Public halves of DKIM keys that `dkim` says nothing of, by selector, as a record has them in `p=`. Default: `dkim` has them. */
  dkimKeys?: pulumi.Input<{ [selector: string]: string }>;
  /** Time to live of every record, in seconds, 60 to 86400 (Cloudflare's range). Default: 300. */
  ttl?: number;
}

/** The records of one mail domain. An MX record appears when its exchanger answers and no earlier. */
export class MailDns extends pulumi.ComponentResource {
  /** The domain; known when all its MX records are there. */
  public readonly domain: pulumi.Output<string>;

  constructor(name: string, args: MailDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = parsed(parseDomainPlan(args));
    super("pulumi-mailserver:index:MailDns", name, {}, opts);
    const zone = args.zoneId ?? zoneId(plan.zone, "zone", { parent: this });
    const facts = factsOf(plan, args);
    const planned = [
      ...domainRecords(plan, plan),
      ...plan.exchangers
        .filter(({ key }) => plan.named.includes(key))
        .flatMap((host) => nameRecords(host, plan.ttl).map((record) => ({ ...record, key: `${host.key}-${record.key}` }))),
    ];
    const make = (making: Making): pulumi.Output<string>[] =>
      planned.map((record) => {
        // Only what leads to a host waits for it: what a record says of addresses is true as soon as they exist.
        const serving = record.leadsTo === undefined ? undefined : args.exchangers[record.leadsTo]?.serving;
        const formerKeys = record.rdata.type === "MX" ? (plan.exchangers.find(({ key }) => key === record.leadsTo)?.aliases ?? []) : [];
        return dnsRecord(`${name}-${record.key}`, record, zone, facts, {
          ...making(record.key),
          parent: this,
          dependsOn: pulumi.output(serving ?? "").apply(() => []),
          aliases: formerKeys.map((former) => ({ name: `${name}-mx-${former}` })),
        }).id;
      });
    const ids = plan.policies.adoptRecords
      ? adopting(planned, zone, { parent: this }).apply((making) => pulumi.all(make(making)))
      : pulumi.all(make(asNew));
    this.domain = ids.apply(() => plan.name);
    this.registerOutputs({ domain: this.domain });
  }
}

/** What records say of hosts and keys, by name. */
function factsOf(plan: DomainPlan, { exchangers, dkimKeys }: MailDnsArgs): LaterFacts {
  const entry = (fact: Fact, value: pulumi.Input<string>): [string, pulumi.Input<string>] => [factName(fact), value];
  return Object.fromEntries([
    ...Object.entries(exchangers).flatMap(([exchanger, { address, ipv6Address }]) => [
      entry({ kind: "address", exchanger }, address),
      ...(ipv6Address === undefined ? [] : [entry({ kind: "ipv6Address", exchanger }, ipv6Address)]),
    ]),
    ...plan.policies.dkim.filter(isMadeBySigner).map(({ selector }) =>
      entry(
        { kind: "dkimKey", domain: plan.name, selector },
        pulumi.output(dkimKeys ?? {}).apply((keys) => keys[selector] ?? noKey(plan.name, selector)),
      ),
    ),
  ]);
}

function noKey(domain: string, selector: string): never {
  throw inputError([
    {
      path: `dkim.${selector}`,
      message: `There is no public key of selector "${selector}" for ${domain}; give it as publicKey, or under dkimKeys.`,
    },
  ]);
}
