import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../lab/cloud/initial-state";
import { labStatus, type Known } from "../../lab/command/lab-status";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";

function known(): Known {
  const plan = parse(twoExchangers);
  assert.ok(plan.ok);
  const state = initialState();
  const tags = { "mailserver:exchanger": "mx1" };
  state.instances["i-1"] = {
    ...{ id: "i-1", privateIp: "172.31.0.10", securityGroupIds: [], state: "running", tags },
    ...{ imageId: "ami-1", instanceType: "t3.small", subnetId: "subnet-1", region: "eu-central-1", availabilityZone: "eu-central-1a" },
  };
  state.addresses.e = { allocationId: "e", region: "eu-central-1", publicIp: "198.51.100.1", instanceId: "i-1", tags };
  const outside = { fqdn: "mail.outside.test", ipv4: "203.0.113.6" };
  return { stack: "lab", plan: plan.value, state, outside, isOn: (host) => host === "i-1", passwords: undefined };
}

test("a host is what the plan says, with the power and address that it has", () => {
  const { hosts } = labStatus(known());
  assert.deepEqual(hosts.mx1, {
    kind: "exchanger",
    role: "primary",
    preference: 10,
    fqdn: hosts.mx1?.fqdn,
    ipv4: "198.51.100.1",
    power: "on",
  });
  assert.equal(labStatus({ ...known(), isOn: () => false }).hosts.mx1?.power, "off");
  assert.equal(hosts.mx2?.power, "off");
  assert.equal(hosts.mx2?.ipv4, "");
  assert.deepEqual(hosts.outside, { kind: "outside", fqdn: "mail.outside.test", ipv4: "203.0.113.6", power: "off" });
});

test("passwords are there only when they are asked for", () => {
  const address = Object.keys(labStatus(known()).mailboxes)[0] ?? "";
  assert.ok(address.includes("@"));
  assert.deepEqual(labStatus(known()).mailboxes[address], {});
  assert.deepEqual(labStatus({ ...known(), passwords: { [address]: "geheim" } }).mailboxes[address], { password: "geheim" });
});

test("before the first up there is the outside host, and nothing else", () => {
  const status = labStatus({ ...known(), plan: undefined });
  assert.deepEqual(Object.keys(status.hosts), ["outside"]);
  assert.deepEqual([status.domains, status.mailboxes], [[], {}]);
});
