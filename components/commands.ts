import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import {
  applyCommand,
  dkimCommand,
  DkimKeys,
  hostKeyCommand,
  Keys,
  keysCommand,
  parseDkimKeys,
  parseKeys,
  probeCommand,
  readyCommand,
} from "../cloud-init/door";
import { OPERATOR } from "../cloud-init/host/system";
import { Bundle } from "../cloud-init/types";
import { BastionArgs } from "./bastion";
import { Machine } from "./machine";

/** From power-on to a finished bootstrap: minutes for packages; half an hour is a broken host. */
const BOOT_TIMEOUT = "30m";

interface CommandsArgs {
  readonly connection: Connection;
  readonly volume: aws.ebs.Volume;
  readonly machine: Machine;
  /** Records that lead to the host. */
  readonly records: readonly pulumi.Resource[];
  readonly bundle: pulumi.Output<Bundle>;
  /** Lines for `dkimCommand`; empty for none. */
  readonly dkimKeys: string;
}

/** How the program logs in to a host. */
export interface Connection {
  readonly host: pulumi.Input<string>;
  readonly user: string;
  readonly privateKey?: pulumi.Input<string> | undefined;
  readonly proxy?: pulumi.Input<BastionArgs> | undefined;
}

/** The operator's way to an address; the host's key is not pinned yet. */
export function connectionTo(
  host: pulumi.Input<string>,
  privateKey?: pulumi.Input<string>,
  bastion?: pulumi.Input<BastionArgs>,
): Connection {
  return { host, user: OPERATOR.name, privateKey, proxy: bastion };
}

/** Without the outputs of earlier runs in its environment: hosts take no variables. */
export const onHost = { addPreviousOutputInEnv: false };

/** What the host has said. */
export interface Answers {
  readonly hostKey: pulumi.Output<string>;
  readonly keys: pulumi.Output<Keys>;
  /** Public halves of the DKIM keys that were asked for. */
  readonly dkimKeys: pulumi.Output<DkimKeys>;
  /** Id of the machine, known when it has finished its bootstrap. */
  readonly ready: pulumi.Output<string>;
  /** Its ports have answered. */
  readonly probe: pulumi.Resource;
}

/** The commands on a host, in their order: host key, ready, keys, apply, DKIM keys where there are any, probe. Each runs again only when what it is about has changed. */
export function commands(name: string, args: CommandsArgs, parent: pulumi.Resource): Answers {
  const { connection, volume, bundle, records, dkimKeys } = args;
  const { instance, attachment } = args.machine;
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
      parent,
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
    { parent, dependsOn: [attachment], customTimeouts: { create: BOOT_TIMEOUT, update: BOOT_TIMEOUT } },
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
    { parent, dependsOn: [ready], ignoreChanges: ["connection", "create"] },
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
    { parent, dependsOn: [ready, keys], customTimeouts: { create: BOOT_TIMEOUT, update: BOOT_TIMEOUT } },
  );
  // After the bundle, which brings the program. Apart from the other keys, which every exchanger waits for: a selector more is no change of theirs.
  const dkim =
    dkimKeys === ""
      ? undefined
      : new command.remote.Command(
          `${name}-dkim`,
          { connection: trusted, create: volume.id.apply(dkimCommand), stdin: dkimKeys, logging: command.remote.Logging.Stderr, ...onHost },
          { parent, dependsOn: [apply], customTimeouts: { create: BOOT_TIMEOUT, update: BOOT_TIMEOUT } },
        );
  const probe = new command.remote.Command(
    `${name}-probe`,
    {
      connection: trusted,
      create: instance.id.apply(probeCommand),
      logging: command.remote.Logging.None,
      ...onHost,
    },
    { parent, dependsOn: [apply] },
  );
  return {
    hostKey: trusted.hostKey,
    keys: keys.stdout.apply(parseKeys),
    dkimKeys: pulumi.output(dkim?.stdout ?? "{}").apply(parseDkimKeys),
    // Known only when the command has succeeded.
    ready: pulumi.all([instance.id, ready.stdout]).apply(([id]) => id),
    probe,
  };
}
