import type { CloudState, Instance, SecurityGroupRule } from "../cloud/state";
import type { Lab } from "../lab";

/** The router's interface towards the machine's own network. */
export const UPLINK = "uplink";

const TABLE = "lab";

/**
 * The router's whole nftables ruleset as the account's state says: Elastic IPs as static NAT both ways, security groups, the account's port 25,
 * and the wall around the lab. Loading it replaces the ruleset before it in one transaction; tracked connections live on, as at AWS.
 *
 * Where a packet is judged decides which address is seen. Egress rules are looked at before the source is translated, by the destination that the
 * instance used; ingress rules after it, by the source that the receiver sees. So an instance that calls another one's Elastic IP comes from its own
 * Elastic IP, and a rule that names a security group matches private addresses only (VPC User Guide, "Security group referencing").
 */
export function routerRules(lab: Lab, state: CloudState, downloads: readonly number[]): string {
  const running = Object.values(state.instances).filter((instance) => instance.state === "running");
  const publicIps = new Map<string, string>();
  for (const address of Object.values(state.addresses)) {
    if (address.instanceId !== undefined) publicIps.set(address.instanceId, address.publicIp);
  }
  const withPublicIp = running.flatMap((instance) => {
    const publicIp = publicIps.get(instance.id);
    return publicIp === undefined ? [] : [{ privateIp: instance.privateIp, publicIp }];
  });
  const vpcs = set(Object.values(state.vpcs).map((vpc) => vpc.cidrBlock));
  const resolvers = Object.values(state.vpcs).map((vpc) => amazonDns(vpc.cidrBlock));
  const inVpc = (match: string): string[] => (vpcs === undefined ? [] : [`${match.replace("VPCS", vpcs)}`]);

  const chains = [
    chain("translate-in", "type nat hook prerouting priority dstnat", [
      ...resolvers.map((address) => `ip daddr ${address} meta l4proto { tcp, udp } th dport 53 dnat to ${lab.addresses.resolver}`),
      ...withPublicIp.map(({ privateIp, publicIp }) => `ip daddr ${publicIp} dnat to ${privateIp}`),
    ]),
    chain("translate-out", "type nat hook postrouting priority srcnat", [
      `oifname "${UPLINK}" masquerade`,
      ...withPublicIp.flatMap(({ privateIp, publicIp }) => inVpc(`ip saddr ${privateIp} ct original ip daddr != VPCS snat to ${publicIp}`)),
    ]),
    chain("router-itself", "type filter hook input priority filter; policy drop", [
      "ct state established,related accept",
      "meta l4proto icmp accept",
    ]),
    chain("pass", "type filter hook forward priority filter; policy drop", [
      `oifname "${UPLINK}" tcp flags syn tcp option maxseg size set rt mtu`,
      "ct state established,related accept",
      "ct state invalid drop",
      `iifname "${UPLINK}" drop`,
      ...resolvers.map((address) => `ct original ip daddr ${address} accept`),
      ...inVpc("ip saddr VPCS goto leaving"),
      // A private address cannot be called from outside its network.
      ...inVpc("ct original ip daddr VPCS drop"),
      "goto internet",
    ]),
    chain("leaving", undefined, [
      // No Elastic IP, no way out: the internet gateway drops what has no public address.
      ...inVpc(`ct original ip daddr != VPCS ${differs("ip saddr", set(withPublicIp.map((pair) => pair.privateIp)))}drop`),
      // AWS drops outbound port 25 to public addresses without an answer until the account's restriction is lifted
      // (EC2 User Guide, "Restriction on email sent using port 25"); private addresses are not affected.
      ...(state.port25 === "closed" ? inVpc("ct original ip daddr != VPCS tcp dport 25 drop") : []),
      ...dispatch("ip saddr", "out", running),
    ]),
    chain("internet", undefined, [
      `oifname != "${UPLINK}" accept`,
      `ip saddr ${lab.addresses.resolver} meta l4proto { tcp, udp } th dport 53 accept`,
      `tcp dport { ${downloads.join(", ")} } accept`,
      "reject with icmp type admin-prohibited",
    ]),
    // After source translation (srcnat is 100).
    chain("arriving", "type filter hook postrouting priority 150; policy accept", [
      "ct state established,related accept",
      ...dispatch("ip daddr", "in", running),
    ]),
    ...running.flatMap((instance) => [
      chain(`out-${instance.id}`, undefined, [...securityGroupRules(state, instance, "egress"), "drop"]),
      chain(`in-${instance.id}`, undefined, [...securityGroupRules(state, instance, "ingress"), "drop"]),
    ]),
  ];
  return [`table ip ${TABLE}`, `delete table ip ${TABLE}`, `table ip ${TABLE} {`, ...ordered(chains), "}", ""].join("\n");
}

