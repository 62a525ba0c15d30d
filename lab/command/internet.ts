import type { Command } from "commander";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { inNetwork } from "../network/links";
import { namedLab } from "./named-lab";
import { runAttached } from "./run-attached";

export function addInternet(program: Command): void {
  program
    .command("internet")
    .description("run a command of this machine as a host elsewhere on the lab's internet")
    .argument("<command...>")
    .passThroughOptions()
    .action(async (command: string[]) => {
      await runAttached([...onInternet(namedLab(program)), ...command]);
    });
}

/** The words that put a command of this machine on the lab's internet: its network, and in mounts of its own the lab's resolver and nothing but DNS. */
export function onInternet(lab: Lab): string[] {
  const resolver = join(lab.dir, "internet-resolv.conf");
  const order = join(lab.dir, "internet-nsswitch.conf");
  writeFileSync(resolver, `nameserver ${lab.addresses.resolver}\n`);
  writeFileSync(order, "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\nprotocols: files\n");
  const mounts = 'mount --bind "$1" /etc/resolv.conf; mount --bind "$2" /etc/nsswitch.conf; shift 2; exec "$@"';
  return [
    ...inNetwork(lab, "internet"),
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "--",
    "sh",
    "-ec",
    mounts,
    "sh",
    resolver,
    order,
  ];
}
