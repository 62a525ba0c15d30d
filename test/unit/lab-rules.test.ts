import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../lab/cloud/initial-state";
import type { CloudState, SecurityGroupRule } from "../../lab/cloud/state";
import type { Lab } from "../../lab/lab";
import { droppingIn } from "../../lab/network/other-firewalls";
import { amazonDns, routerRules } from "../../lab/network/rules";

const lab: Lab = {
  name: "unit",
  slot: 2,
  dir: "/nonexistent",
  prefix: "mslab2",
  addresses: {
    router: "203.0.113.33",
    resolver: "203.0.113.34",
    nameserver: "203.0.113.35",
    operator: "203.0.113.36",
    internet: "203.0.113.37",
    internetNeighbours: [],
    outside: "203.0.113.38",
    prefixLength: 28,
  },
  elasticIps: ["198.51.100.33"],
};

/** One running instance with an Elastic IP, and one without; the rules given belong to the first one's group. */
function account(...rules: Partial<SecurityGroupRule>[]): CloudState {
  const state = initialState();
  const instance = (id: string, privateIp: string, group: string): void => {
    state.instances[id] = {
      ...{ id, privateIp, securityGroupIds: [group], state: "running", tags: {} },
      ...{ imageId: "ami-1", instanceType: "t3.small", subnetId: "subnet-1", region: "eu-central-1", availabilityZone: "eu-central-1a" },
    };
  };
  instance("i-1", "172.31.0.10", "sg-1");
  instance("i-2", "172.31.16.10", "sg-2");
  state.addresses.e = { allocationId: "e", region: "eu-central-1", publicIp: "198.51.100.33", instanceId: "i-1", tags: {} };
  for (const [index, rule] of rules.entries()) {
    const id = `sgr-${index}`;
    state.securityGroupRules[id] = {
      ...{ id, region: "eu-central-1", securityGroupId: "sg-1", direction: "ingress", ipProtocol: "tcp", tags: {} },
      ...rule,
    };
  }
  return state;
}

function chain(ruleset: string, name: string): string[] {
  const body = new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n  \\}`).exec(ruleset)?.[1];
  assert.ok(body !== undefined, `no chain ${name} in\n${ruleset}`);
  return body.split("\n").map((line) => line.trim());
}

test("an Elastic IP is static NAT both ways, and only what leaves the network gets it", () => {
  const rules = routerRules(lab, account(), [80, 443]);
  assert.ok(chain(rules, "translate-in").includes("ip daddr 198.51.100.33 dnat to 172.31.0.10"));
  assert.ok(chain(rules, "translate-out").includes("ip saddr 172.31.0.10 ct original ip daddr != { 172.31.0.0/16 } snat to 198.51.100.33"));
});

test("a machine without an Elastic IP has no way out, but has the network's resolver", () => {
  const rules = routerRules(lab, account(), [80, 443]);
  assert.equal(chain(rules, "leaving")[0], "ct original ip daddr != { 172.31.0.0/16 } ip saddr != { 172.31.0.10 } drop");
  assert.ok(
    chain(rules, "pass").indexOf("ct original ip daddr 172.31.0.2 accept") < chain(rules, "pass").findIndex((it) => it.endsWith("leaving")),
  );
});

test("a machine that is switched off gets nothing", () => {
  const state = account();
  const [first] = Object.values(state.instances);
  assert.ok(first);
  first.state = "stopped";
  assert.doesNotMatch(routerRules(lab, state, [80, 443]), /172\.31\.0\.10/);
});

test("security groups let in what their rules say and nothing else", () => {
  const rules = routerRules(
    lab,
    account(
      { fromPort: 25, toPort: 25, cidrIpv4: "0.0.0.0/0" },
      { fromPort: 22, toPort: 22, cidrIpv4: "203.0.113.36/32" },
      { fromPort: 1000, toPort: 2000, referencedSecurityGroupId: "sg-2" },
      { ipProtocol: "icmp", fromPort: 8, toPort: -1, cidrIpv4: "0.0.0.0/0" },
      { fromPort: 25, toPort: 25, cidrIpv6: "::/0" },
      { direction: "egress", ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
    ),
    [80, 443],
  );
  assert.deepEqual(chain(rules, "in-i-1"), [
    "tcp dport 25 accept",
    "ip saddr 203.0.113.36/32 tcp dport 22 accept",
    "ip saddr { 172.31.16.10 } tcp dport 1000-2000 accept",
    "meta l4proto icmp icmp type 8 accept",
    "drop",
  ]);
  assert.deepEqual(chain(rules, "out-i-1"), ["goto internet", "drop"]);
  assert.deepEqual(chain(rules, "in-i-2"), ["drop"]);
});

test("outbound port 25 is dropped until the account may use it, and private addresses are not affected", () => {
  const state = account();
  const closed = "ct original ip daddr != { 172.31.0.0/16 } tcp dport 25 drop";
  assert.ok(chain(routerRules(lab, state, [80, 443]), "leaving").includes(closed));
  state.port25 = "open";
  assert.ok(!chain(routerRules(lab, state, [80, 443]), "leaving").includes(closed));
});

test("nothing leaves the lab but downloads, and look-ups by the resolver", () => {
  assert.deepEqual(chain(routerRules(lab, account(), [80, 443]), "internet"), [
    'oifname != "uplink" accept',
    "ip saddr 203.0.113.34 meta l4proto { tcp, udp } th dport 53 accept",
    "tcp dport { 80, 443 } accept",
    "reject with icmp type admin-prohibited",
  ]);
});

test("the network's resolver is at its base plus two", () => {
  assert.equal(amazonDns("172.31.0.0/16"), "172.31.0.2");
});

test("firewalls of the machine that would drop the lab's downloads are found, Docker's only where it has no chain for others", () => {
  const chain = (family: string, table: string, name: string, hook: string, policy: string): object => ({
    chain: { family, table, name, hook, policy },
  });
  const ruleset = JSON.stringify({
    nftables: [
      { metainfo: {} },
      chain("ip", "filter", "FORWARD", "forward", "drop"),
      chain("inet", "firewalld", "filter_FORWARD", "forward", "drop"),
      chain("ip", "mslab2", "wall", "forward", "accept"),
      chain("inet", "own", "input", "input", "drop"),
      chain("ip6", "filter", "FORWARD", "forward", "drop"),
    ],
  });
  assert.deepEqual(droppingIn(ruleset, true), ["inet firewalld filter_FORWARD"]);
  assert.deepEqual(droppingIn(ruleset, false), ["ip filter FORWARD", "inet firewalld filter_FORWARD"]);
});
