import * as pulumi from "@pulumi/pulumi";
import { domainRecords } from "../dns/records";
import { Declaration } from "../plan/declaration";
import { dnsRecord } from "./dnsRecord";
import { inputError, planOf } from "./problems";
import { zoneId } from "./zones";

/** An exchanger that a domain's mail may be sent to. */
export interface ExchangerAddressArgs {
  /** Its public address. */
  address: pulumi.Input<string>;
  /** The MX record is made only when this is known, for instance when the exchanger is `serving`. Default: at once. */
  serving?: pulumi.Input<string>;
}

/** Arguments of `MailDns`. */
export interface MailDnsArgs {
  /** The whole mail system. */
  declaration: Declaration;
  /** Name of this domain in `declaration.domains`. */
  domain: string;
  /** Exchangers by key. */
  exchangers: { [key: string]: ExchangerAddressArgs };
  /** Cloudflare's id of the domain's zone. Default: looked up by the zone's name. */
  zoneId?: pulumi.Input<string>;
}

/** The records of one mail domain. An MX record appears when its exchanger answers and no earlier. */
export class MailDns extends pulumi.ComponentResource {
  /** The domain; known when all its MX records are there. */
  public readonly domain: pulumi.Output<string>;

  constructor(name: string, args: MailDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planOf(args.declaration);
    const domain = plan.domains.find((declared) => declared.name === args.domain);
    if (domain === undefined) {
      const known = plan.domains.map((declared) => declared.name).join(", ");
      throw inputError([{ path: "domain", message: `"${args.domain}" is not declared; declared are: ${known}` }]);
    }
    super("pulumi-mailserver:index:MailDns", name, {}, opts);
    const zone = args.zoneId ?? zoneId(domain.zone, `domains[${plan.domains.indexOf(domain)}].zone`, { parent: this });
    const addresses = Object.fromEntries(Object.entries(args.exchangers).map(([key, { address }]) => [key, address]));
    const records = domainRecords(plan, domain).map((record) => {
      // Only MX waits: what a record says of addresses is true as soon as they exist.
      const key = record.rdata.type === "MX" ? record.rdata.exchanger : undefined;
      const exchanger = key === undefined ? undefined : args.exchangers[key];
      const formerKeys = plan.exchangers.find((it) => it.key === key)?.aliases ?? [];
      return dnsRecord(`${name}-${record.key}`, record, zone, addresses, {
        parent: this,
        dependsOn: pulumi.output(exchanger?.serving ?? "").apply(() => []),
        aliases: formerKeys.map((former) => ({ name: `${name}-mx-${former}` })),
      });
    });
    this.domain = pulumi.all(records.map(({ id }) => id)).apply(() => domain.name);
    this.registerOutputs({ domain: this.domain });
  }
}
