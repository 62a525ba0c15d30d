import { existsSync } from "node:fs";
import type { CloudState } from "../cloud/state";
import { shell } from "../hosts/shell";
import type { Lab } from "../lab";
import { readDownloadPorts } from "./download-ports";
import { routerRules, UPLINK } from "./rules";

/** The lab's own hosts, each with an address of its own. Everything else on a link is an EC2 instance. */
export type ServiceHost = "names" | "outside" | "operator" | "internet";

/** Name of a host's network namespace. */
export const netns = (lab: Lab, host: string): string => `${lab.prefix}-${host}`;

/** The command of `nsenter` that puts a process of this machine into a host's network. The mounts stay the machine's, so that they outlive it. */
export const inNetwork = (lab: Lab, host: string): string[] => ["nsenter", `--net=/run/netns/${netns(lab, host)}`, "--"];

/** Both ends of the link between the router and the machine. Shared address space (RFC 6598), which a lab's packets leave only masqueraded. */
export const uplink = (lab: Lab): { machine: string; router: string } => ({
  machine: `100.64.${lab.slot}.1`,
  router: `100.64.${lab.slot}.2`,
});

/** Where instances' private addresses come from: the range of AWS's default VPC is a part of it. */
const PRIVATE = "172.16.0.0/12";

/** The router, its way to the machine, and the links of the lab's own hosts. What is there already stays as it is. */
export async function buildNetwork(lab: Lab): Promise<void> {
  const { machine, router } = uplink(lab);
  const ns = netns(lab, "router");
  const link = `${lab.prefix}-up`;
  const eips = lab.elasticIps[0]?.replace(/\d+$/, (last) => String(Number(last) - 1));
  // Without an own link for it, a lab's packet to a private or Elastic IP that nobody has would leave towards the machine.
  await shell(`
    mtu=$(ip -o link show dev "$(ip -o route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)" | sed -n 's/.* mtu \\([0-9]*\\) .*/\\1/p')
    ${namespace(ns)}
    ip -n ${ns} link set lo up
    ip -n ${ns} addr replace ${lab.addresses.router}/32 dev lo
    ip -n ${ns} route replace blackhole ${PRIVATE}
    ip -n ${ns} route replace blackhole ${eips}/28
    if ! ip -n ${ns} link show dev ${UPLINK} >/dev/null 2>&1; then
      ip link del dev ${link} 2>/dev/null || :
      ip link add ${link} mtu "\${mtu:-1500}" type veth peer name ${UPLINK} mtu "\${mtu:-1500}" netns ${ns}
    fi
    ip addr replace ${machine}/30 dev ${link}
    ip link set ${link} up
    ip -n ${ns} addr replace ${router}/30 dev ${UPLINK}
    ip -n ${ns} link set ${UPLINK} up
    ip -n ${ns} route replace default via ${machine}
    nsenter --net=/run/netns/${ns} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.default.rp_filter=1 \\
      net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0`);
  const { resolver, nameserver, outside, operator, internet, internetNeighbours } = lab.addresses;
  await Promise.all([
    connect(lab, "names", [resolver, nameserver], lab.addresses.router),
    connect(lab, "outside", [outside], lab.addresses.router),
    connect(lab, "operator", [operator], lab.addresses.router),
    connect(lab, "internet", [internet, ...internetNeighbours], lab.addresses.router),
  ]);
}

/** Makes a namespace where there is none. `ip netns add` that was killed half way leaves a name without one. */
const namespace = (ns: string): string =>
  `ip -n ${ns} link show dev lo >/dev/null 2>&1 || { umount -l /run/netns/${ns} 2>/dev/null || :; rm -f /run/netns/${ns}; ip netns add ${ns}; }`;

/** An EC2 instance's link: its private address and the gateway of a default subnet, a /20 of the default VPC (VPC User Guide, "Default VPC"). */
export async function connectInstance(lab: Lab, instanceId: string, privateIp: string): Promise<void> {
  const [a = 0, b = 0, c = 0] = privateIp.split(".").map(Number);
  await connect(lab, instanceId, [privateIp], `${a}.${b}.${c & 0xf0}.1`);
}

/**
 * A namespace with one link to the router and all traffic over it: also neighbours of one subnet are routed and filtered, as a VPC does it.
 * Interface names have 15 characters at most.
 */
async function connect(lab: Lab, host: string, addresses: readonly string[], gateway: string): Promise<void> {
  const ns = netns(lab, host);
  const router = netns(lab, "router");
  const link = `v${host.slice(-14)}`;
  await shell(`
    ${namespace(ns)}
    ip -n ${ns} link set lo up
    if ! ip -n ${ns} link show dev eth0 >/dev/null 2>&1; then
      ip -n ${router} link del dev ${link} 2>/dev/null || :
      ip -n ${router} link add ${link} type veth peer name eth0 netns ${ns}
    fi
    ip -n ${router} addr replace ${gateway}/32 dev ${link}
    ip -n ${router} link set ${link} up
    ip -n ${ns} link set eth0 up
    for address in ${addresses.join(" ")}; do
      ip -n ${ns} addr replace $address/32 dev eth0
      ip -n ${router} route replace $address/32 dev ${link}
    done
    ip -n ${ns} route replace ${gateway}/32 dev eth0 src ${addresses[0]}
    ip -n ${ns} route replace default via ${gateway} dev eth0 src ${addresses[0]}`);
}

/** Takes a host off the network: what is sent to it is lost without an answer, as with a machine that is switched off. */
export async function disconnect(lab: Lab, host: string): Promise<void> {
  const ns = netns(lab, host);
  if (existsSync(`/run/netns/${ns}`)) await shell(`ip -n ${ns} link del dev eth0 2>/dev/null || :; ip netns del ${ns}`);
}

/** Loads the ruleset that follows from the account's state into the router. */
export async function loadRules(lab: Lab, state: CloudState): Promise<void> {
  await shell(`${inNetwork(lab, "router").join(" ")} nft -f -`, routerRules(lab, state, readDownloadPorts(lab)));
}
