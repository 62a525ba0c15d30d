import * as pulumi from "@pulumi/pulumi";
import { domainRecords } from "../dns/records";
import { ZoneDeclaration } from "../plan/declaration";
import { parseDomainPlan } from "../plan/domain-plan";
import { dnsRecord } from "./dnsRecord";
import { parsed } from "./problems";
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
  /** The MX record is made only when this is known, for instance when the exchanger is `serving`. Default: at once. */
  serving?: pulumi.Input<string>;
}

/** Arguments of `MailDns`. */
export interface MailDnsArgs {
  /** The mail domain, for instance `example.org`. */
  domain: string;
  /** The DNS zone that holds it. Default: a zone of the domain's own name. */
  zone?: ZoneDeclaration;
  /** Cloudflare's id of the zone, where it is known only when the program runs. Default: the id in `zone`, else looked up by the zone's name. */
  zoneId?: pulumi.Input<string>;
  /** Hosts that take its mail, by key. One primary; any number of backups. */
  exchangers: { [key: string]: MailHostArgs };
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
    const addresses = Object.fromEntries(Object.entries(args.exchangers).map(([key, { address }]) => [key, address]));
    const records = domainRecords(plan, plan).map((record) => {
      // Only MX waits: what a record says of addresses is true as soon as they exist.
      const key = record.rdata.type === "MX" ? record.rdata.exchanger : undefined;
      const serving = key === undefined ? undefined : args.exchangers[key]?.serving;
      const formerKeys = plan.exchangers.find((host) => host.key === key)?.aliases ?? [];
      return dnsRecord(`${name}-${record.key}`, record, zone, addresses, {
        parent: this,
        dependsOn: pulumi.output(serving ?? "").apply(() => []),
        aliases: formerKeys.map((former) => ({ name: `${name}-mx-${former}` })),
      });
    });
    this.domain = pulumi.all(records.map(({ id }) => id)).apply(() => plan.name);
    this.registerOutputs({ domain: this.domain });
  }
}
