import { existsSync, readdirSync, readFileSync } from "node:fs";
import { shell } from "../hosts/shell";
import type { Lab } from "../lab";
import { readDownloadPorts } from "./download-ports";
import { closeThroughDocker, openThroughDocker } from "./other-firewalls";
import { netns, uplink } from "./links";

/** The machine's own resolvers, for names outside the lab. A stub of systemd-resolved on loopback cannot be reached from the lab; its servers can. */
export function machineResolvers(): string[] {
  for (const file of ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]) {
    if (!existsSync(file)) continue;
    const servers = [...readFileSync(file, "utf8").matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)].map((match) => match[1] ?? "");
    const reachable = servers.filter((server) => !server.startsWith("127."));
    if (reachable.length > 0) return reachable;
  }
  return [];
}

/**
 * The machine's side of the uplink, in one nftables table of the lab's name: downloads and look-ups are masqueraded, and nothing else gets through,
 * whatever the router's rules say. The machine's own services are out of reach too.
 */
export async function openUplink(lab: Lab): Promise<void> {
  const link = `${lab.prefix}-up`;
  const resolvers = machineResolvers();
  const dns =
    resolvers.length === 0 ? "" : `iifname "${link}" ip daddr { ${resolvers.join(", ")} } meta l4proto { tcp, udp } th dport 53 accept`;
  const table = `
table ip ${lab.prefix}
delete table ip ${lab.prefix}
table ip ${lab.prefix} {
  chain translate-out {
    type nat hook postrouting priority srcnat;
    ip saddr ${uplink(lab).router} oifname != "${link}" masquerade
  }
  chain wall {
    type filter hook forward priority filter;
    iifname != "${link}" accept
    ct state established,related accept
    oifname "mslab*" drop
    ip daddr 198.51.100.0/24 drop
    iifname "${link}" tcp dport { ${readDownloadPorts(lab).join(", ")} } accept
    ${dns}
    drop
  }
  chain machine-itself {
    type filter hook input priority filter;
    iifname "${link}" drop
  }
}
`;
  await shell("nft -f -", table);
  await openThroughDocker(link);
}

/** Takes away every namespace, link and table of the lab. */
export async function removeNetwork(lab: Lab): Promise<void> {
  const namespaces = existsSync("/run/netns") ? readdirSync("/run/netns").filter((name) => name.startsWith(netns(lab, ""))) : [];
  // A namespace lives on while a process is in it; its links must not.
  await shell(`
    for name in ${namespaces.join(" ")}; do
      ip -n $name link del dev eth0 2>/dev/null || :
      ip netns del $name 2>/dev/null || { umount -l /run/netns/$name 2>/dev/null || :; rm -f /run/netns/$name; }
    done
    ip link del dev ${lab.prefix}-up 2>/dev/null || :
    ${closeThroughDocker(`${lab.prefix}-up`)}
    nft delete table ip ${lab.prefix} 2>/dev/null || :`);
}
