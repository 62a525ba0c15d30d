import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostBundle, servingBundle } from "../../cloud-init/host/bundle";
import type { Bundle, BundleFile, Peer } from "../../cloud-init/types";
import type { MailPlan, Role } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { assertGolden } from "../golden/golden";
import { planOf } from "./plan-verdicts";

const plain = planOf(twoExchangers);
const relaying = planOf({
  ...twoExchangers,
  relayClients: {
    office: { addresses: ["203.0.113.0/28", "203.0.113.128/32"], senders: ["sales@example.test", "club.test"] },
    "plant-2": { addresses: ["198.51.100.0/24"], senders: ["example.test"] },
  },
});

const backup: Peer = { key: "mx2", role: "backup", fqdn: "mx2.example.test", address: "198.51.100.2", fingerprint: "AB" };
const primary: Peer = { key: "mx1", role: "primary", fqdn: "mx1.example.test", address: "198.51.100.1", fingerprint: "AB" };

function files(plan: MailPlan, role: Role, make = serving): Map<string, string> {
  return new Map((JSON.parse(make(plan, role).text) as { files: BundleFile[] }).files.map((file) => [file.path, file.content]));
}

function serving(plan: MailPlan, role: Role): Bundle {
  const facts = role === "primary" ? { address: primary.address, peers: [backup] } : { address: backup.address, peers: [primary] };
  return servingBundle(plan, exchangerOf(plan, role), facts, {});
}

const first = (plan: MailPlan, role: Role): Bundle => hostBundle(plan, exchangerOf(plan, role), { address: "198.51.100.1", peers: [] });

function exchangerOf(plan: MailPlan, role: Role): MailPlan["exchangers"][number] {
  const found = plan.exchangers.find((exchanger) => exchanger.role === role);
  assert.ok(found);
  return found;
}

/** Lines that are in one file and not in the other, by file. */
function difference(before: Map<string, string>, after: Map<string, string>): string {
  const lines = (text: string | undefined): string[] => (text === undefined ? [] : text.split("\n").filter((line) => line !== ""));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => {
      const [old, now] = [lines(before.get(path)), lines(after.get(path))];
      const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}\n`);
      const come = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}\n`);
      return `${path}\n${[...gone, ...come].join("")}`;
    })
    .join("\n");
}

describe("relay clients on the hosts", () => {
  it("are these lines on the primary", () => {
    assertGolden("relay-clients.txt", difference(files(plain, "primary"), files(relaying, "primary")));
  });

  it("are nothing on a backup, and nothing anywhere where none is declared", () => {
    assert.equal(serving(relaying, "backup").text, serving(plain, "backup").text);
    for (const [path, content] of files(plain, "primary"))
      if (!path.startsWith("lib/")) assert.doesNotMatch(`${path} ${content}`, /relay_(?:client|sender|network)|check_address_map/);
  });

  it("are never in mynetworks", () => {
    const [, networks] = /^mynetworks = (.*)$/m.exec(files(relaying, "primary").get("etc/postfix/main.cf") ?? "") ?? [];
    assert.equal(networks, "127.0.0.0/8");
  });

  it("do not let another exchanger relay whose address is in a range", () => {
    for (const map of ["relay_clients.cidr", "relay_networks.cidr"]) {
      // The first line that matches decides (cidr_table(5)).
      const [found] = (files(relaying, "primary").get(`etc/postfix/${map}`) ?? "").split("\n");
      assert.equal(found, "198.51.100.2/32 dunno");
    }
  });

  it("are not in a first bundle", () => {
    const found = files(relaying, "primary", first);
    assert.deepEqual(
      [...found.keys()].filter((path) => path.startsWith("etc/postfix/")),
      [],
    );
    assert.doesNotMatch(first(relaying, "primary").text, /sales@/);
  });

  it("cannot put a line or a word of their own into a map", () => {
    for (const bad of ["example.test\nx", "a b", "#", "$x", "{", ""]) {
      const [client] = relaying.relayClients;
      assert.ok(client);
      for (const change of [{ name: bad }, { addresses: [bad] }, { senders: [bad] }])
        assert.throws(
          () => serving({ ...relaying, relayClients: [{ ...client, ...change }] }, "primary"),
          /cannot stand in a map|harmless/,
          JSON.stringify(change),
        );
    }
  });
});
