import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { renderUserData } from "../cloud-init/bootstrap/user-data";
import { applyCommand, hostKeyCommand, keysCommand, parseKeys, probeCommand, readyCommand } from "../cloud-init/door";
import { hostBundle, servingBundle } from "../cloud-init/host/bundle";
import { OPERATOR } from "../cloud-init/host/system";
import { hostRecords } from "../dns/records";
import { Declaration } from "../plan/declaration";
import { Exchanger, MailPlan } from "../plan/types";
import { dnsRecord } from "./dnsRecord";
import { firewall } from "./firewall";
import { placement } from "./placement";
import { planOf } from "./problems";
import { zoneId } from "./zones";

/** Another exchanger, as this one must know it. */
export interface PeerArgs {
  /** Its public address. */
  address: pulumi.Input<string>;
  /** SHA-256 of its peer key, as the `peerFingerprint` of its component gives it. */
  fingerprint: pulumi.Input<string>;
}

/** A host through which the hosts are reached by SSH. */
export interface BastionArgs {
  /** Name or address. */
  host: pulumi.Input<string>;
  /** Account on it. Default: `root`. */
  user?: pulumi.Input<string>;
  /** Default: 22. */
  port?: pulumi.Input<number>;
  /** Private key for it. Default: the SSH agent's keys. */
  privateKey?: pulumi.Input<string>;
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

/** From power-on to a finished bootstrap: minutes for packages; an hour is a broken host. */
const BOOT_TIMEOUT = "30m";

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
  /** Id of the machine, known when every mail port of its role has answered. */
  public readonly serving: pulumi.Output<string>;

