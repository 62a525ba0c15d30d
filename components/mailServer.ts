import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { DkimKeys } from "../cloud-init/door";
import { factName, Facts } from "../dns/fact";
import { mtaStsPolicy, mtaStsUrl } from "../dns/mta-sts";
import { Presented, present } from "../dns/presentation";
import { parkedRecords, planRecords } from "../dns/records";
import { associationData } from "../dns/tlsa";
import { Declaration, DomainDeclaration, DomainPoliciesDeclaration } from "../plan/declaration";
import { checkPasswordHashes } from "../plan/password-hashes";
import { policyKeys } from "../plan/policies";
import { MailPlan, Zone } from "../plan/types";
import { OPERATOR } from "../cloud-init/host/system";
import { BastionArgs } from "./bastion";
import { dnsRecord } from "./dnsRecord";
import { MailDns, MailHostArgs } from "./mailDns";
import { MailExchanger } from "./mailExchanger";
import { ClientSettings, clientSettings, ExchangerEndpoint, PolicyText, todo, ZoneDs } from "./outputs";
import { goodTags, inputError, planOf } from "./problems";
import { zoneId } from "./zones";

/** Arguments of `MailServer`: a declaration, and what must not stand in one. */
export interface MailServerArgs extends Declaration {
  /** Password hashes by address, those of app passwords by `ADDRESS/NAME`, made by `mailserver passwd`. Secret. Plain passwords are refused. */
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
  /** What the registrar of each zone under `dnssec` must be given. */
  public readonly ds: pulumi.Output<ZoneDs[]>;
  /** MTA-STS policies, which their web hosts must have before anything else. */
  public readonly mtaStsPolicies: pulumi.Output<PolicyText[]>;
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
    const primary = [...made.values()].at(-1);
    const dkimKeys = primary?.dkimKeys ?? pulumi.output<DkimKeys>({});
    const domains = plan.domains.map(
      (domain, index) =>
        new MailDns(
          `${name}-${domain.name}`,
          {
            domain: domain.name,
            zone: domain.zone,
            zoneId: idOf(domain.zone, `domains[${index}].zone`),
            exchangers: answering,
            ...policiesOf(declaration.domains[index]),
            // Said, where the declaration leaves it to the primary: the component does not know whose hosts these are.
            ...(domain.policies.services === undefined ? {} : { services: [...domain.policies.services] }),
            reportsFor: [...domain.policies.reportsFor],
            dkimKeys: dkimKeys.apply((keys) => keys[domain.name] ?? {}),
            ttl: plan.ttl,
          },
          { parent: this },
        ),
    );

    for (const [index, domain] of plan.parkedDomains.entries()) {
      const id = idOf(domain.zone, `parkedDomains[${index}].zone`);
      for (const record of parkedRecords(domain, plan.ttl))
        dnsRecord(`${name}-${domain.name}-${record.key}`, record, id, {}, { parent: this });
    }
    const signed = plan.signedZones.map((zone) => ({
      zone: zone.name,
      ds: new cloudflare.ZoneDnssec(
        `${name}-${zone.name}-dnssec`,
        { zoneId: idOf(zone, "dnssec"), status: "active" },
        // Until the registrar has the DS record it reads as pending, which is no change to be undone.
        { parent: this, ignoreChanges: ["status"] },
      ).ds,
    }));

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
    const facts = pulumi
      .all([addresses, pulumi.all(Object.fromEntries([...made].map(([key, { tlsFingerprint }]) => [key, tlsFingerprint]))), dkimKeys])
      .apply(([known, tlsKeys, signing]) => factsOf(known, tlsKeys, signing));
    this.records = facts.apply((known) => planRecords(plan).map((record) => present(record, known)));
    this.ds = pulumi.all(signed);
    this.mtaStsPolicies = pulumi.output(
      plan.domains.flatMap(({ name: domain, policies: { mtaSts } }) =>
        mtaSts === undefined ? [] : [{ domain, url: mtaStsUrl(domain), text: mtaStsPolicy(mtaSts, plan.exchangers) }],
      ),
    );
    this.todo = pulumi.output(todo(plan));
    this.registerOutputs({
      exchangers: this.exchangers,
      client: this.client,
      records: this.records,
      ds: this.ds,
      mtaStsPolicies: this.mtaStsPolicies,
      todo: this.todo,
    });
  }
}

/** So that mail always has somewhere to wait while the primary's machine is made or rebuilt. */
function backupsFirst(plan: MailPlan): MailPlan["exchangers"] {
  return [...plan.exchangers].reverse().sort((a, b) => Number(a.role === "primary") - Number(b.role === "primary"));
}

function policiesOf(domain: DomainDeclaration | undefined): DomainPoliciesDeclaration {
  return Object.fromEntries(policyKeys.map((key) => [key, domain?.[key]]));
}

/** What is known when everything is made, by name. */
function factsOf(addresses: Texts, tlsKeys: Texts, dkimKeys: DkimKeys): Facts {
  return new Map([
    ...Object.entries(addresses).map(([exchanger, address]) => [factName({ kind: "address", exchanger }), address] as const),
    ...Object.entries(tlsKeys).map(
      ([exchanger, fingerprint]) => [factName({ kind: "tlsKey", exchanger }), associationData(fingerprint)] as const,
    ),
    ...Object.entries(dkimKeys).flatMap(([domain, keys]) =>
      Object.entries(keys).map(([selector, key]) => [factName({ kind: "dkimKey", domain, selector }), key] as const),
    ),
  ]);
}

type Texts = { readonly [key: string]: string };
