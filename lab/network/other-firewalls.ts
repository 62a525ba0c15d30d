import { shell } from "../hosts/shell";

/** The chain that Docker keeps for rules of others, before its own, which drop what is not a container's (Docker's manual, "Packet filtering and firewalls"). */
const DOCKER = "DOCKER-USER";

/** Lets the lab's uplink through Docker's firewall where this machine has one. What the lab's own wall drops stays dropped. */
export const openThroughDocker = async (link: string): Promise<void> =>
  void (await shell(`
    command -v iptables >/dev/null && iptables -w -S ${DOCKER} >/dev/null 2>&1 || exit 0
    for way in -i -o; do
      iptables -w -C ${DOCKER} $way ${link} -j ACCEPT 2>/dev/null || iptables -w -I ${DOCKER} $way ${link} -j ACCEPT
    done`));

/** The lines of shell that take this back. */
export const closeThroughDocker = (link: string): string =>
  `for way in -i -o; do iptables -w -D ${DOCKER} $way ${link} -j ACCEPT 2>/dev/null || :; done`;

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

/** Firewalls of others on this machine that drop what it forwards, as `TABLE CHAIN`. The lab's downloads need a rule in each; nft has no order that would spare it. */
export async function droppingFirewalls(): Promise<string[]> {
  const chains = await shell("nft -j list chains");
  const docker = await shell(`command -v iptables >/dev/null && iptables -w -S ${DOCKER} >/dev/null 2>&1 && echo yes || :`);
  return droppingIn(chains, docker.trim() === "yes");
}

/** From what `nft -j list chains` prints. Docker's own table is spared where its chain for others is there. */
export function droppingIn(json: string, docker: boolean): string[] {
  const { nftables } = JSON.parse(json) as { nftables: { chain?: Chain }[] };
  return nftables.flatMap(({ chain }) =>
    chain?.hook === "forward" &&
    chain.policy === "drop" &&
    ["ip", "inet"].includes(chain.family) &&
    !(docker && chain.table === "filter" && chain.family === "ip")
      ? [`${chain.family} ${chain.table} ${chain.name}`]
      : [],
  );
}
