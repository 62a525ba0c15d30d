import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { accepted, changed, domain, planOf, refused } from "./plan-verdicts";

describe("domains", () => {
  it("are at least one, and each once", () => {
    refused(changed({ domains: [] }), "domains", "no mail domain");
    refused(changed({ domains: undefined }), "domains", "Missing");
    refused(changed({ domains: [...twoExchangers.domains, { name: "CLUB.test" }] }), "domains[2].name", "club.test is declared twice");
  });

  it("have names that DNS can hold", () => {
    for (const name of [
      "",
      "test",
      "example.test.",
      "exa mple.test",
      "exa_mple.test",
      "192.0.2.1",
      "a..test",
      "a/b.test",
      "a%2eb.test",
      "ü/b.test",
      "ü%2eb.test",
      "ü\n.test",
      "ü:25.test",
      "a:25.test",
      "@.test",
      `${"a".repeat(64)}.test`,
    ]) {
      refused(domain({ name }), "domains[0].name", "is not a domain name");
    }
    assert.equal(planOf(domain({ name: "Bücher.Test" })).domains[0].name, "xn--bcher-kva.test");
  });

  it("are inside their zones", () => {
    refused(domain({ zone: { name: "club.test" } }), "domains[0].zone", "example.test is not in the zone club.test");
    refused(domain({ name: "myexample.test", zone: { name: "example.test" } }), "domains[0].zone", "not in the zone");
    refused(domain({ zone: { name: "example.test", id: "abc" } }), "domains[0].zone.id", "32 hexadecimal digits");
    accepted(domain({ name: "a.example.test", zone: { name: "example.test" } }));
    const ids = ["0".repeat(32), "1".repeat(32)];
    refused(
      changed({
        hostZone: { name: "example.test", id: ids[0] },
        domains: [{ name: "example.test", mailboxes: { a: {} }, zone: { name: "example.test", id: ids[1] } }],
      }),
      "domains",
      "two ids",
    );
  });
});

describe("addresses", () => {
  it("have local parts that every part of the system takes", () => {
    for (const local of ["", ".a", "a.", "a..b", "-a", "a+b", "a b", "a@b", "ä", "\u212aelvin", 'a"b', "a/b", "a'b", "a".repeat(65)]) {
      const parsed = parse(domain({ mailboxes: { alice: {}, [local]: {} } }));
      assert.ok(
        !parsed.ok && parsed.problems.length === 1 && parsed.problems[0]?.message.includes("is not a local part"),
        JSON.stringify([local, parsed]),
      );
    }
    for (const local of ["a", "a.b-c_d", "0", "_a", "a-", "a".repeat(64)]) accepted(domain({ mailboxes: { [local]: {} } }));
    const long = Array(4).fill("a".repeat(58)).join(".");
    refused(domain({ name: `${long}.test`, mailboxes: { ["a".repeat(20)]: {} } }), `domains[0].mailboxes.${"a".repeat(20)}`, "254");
  });

  it("are declared once, upper and lower case the same", () => {
    refused(
      domain({ mailboxes: { alice: {}, Alice: {} } }),
      "domains[0].mailboxes.alice",
      "alice@example.test",
      "domains[0].mailboxes.Alice",
    );
    refused(domain({ aliases: { ALICE: ["postmaster"] } }), "domains[0].aliases.ALICE", "alias alice@example.test", "as mailbox");
    refused(changed({ systemUsers: { alice: {} } }), "systemUsers.alice", "system user alice@example.test", "as mailbox");
    refused(changed({ systemUsers: { sales: {} } }), "systemUsers.sales", "as alias");
    // Another domain's local part is another address.
    accepted(changed({ systemUsers: { carol: {} } }));
  });

  it("of the postmaster are declared", () => {
    refused(
      changed({ postmaster: "alise@example.test" }),
      "postmaster",
      "alise@example.test is not declared",
      'did you mean "alice@example.test"?',
    );
    refused(changed({ postmaster: "alice" }), "postmaster", "is not a mail address");
    accepted(changed({ postmaster: "sales@example.test" }));
  });
});

