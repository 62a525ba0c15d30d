import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Presented, present } from "../dns/presentation";
import { planRecords } from "../dns/records";
import { Declaration } from "../plan/declaration";
import { checkPasswordHashes } from "../plan/password-hashes";
import { MailPlan, Zone } from "../plan/types";
import { OPERATOR } from "../cloud-init/host/system";
import { BastionArgs } from "./bastion";
import { MailDns, MailHostArgs } from "./mailDns";
import { MailExchanger } from "./mailExchanger";
import { ClientSettings, clientSettings, ExchangerEndpoint, todo } from "./outputs";
import { goodTags, inputError, planOf } from "./problems";
import { zoneId } from "./zones";

/** Arguments of `MailServer`: a declaration, and what must not stand in one. */
export interface MailServerArgs extends Declaration {
  /** Password hashes by address, made by `mailserver passwd`. Secret. Plain passwords are refused. */
  passwordHashes?: pulumi.Input<{ [address: string]: string }>;
  /** Private key of the operator. Secret. Default: the SSH agent's keys. */
  operatorPrivateKey?: pulumi.Input<string>;
  /** A host through which SSH goes. Default: directly. */
  bastion?: pulumi.Input<BastionArgs>;
  /** Tags of every AWS resource. */
  tags?: pulumi.Input<{ [key: string]: string }>;
  /** Keep volumes and addresses from being deleted. Default: true. */
  protect?: boolean;
}

/** A whole mail system: exchangers, their hosts, and every record that mail needs. */
export class MailServer extends pulumi.ComponentResource {
  /** The exchangers, by preference. */
  public readonly exchangers: pulumi.Output<ExchangerEndpoint[]>;
  /** What a mail client needs, the preferred way first. */
  public readonly client: pulumi.Output<ClientSettings>;
  /** Every record, as a name server answers it. */
  public readonly records: pulumi.Output<Presented[]>;
  /** What is left to do outside of the program, in words. */
  public readonly todo: pulumi.Output<string[]>;

  constructor(name: string, args: MailServerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { passwordHashes, operatorPrivateKey, bastion, tags, protect, ...declaration } = args;
    const plan = planOf(declaration);
    const ownTags = goodTags(tags);
    super("pulumi-mailserver:index:MailServer", name, {}, opts);
    const hashes = pulumi.secret(passwordHashes ?? {}).apply((given) => {
      const problems = checkPasswordHashes(plan, given);
      if (problems.length > 0) throw inputError(problems);
      return given;
    });
    // Every resource needs tags or a zone: nothing is made before the hashes have been checked.
    // Not the hashes themselves: a combined output is walked whole, and thousands of them in each of a thousand zones are tens of seconds.
    const good = pulumi.unsecret(hashes.apply(() => true));
    const checked = <T>(value: pulumi.Input<T>): pulumi.Output<T> => pulumi.all([value, good]).apply(([own]) => own as T);
    const checkedTags = checked(ownTags);
    const zoneIds = new Map<string, pulumi.Output<string>>();
    const idOf = (zone: Zone, path: string): pulumi.Output<string> => {
      const id = zoneIds.get(zone.name) ?? checked(zoneId(zone, path, { parent: this }));
      zoneIds.set(zone.name, id);
      return id;
    };

    // Each exchanger must know the others: what they are is filled in as they are made.
    const later = new Map(
      plan.exchangers.map(({ key }) => {
        const [address, resolveAddress] = pulumi.deferredOutput<string>();
        const [fingerprint, resolveFingerprint] = pulumi.deferredOutput<string>();
        const [receiving, resolveReceiving] = pulumi.deferredOutput<string>();
        const resolve = (made: MailExchanger): void => {
          resolveAddress(made.address);
          resolveFingerprint(made.peerFingerprint);
          resolveReceiving(made.receiving);
        };
        return [key, { peer: { address, fingerprint, receiving }, resolve }];
      }),
    );
    const made = new Map<string, MailExchanger>();
    let previous: MailExchanger | undefined;
    for (const { key, aliases } of backupsFirst(plan)) {
      const exchanger: MailExchanger = new MailExchanger(
        `${name}-${key}`,
        {
          declaration,
          key,
          peers: Object.fromEntries([...later].filter(([other]) => other !== key).map(([other, { peer }]) => [other, peer])),
          passwordHashes: hashes,
          hostZoneId: idOf(plan.hostZone, "hostZone"),
          operatorPrivateKey,
          bastion,
          after: previous?.ready,
          tags: checkedTags,
          protect,
        },
        // Its resources' names begin with its own, so theirs are found by the same.
        { parent: this, aliases: aliases.map((former) => ({ name: `${name}-${former}` })) },
      );
      later.get(key)?.resolve(exchanger);
      made.set(key, exchanger);
      previous = exchanger;
    }

    const answering: { [key: string]: MailHostArgs } = {};
    for (const { key, fqdn, role, preference, aliases } of plan.exchangers) {
      const exchanger = made.get(key);
      if (exchanger === undefined) continue;
      const { address, serving } = exchanger;
      answering[key] = { name: fqdn, role, preference, aliases: [...aliases], address, serving };
    }
    const domains = plan.domains.map(
      (domain, index) =>
        new MailDns(
          `${name}-${domain.name}`,
          {
            domain: domain.name,
            zone: domain.zone,
            zoneId: idOf(domain.zone, `domains[${index}].zone`),
            exchangers: answering,
            ttl: plan.ttl,
          },
          { parent: this },
        ),
    );

    // Last, so that a refusal leaves nothing undone: AWS wants the A record to resolve first and some accounts must ask for reverse names.
    const published = pulumi.all(domains.map(({ domain }) => domain)).apply(() => []);
    for (const { key, fqdn, region } of plan.exchangers) {
      const exchanger = made.get(key);
      if (exchanger === undefined) continue;
      new aws.ec2.EipDomainName(
        `${name}-${key}-ptr`,
        { allocationId: exchanger.allocationId, domainName: fqdn, region },
        { parent: exchanger, dependsOn: published },
      );
    }

    const addresses = pulumi.all(Object.fromEntries([...made].map(([key, { address }]) => [key, address])));
    this.exchangers = addresses.apply((known) =>
      plan.exchangers.map(({ key, fqdn, preference, role }) => ({
        key,
        name: fqdn,
        address: known[key] ?? "",
        preference,
        role,
        ssh: `ssh ${OPERATOR.name}@${known[key] ?? ""}`,
      })),
    );
    this.client = pulumi.output(clientSettings(plan));
    this.records = addresses.apply((known) => planRecords(plan).map((record) => present(record, new Map(Object.entries(known)))));
    this.todo = pulumi.output(todo(plan));
    this.registerOutputs({ exchangers: this.exchangers, client: this.client, records: this.records, todo: this.todo });
  }
}

/** So that mail always has somewhere to wait while the primary's machine is made or rebuilt. */
function backupsFirst(plan: MailPlan): MailPlan["exchangers"] {
  return [...plan.exchangers].reverse().sort((a, b) => Number(a.role === "primary") - Number(b.role === "primary"));
}
