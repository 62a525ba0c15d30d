import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { backCommand, emptyCommand, forgetCommand } from "../cloud-init/door";
import { Exchanger } from "../plan/types";
import { Connection, onHost } from "./commands";

interface RemovalArgs {
  readonly exchanger: Exchanger;
  /** Of the records that lead to it, in seconds. */
  readonly ttl: number;
  readonly connection: Connection & { readonly hostKey: pulumi.Input<string> };
  /** The host serves. */
  readonly probe: pulumi.Resource;
  /** Records of its name. */
  readonly records: readonly pulumi.Resource[];
  /** Known when the exchanger that takes its mail does so; that one goes later. */
  readonly handsOverTo?: pulumi.Input<string> | undefined;
}

/** How an exchanger goes without losing mail: these do next to nothing until they are deleted, between the MX records that depend on them and the host that they depend on. */
export interface Removal {
  /** Deleted second: the queue has been emptied, or the deletion fails and says how to go on. */
  readonly drain: pulumi.CustomResource;
  /** Deleted first, and replaced when the exchanger gets another name: by then resolvers have forgotten the MX that named it. */
  readonly forgotten: pulumi.CustomResource;
}

export function removal(name: string, args: RemovalArgs, parent: pulumi.Resource): Removal {
  const { exchanger, ttl, connection, probe, records, handsOverTo } = args;
  // Without a command there is nothing to dial for: an exchanger that is dead can be told so, and can go.
  const unlessDead = (line: string): string | undefined => (exchanger.drain ? line : undefined);
  const logging = command.remote.Logging.Stderr;
  const drain = new command.remote.Command(
    `${name}-drain`,
    { connection, create: unlessDead(backCommand), delete: unlessDead(emptyCommand), logging, ...onHost },
    { parent, dependsOn: pulumi.output(handsOverTo ?? "").apply(() => [probe]), customTimeouts: { delete: "30m" } },
  );
  const forgotten = new command.remote.Command(
    `${name}-forgotten`,
    { connection, delete: unlessDead(forgetCommand(ttl)), triggers: [exchanger.fqdn], logging, ...onHost },
    // The old name keeps its records until then.
    { parent, dependsOn: [drain, ...records], customTimeouts: { delete: `${ttl + 1800}s` } },
  );
  return { drain, forgotten };
}