  constructor(name: string, args: MailExchangerArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planOf(args.declaration);
    // Without its arguments: its children wait for it, and it would wait for what other exchangers' children make.
    super("pulumi-mailserver:index:MailExchanger", name, {}, opts);
    const exchanger = exchangerOf(plan, args.key);
    const child = { parent: this };
    const region = exchanger.region;
    const identity = args.protect === false ? child : { parent: this, protect: true };
    const tags = pulumi.output(args.tags ?? {}).apply((own) => ({ ...own, Name: exchanger.fqdn, "mailserver:exchanger": exchanger.key }));
    const place = placement(exchanger, { parent: this });
    // Where the place was looked up and not declared, a zone that AWS adds later must not move the machine.
    const looked = (...properties: string[]): string[] => (exchanger.subnet === undefined ? properties : []);

    const wall = firewall(
      name,
      {
        exchanger,
        operator: plan.operator,
        peers: Object.fromEntries(Object.entries(args.peers).map(([key, { address }]) => [key, address])),
        vpcId: place.vpcId,
        tags,
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
        tags,
      },
      { ...identity, ignoreChanges: looked("availabilityZone") },
    );

    const image = aws.ssm.getParameterOutput({ name: `/aws/service/debian/release/13/latest/${exchanger.architecture}`, region }, child);
    const userData = pulumi
      .all([volume.id, eip.publicIp])
      .apply(([volumeId, address]) =>
        renderUserData({ plan, exchanger, volumeId, bundle: hostBundle(plan, exchanger, { address, peers: [] }) }).toString("base64"),
      );
    const instance = new aws.ec2.Instance(
      `${name}-machine`,
      {
        ami: image.insecureValue,
        instanceType: exchanger.instanceType,
        subnetId: place.subnetId,
        vpcSecurityGroupIds: [wall.groupId],
        // Its only public address is the Elastic IP.
        associatePublicIpAddress: false,
        userDataBase64: userData,
        // IMDSv2 only, and not from behind another hop: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 8, tags },
        region,
        tags,
      },
      {
        parent: this,
        // A newer image or bootstrap never touches a running machine. A raised generation takes both; another architecture needs both.
        ignoreChanges: ["ami", "userDataBase64", ...looked("subnetId")],
        replacementTrigger: `${exchanger.generation} ${exchanger.architecture}`,
        // The volume is in use until the old machine is gone.
        deleteBeforeReplace: true,
        hideDiffs: ["userDataBase64"],
        // Rules first: a first boot installs packages. The previous exchanger first: two rebuilds never overlap.
        dependsOn: pulumi.output(args.after ?? "").apply(() => [...wall.rules]),
      },
    );
    const association = new aws.ec2.EipAssociation(
      `${name}-association`,
      { allocationId: eip.allocationId, instanceId: instance.id, region },
      child,
    );
    const attachment = new aws.ec2.VolumeAttachment(
      `${name}-attachment`,
      {
        deviceName: "/dev/sdf",
        instanceId: instance.id,
        volumeId: volume.id,
        // A clean shutdown unmounts the volume; a forced detach can lose data.
        stopInstanceBeforeDetaching: true,
        region,
      },
      // The machine waits for its volume anyway; its way out to the packages is there first.
      { parent: this, dependsOn: [association], deleteBeforeReplace: true },
    );

    const hostZoneId = args.hostZoneId ?? zoneId(plan.hostZone, child);
    const records = hostRecords(plan, exchanger).map((record) =>
      dnsRecord(`${name}-${record.key}`, record, hostZoneId, { [exchanger.key]: eip.publicIp }, child),
    );

    const connection = {
      host: eip.publicIp,
      user: OPERATOR.name,
      privateKey: args.operatorPrivateKey,
      proxy: args.bastion,
    };
    const onHost = { addPreviousOutputInEnv: false };
    // Read once for the life of the volume, on which the key lives: trust on first use, and nothing secret is sent.
    const hostKey = new command.remote.Command(
      `${name}-hostkey`,
      {
        connection: { ...connection, dialErrorLimit: -1 },
        create: volume.id.apply(hostKeyCommand),
        triggers: [volume.id],
        logging: command.remote.Logging.None,
        ...onHost,
      },
      {
        parent: this,
        dependsOn: [attachment, ...records],
        ignoreChanges: ["connection", "create"],
        customTimeouts: { create: BOOT_TIMEOUT },
      },
    );
    const trusted = { ...connection, hostKey: hostKey.stdout.apply((line) => line.trim()) };
    const ready = new command.remote.Command(
      `${name}-ready`,
      {
        connection: { ...trusted, dialErrorLimit: -1 },
        create: instance.id.apply(readyCommand),
        logging: command.remote.Logging.StdoutAndStderr,
        ...onHost,
      },
      { parent: this, dependsOn: [attachment], customTimeouts: { create: BOOT_TIMEOUT, update: BOOT_TIMEOUT } },
    );
    const keys = new command.remote.Command(
      `${name}-keys`,
      {
        connection: trusted,
        create: volume.id.apply(keysCommand),
        triggers: [volume.id],
        logging: command.remote.Logging.None,
        ...onHost,
      },
      { parent: this, dependsOn: [ready], ignoreChanges: ["connection", "create"] },
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
    const apply = new command.remote.Command(
      `${name}-apply`,
      {
        connection: trusted,
        // The sum of a text that is mostly public tells nothing of the salted hashes in it; shown, it makes previews readable.
        create: pulumi
          .all([instance.id, pulumi.unsecret(bundle.apply(({ sha256 }) => sha256))])
          .apply(([instanceId, sha256]) => applyCommand(instanceId, sha256)),
        stdin: pulumi.secret(bundle.apply(({ text }) => text)),
        logging: command.remote.Logging.Stderr,
        ...onHost,
      },
      { parent: this, dependsOn: [ready, keys], customTimeouts: { create: BOOT_TIMEOUT, update: BOOT_TIMEOUT } },
    );
    const probe = new command.remote.Command(
      `${name}-probe`,
      {
        connection: trusted,
        create: instance.id.apply(probeCommand),
        logging: command.remote.Logging.None,
        ...onHost,
      },
      { parent: this, dependsOn: [apply] },
    );

    const found = keys.stdout.apply(parseKeys);
    this.address = eip.publicIp;
    this.fqdn = pulumi.output(exchanger.fqdn);
    this.peerFingerprint = found.apply(({ peer }) => peer);
    this.tlsFingerprint = found.apply(({ tls }) => tls);
    this.hostKey = trusted.hostKey;
    this.instanceId = instance.id;
    this.volumeId = volume.id;
    this.allocationId = eip.allocationId;
    // Ids that are known only when the command has succeeded.
    this.ready = pulumi.all([instance.id, ready.stdout]).apply(([id]) => id);
    this.serving = pulumi.all([instance.id, probe.stdout]).apply(([id]) => id);
    this.registerOutputs({
      address: this.address,
      fqdn: this.fqdn,
      peerFingerprint: this.peerFingerprint,
      tlsFingerprint: this.tlsFingerprint,
      hostKey: this.hostKey,
      instanceId: this.instanceId,
      volumeId: this.volumeId,
      allocationId: this.allocationId,
      ready: this.ready,
      serving: this.serving,
    });
  }
}

function exchangerOf(plan: MailPlan, key: string): Exchanger {
  const found = plan.exchangers.find((exchanger) => exchanger.key === key);
  if (found === undefined) {
    const known = plan.exchangers.map((exchanger) => exchanger.key).join(", ");
    throw new pulumi.InputPropertyError({ propertyPath: "key", reason: `no exchanger "${key}" is declared; declared are: ${known}` });
  }
  return found;
}