interface Chain {
  readonly name: string;
  readonly text: string;
  readonly base: boolean;
}

function chain(name: string, hook: string | undefined, rules: readonly string[]): Chain {
  const lines = [...(hook === undefined ? [] : [`${hook};`]), ...rules].map((line) => `    ${line}\n`);
  return { name, base: hook !== undefined, text: `  chain ${name} {\n${lines.join("")}  }` };
}

/** nft wants a chain to exist before a rule goes to it. */
const ordered = (chains: readonly Chain[]): string[] => [
  ...chains.filter((it) => !it.base).map((it) => `  chain ${it.name} {}`),
  ...chains.map((it) => it.text),
];

const set = (members: readonly string[]): string | undefined =>
  members.length === 0 ? undefined : `{ ${[...new Set(members)].join(", ")} }`;

const differs = (field: string, members: string | undefined): string => (members === undefined ? "" : `${field} != ${members} `);

function dispatch(field: string, direction: "in" | "out", instances: readonly Instance[]): string[] {
  const verdicts = set(instances.map((instance) => `${instance.privateIp} : goto ${direction}-${instance.id}`));
  return verdicts === undefined ? [] : [`${field} vmap ${verdicts}`];
}

/** The instance's rules of one direction, each as a line that lets the packet through. IPv6 ranges match nothing here: the lab has IPv4 only. */
function securityGroupRules(state: CloudState, instance: Instance, direction: SecurityGroupRule["direction"]): string[] {
  const egress = direction === "egress";
  // Egress has still to pass the lab's own wall; ingress has passed everything.
  const verdict = egress ? "goto internet" : "accept";
  return Object.values(state.securityGroupRules)
    .filter((rule) => rule.direction === direction && instance.securityGroupIds.includes(rule.securityGroupId))
    .flatMap((rule) => {
      const other = peers(state, rule, egress);
      return other === undefined ? [] : [[other, protocol(rule), verdict].filter((part) => part !== "").join(" ")];
    });
}

function peers(state: CloudState, rule: SecurityGroupRule, egress: boolean): string | undefined {
  const field = egress ? "ct original ip daddr" : "ip saddr";
  if (rule.cidrIpv4 !== undefined) return rule.cidrIpv4 === "0.0.0.0/0" ? "" : `${field} ${rule.cidrIpv4}`;
  const group = rule.referencedSecurityGroupId;
  if (group === undefined) return undefined;
  const members = set(
    Object.values(state.instances)
      .filter((instance) => instance.securityGroupIds.includes(group))
      .map((instance) => instance.privateIp),
  );
  return members === undefined ? undefined : `${field} ${members}`;
}

function protocol(rule: SecurityGroupRule): string {
  const { ipProtocol, fromPort = -1, toPort = -1 } = rule;
  switch (ipProtocol) {
    case "-1":
      return "";
    case "tcp":
    case "udp":
      return `${ipProtocol} dport ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
    case "icmp":
      // The ports of an ICMP rule are its type and code; -1 stands for all (API reference, IpPermission).
      return ["meta l4proto icmp", ...(fromPort < 0 ? [] : [`icmp type ${fromPort}`]), ...(toPort < 0 ? [] : [`icmp code ${toPort}`])].join(
        " ",
      );
    default:
      return `meta l4proto ${ipProtocol}`;
  }
}

/** The resolver that AWS puts at the base of a VPC's range plus two; no security group filters it, and it needs no way out (VPC User Guide, "DNS"). */
export function amazonDns(cidrBlock: string): string {
  const parts = (cidrBlock.split("/")[0] ?? "").split(".").map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 2].join(".");
}
