import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { servingBundle } from "../cloud-init/host/bundle";
import { dkimKeyLines } from "../cloud-init/door";
import { factName } from "../dns/fact";
import { hostRecords, keyRecords } from "../dns/records";
import { associationData } from "../dns/tlsa";
import { Declaration } from "../plan/declaration";
import { Exchanger, MailPlan } from "../plan/types";
import { BastionArgs } from "./bastion";
import { commands, connectionTo } from "./commands";
import { dnsRecord } from "./dnsRecord";
import { firewall, nameProblem } from "./firewall";
import { machine } from "./machine";
import { neverChanges } from "./neverChanges";
import { placement } from "./placement";
import { goodTags, inputError, planOf } from "./problems";
import { removal } from "./removal";
import { zoneId } from "./zones";

/** Another exchanger, as this one must know it. */
export interface PeerArgs {
  /** Its public address. */
  address: pulumi.Input<string>;
  /** SHA-256 of its peer key, as the `peerFingerprint` of its component gives it. */
  fingerprint: pulumi.Input<string>;
  /** As its component's `receiving` gives it. A backup is drained before its primary goes if it knows the primary's. Default: in any order. */
  receiving?: pulumi.Input<string>;
}

/** Arguments of `MailExchanger`. */
export interface MailExchangerArgs {
  /** The whole mail system: an exchanger's configuration follows from all of it. */
  declaration: Declaration;
  /** Key of this exchanger in `declaration.exchangers`. */
  key: string;
  /** The other exchangers, by key. */
  peers: { [key: string]: PeerArgs };
  /** Password hashes by address. Secret. */
  passwordHashes?: pulumi.Input<{ [address: string]: string }>;
  /** Cloudflare's id of the zone of the host names. Default: looked up by the name of `declaration.hostZone`. */
  hostZoneId?: pulumi.Input<string>;
  /** Private key of the operator. Secret. Default: the SSH agent's keys. */
  operatorPrivateKey?: pulumi.Input<string>;
  /** A host through which SSH goes. Default: directly. */
  bastion?: pulumi.Input<BastionArgs>;
  /** The machine is made only when this is known, for instance when another exchanger is `ready`. */
  after?: pulumi.Input<string>;
  /** Tags of every AWS resource. */
  tags?: pulumi.Input<{ [key: string]: string }>;
  /** Keep the volume and the address from being deleted. Default: true. */
  protect?: boolean;
}

/**
 * One host that takes mail: address, volume, firewall, machine, and what runs on it. A new machine with the same volume and address is the same exchanger.
 */
export class MailExchanger extends pulumi.ComponentResource {
  /** Its public address. */
  public readonly address: pulumi.Output<string>;
  /** Its fully qualified name. */
  public readonly fqdn: pulumi.Output<string>;
  /** SHA-256 of its peer key; pinned by the other exchangers. */
  public readonly peerFingerprint: pulumi.Output<string>;
  /** SHA-256 of its TLS key. */
  public readonly tlsFingerprint: pulumi.Output<string>;
  /** Public halves of the DKIM keys that it has made, by domain and selector, as records have them in `p=`. Only the primary makes any. */
  public readonly dkimKeys: pulumi.Output<{ [domain: string]: { [selector: string]: string } }>;
  /** Its SSH host key, one line as in `known_hosts` without the name. */
  public readonly hostKey: pulumi.Output<string>;
  /** EC2's id of the present machine. */
  public readonly instanceId: pulumi.Output<string>;
  /** Id of the volume that holds mail, queue and keys. */
  public readonly volumeId: pulumi.Output<string>;
  /** Allocation id of its address. */
  public readonly allocationId: pulumi.Output<string>;
  /** Id of the machine, known when it has finished its bootstrap. */
  public readonly ready: pulumi.Output<string>;
  /** Id of the machine, known when it takes what other exchangers hold. */
  public readonly receiving: pulumi.Output<string>;
  /** Id of the machine, known when every mail port of its role has answered. What needs this goes before the exchanger is drained. */
  public readonly serving: pulumi.Output<string>;

