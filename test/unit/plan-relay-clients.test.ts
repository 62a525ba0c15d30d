import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { accepted, changed, planOf, refused } from "./plan-verdicts";

const good = { addresses: ["203.0.113.0/28"], senders: ["sales@example.test"] };
const office = (settings: object): unknown => changed({ relayClients: { office: { ...good, ...settings } } });

describe("relay clients", () => {
  it("are none where none is declared", () => {
    assert.deepEqual(planOf(twoExchangers).relayClients, []);
    assert.deepEqual(planOf(changed({ relayClients: {} })).relayClients, []);
  });

  it("have addresses and senders in one spelling, sorted", () => {
    const plan = planOf(
      changed({
        relayClients: {
          plant: { addresses: ["198.51.100.7/32"], senders: ["club.test"] },
          office: {
            addresses: ["203.0.113.16/28", "203.0.113.0/28"],
            senders: ["Sales@Example.test", "CLUB.test", "club.test", "postmaster@club.test"],
          },
        },
      }),
    );
    assert.deepEqual(plan.relayClients, [
      {
        name: "office",
        addresses: ["203.0.113.0/28", "203.0.113.16/28"],
        senders: ["club.test", "postmaster@club.test", "sales@example.test"],
      },
      { name: "plant", addresses: ["198.51.100.7/32"], senders: ["club.test"] },
    ]);
  });

  it("have a name that can be part of a file's name", () => {
    for (const name of ["Office", "of fice", "a_b", "", "../x", "a\nb"]) {
      const parsed = parse(changed({ relayClients: { [name]: good } }));
      assert.ok(!parsed.ok && parsed.problems.length === 1 && parsed.problems[0]?.message.includes("is no name for a relay client"), name);
    }
    accepted(changed({ relayClients: { "office-2": good, "0": { ...good, addresses: ["192.0.2.0/24"] } } }));
  });

  it("say where they come from, and that is not the Internet", () => {
    refused(office({ addresses: undefined }), "relayClients.office.addresses", "Missing", "203.0.113.0/28");
    refused(office({ addresses: [] }), "relayClients.office.addresses", "empty", "take the client out");
    for (const range of ["0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/8", "203.0.0.0/15"])
      refused(
        office({ addresses: [range] }),
        "relayClients.office.addresses[0]",
        `"${range}"`,
        "without a password",
        "none wider than a /16",
      );
    for (const range of ["::/0", "2001:db8::/64", "::ffff:192.0.2.1/128"])
      refused(office({ addresses: [range] }), "relayClients.office.addresses[0]", range, "no IPv6 address");
    refused(office({ addresses: ["203.0.113.7"] }), "relayClients.office.addresses[0]", '"203.0.113.7/32"');
    refused(office({ addresses: ["203.0.113.7/28"] }), "relayClients.office.addresses[0]", '"203.0.113.0/28"');
    refused(office({ addresses: ["printer.example.test"] }), "relayClients.office.addresses[0]", "is not an address range", /^(?!.*2001)/);
    accepted(office({ addresses: ["10.1.0.0/16"] }));
  });

  it("have no address in common", () => {
    const two = (a: string[], b: string[]): unknown =>
      changed({ relayClients: { a: { ...good, addresses: a }, b: { ...good, addresses: b } } });
    refused(
      two(["203.0.113.0/24"], ["203.0.113.8/32"]),
      "relayClients.b.addresses[0]",
      "203.0.113.8/32",
      "203.0.113.0/24",
      "relayClients.a.addresses[0]",
      'of "a"',
    );
    refused(two(["203.0.113.8/32"], ["203.0.113.0/24"]), "relayClients.a.addresses[0]", 'of "b"');
    refused(office({ addresses: ["203.0.113.0/28", "203.0.113.0/28"] }), "relayClients.office.addresses[1]", "of the same client");
    // The wide one comes first and is not forgotten over a narrow one in between.
    const parsed = parse(two(["203.0.113.0/24", "203.0.113.0/32"], ["203.0.113.255/32"]));
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.problems.map(({ path }) => path).sort(), ["relayClients.a.addresses[1]", "relayClients.b.addresses[0]"]);
    accepted(two(["203.0.113.0/31"], ["203.0.113.2/31"]));
  });

  it("send only as declared addresses or domains", () => {
    const senders = (...list: unknown[]): unknown => office({ senders: list });
    refused(office({ senders: undefined }), "relayClients.office.senders", "Missing", "scanner@example.org");
    refused(senders(), "relayClients.office.senders", "empty");
    refused(
      senders("scanner@example.test"),
      "relayClients.office.senders[0]",
      "scanner@example.test is not declared",
      "bounces",
      "declare it",
    );
    refused(senders("alise@example.test"), "relayClients.office.senders[0]", 'did you mean "alice@example.test"?');
    refused(senders("alice@elsewhere.test"), "relayClients.office.senders[0]", "alice@elsewhere.test is not declared");
    refused(senders("elsewhere.test"), "relayClients.office.senders[0]", "elsewhere.test is not a declared domain", "may not send as it");
    refused(senders("exampel.test"), "relayClients.office.senders[0]", 'did you mean "example.test"?');
    refused(senders("sub.example.test"), "relayClients.office.senders[0]", "not a declared domain");
    for (const bad of ["", "<>", "*", "@example.test", "a b@example.test", "example.test OK\nx"])
      refused(senders(bad), "relayClients.office.senders[0]");
    refused(senders(7), "relayClients.office.senders[0]", "got a number");
    accepted(senders("abuse@club.test", "master@example.test"));
  });
});