describe("aliases", () => {
  it("lead somewhere", () => {
    refused(domain({ aliases: { a: [] } }), "domains[0].aliases.a", "has no target");
    refused(domain({ aliases: { a: "alice" } }), "domains[0].aliases.a", "Expected a list, got a string");
    refused(
      domain({ aliases: { a: ["alise"] } }),
      "domains[0].aliases.a[0]",
      "alise@example.test is not declared",
      'did you mean "alice@example.test"?',
    );
    refused(domain({ aliases: { a: ["alice", "alice+x"] } }), "domains[0].aliases.a[1]", "is not a local part or an address");
    for (const bad of ["b,ob@elsewhere.test", "bob@elsewhere", "-bob@elsewhere.test", "bob@elsewhere.test\nx", "$x@elsewhere.test"])
      refused(domain({ aliases: { a: [bad] } }), "domains[0].aliases.a[0]", "is not a local part or an address");
    accepted(domain({ aliases: { a: ["Bob+x=y@Elsewhere.test", "alice"] } }));
    accepted(domain({ aliases: { a: ["alice", "postmaster"], b: ["a@EXAMPLE.test"] } }));
  });

  it("do not lead back to themselves, and the loop is shown once", () => {
    refused(domain({ aliases: { a: ["a"] } }), "domains[0].aliases.a", "a@example.test -> a@example.test");
    refused(
      domain({ aliases: { x: ["a"], a: ["b", "alice"], b: ["c"], c: ["a"] } }),
      "domains[0].aliases.a",
      "a@example.test -> b@example.test -> c@example.test -> a@example.test",
    );
    // Two ways to one place are no loop.
    accepted(domain({ aliases: { x: ["a", "b"], a: ["c"], b: ["c"], c: ["alice"] } }));
  });

  it("do not lead back to themselves through the implied ones", () => {
    const aliases = { team: ["abuse"] };
    refused(
      changed({ domains: [{ name: "example.test", mailboxes: { alice: {} }, aliases }], postmaster: "team@example.test" }),
      "domains[0].aliases.team",
      "abuse@example.test -> team@example.test",
    );
  });

  it("may be a chain as long as Postfix follows, and of a longer one the first that is too long is named", () => {
    const chain = (length: number): unknown =>
      domain({
        aliases: Object.fromEntries(Array.from({ length }, (_, index) => [`a${index + 1}`, [index === 0 ? "alice" : `a${index}`]])),
      });
    accepted(chain(1000));
    refused(chain(1001), "domains[0].aliases.a1001", "over 1001 others", "follows 1000");
    refused(chain(20_000), "domains[0].aliases.a1001", "over 1001 others");
  });

  it("lead to no more addresses than Postfix expands one to", () => {
    const mailboxes = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`m${index}`, {}]));
    const half = (first: number, end: number): string[] => Object.keys(mailboxes).slice(first, end);
    const all = (end: number): unknown => domain({ mailboxes, aliases: { all: ["one", "two"], one: half(0, 500), two: half(500, end) } });
    accepted(all(1000));
    refused(all(1001), "domains[0].aliases.all", "1001 addresses in the end", "1000 at most");
    // Each doubles the one before.
    const doubled = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`d${index}`, index === 0 ? ["m1", "m2"] : [`d${index - 1}`, `e${index - 1}`]]),
    );
    const twins = Object.fromEntries(Object.entries(doubled).map(([name, targets]) => [name.replace("d", "e"), targets]));
    const parsed = parse(domain({ mailboxes, aliases: { ...doubled, ...twins } }));
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.problems.map(({ path }) => path).sort(),
      ["domains[0].aliases.d9", "domains[0].aliases.e9"],
      "only the innermost",
    );
  });
});