  constructor(name: string, args: MailExchangerArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planOf(args.declaration);
    const exchanger = exchangerOf(plan, args.key);
    const problem = nameProblem(name);
    if (problem !== undefined) throw inputError([{ path: "name", message: problem }]);
    const given = goodTags(args.tags);
    // Without its arguments: its children wait for it, and it would wait for what other exchangers' children make.
    super("pulumi-mailserver:index:MailExchanger", name, {}, opts);
    const child = { parent: this };
    const region = exchanger.region;
    const identity = args.protect === false ? child : { parent: this, protect: true };
    const tags = given.apply((own) => ({ ...own, Name: exchanger.fqdn, "mailserver:exchanger": exchanger.key }));
    const place = placement(exchanger, { parent: this });
    // Where the place was looked up and not declared, a zone that AWS adds later must not move the machine.
    const looked = (...properties: string[]): string[] => (exchanger.subnet === undefined ? properties : []);

    const wall = firewall(
      name,
      {
        exchanger,
        mailboxServer: plan.mailboxServer,
        operator: plan.operator,
        peers: Object.fromEntries(
          Object.entries(args.peers).map(([key, { address }]) => [key, { address, aliases: exchangerOf(plan, key).aliases }]),
        ),
        vpcId: place.vpcId,
        tags,
        ruleTags: args.tags ?? {},
      },
      { parent: this, ignoreChanges: looked("vpcId") },
    );
    const eip = new aws.ec2.Eip(`${name}-address`, { domain: "vpc", region, tags }, identity);
    const volume = new aws.ebs.Volume(
      `${name}-volume`,
      {
        availabilityZone: place.availabilityZone,
        size: exchanger.volumeSizeGiB,
        type: "gp3",
        encrypted: true,
        region,
        tags: tags.apply((own) => ({ ...own, "mailserver:role": exchanger.role })),
      },
      { ...identity, ignoreChanges: looked("availabilityZone"), hooks: neverChanges(`${name}-volume`, exchanger) },
    );

    const made = machine(name, { plan, exchanger, eip, volume, wall, subnetId: place.subnetId, after: args.after ?? "", tags }, this);

    const hostZoneId = args.hostZoneId ?? zoneId(plan.hostZone, "hostZone", child);
    const records = hostRecords(plan, exchanger).map((record) =>
      dnsRecord(
        `${name}-${record.key}`,
        record,
        hostZoneId,
        { [factName({ kind: "address", exchanger: exchanger.key })]: eip.publicIp },
        child,
      ),
    );

    const peers = pulumi.all(Object.entries(args.peers).map(([key, peer]) => pulumi.all([key, peer.address, peer.fingerprint])));
    const bundle = pulumi.all([eip.publicIp, peers, pulumi.output(args.passwordHashes ?? {})]).apply(([address, known, hashes]) =>
      servingBundle(
        plan,
        exchanger,
        {
          address,
          peers: known.map(([key, peerAddress, fingerprint]) => {
            const { role, fqdn } = exchangerOf(plan, key);
            return { key, role, fqdn, address: peerAddress, fingerprint };
          }),
        },
        hashes,
      ),
    );
    const connection = connectionTo(eip.publicIp, args.operatorPrivateKey, args.bastion);
    const said = commands(
      name,
      {
        connection,
        volume,
        machine: made,
        records,
        bundle,
        dkimKeys: exchanger.role === "primary" ? dkimKeyLines(plan.domains) : "",
      },
      this,
    );

    const tlsKey = said.keys.apply(({ tls }) => associationData(tls));
    for (const record of keyRecords(plan, exchanger)) {
      dnsRecord(`${name}-${record.key}`, record, hostZoneId, { [factName({ kind: "tlsKey", exchanger: exchanger.key })]: tlsKey }, child);
    }

    const primary = plan.exchangers.find(({ role }) => role === "primary");
    const handsOverTo = exchanger.role === "backup" && primary !== undefined ? args.peers[primary.key]?.receiving : undefined;
    const end = removal(
      name,
      { exchanger, ttl: plan.ttl, connection: { ...connection, hostKey: said.hostKey }, probe: said.probe, records, handsOverTo },
      this,
    );

    this.address = eip.publicIp;
    this.fqdn = pulumi.output(exchanger.fqdn);
    this.peerFingerprint = said.keys.apply(({ peer }) => peer);
    this.tlsFingerprint = said.keys.apply(({ tls }) => tls);
    this.dkimKeys = said.dkimKeys;
    this.hostKey = said.hostKey;
    this.instanceId = made.instance.id;
    this.volumeId = volume.id;
    this.allocationId = eip.allocationId;
    this.ready = said.ready;
    this.receiving = knownWith(made.instance.id, [end.drain, ...Object.values(wall.peerRules)]);
    this.serving = knownWith(made.instance.id, [end.forgotten]);
    this.registerOutputs({
      address: this.address,
      fqdn: this.fqdn,
      peerFingerprint: this.peerFingerprint,
      tlsFingerprint: this.tlsFingerprint,
      dkimKeys: this.dkimKeys,
      hostKey: this.hostKey,
      instanceId: this.instanceId,
      volumeId: this.volumeId,
      allocationId: this.allocationId,
      ready: this.ready,
      receiving: this.receiving,
      serving: this.serving,
    });
  }
}

/** A value that is known when these resources are there; what depends on it depends on them, and goes before them. */
function knownWith(value: pulumi.Output<string>, resources: readonly pulumi.CustomResource[]): pulumi.Output<string> {
  return pulumi.all([value, ...resources.map(({ id }) => id)]).apply(([known]) => known ?? "");
}

function exchangerOf(plan: MailPlan, key: string): Exchanger {
  const found = plan.exchangers.find((exchanger) => exchanger.key === key);
  if (found === undefined) {
    const known = plan.exchangers.map((exchanger) => exchanger.key).join(", ");
    throw inputError([{ path: "key", message: `no exchanger "${key}" is declared; declared are: ${known}` }]);
  }
  return found;
}
