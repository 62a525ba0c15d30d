import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { domainToASCII } from "node:url";
import fc from "fast-check";
import { domainRecords } from "../../dns/records";
import type { Declaration } from "../../plan/declaration";
import { parseDomainPlan } from "../../plan/domain-plan";
import { parse } from "../../plan/parse";
import { policyKeys } from "../../plan/policies";
import { saneDeclaration } from "../generated/declarations";

const hosts = {
  mx1: { name: "mx1.hosting.test", role: "primary", address: "192.0.2.10" },
  mx2: { name: "mx2.hosting.test", role: "backup", address: "198.51.100.20" },
};
const problemsOf = (args: object): string[] => {
  const result = parseDomainPlan({ domain: "example.test", exchangers: hosts, ...args });
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
};

/** What the declaration says of a domain's records. */
function saidOf({ domains }: Declaration, domain: string): object {
  const said = domains.find(({ name }) => domainToASCII(name) === domain);
  return Object.fromEntries(policyKeys.map((key) => [key, said?.[key]]));
}

describe("the plan of one domain's records", () => {
  it("has the same defaults and gives the same records as a whole declaration", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const whole = parse(declaration);
        assert.ok(whole.ok);
        const { exchangers, domains, ttl } = whole.value;
        const given = exchangers.map(({ key, role, preference, fqdn, aliases }) => [
          key,
          { name: fqdn, role, preference, aliases, address: "192.0.2.1" },
        ]);
        for (const domain of domains) {
          const own = parseDomainPlan({
            domain: domain.name,
            zone: domain.zone,
            exchangers: Object.fromEntries(given),
            ttl,
            ...saidOf(declaration, domain.name),
            ...(domain.policies.services === undefined ? {} : { services: domain.policies.services }),
            dkimKeys: {},
          });
          assert.ok(own.ok, JSON.stringify(own));
          assert.deepEqual(domainRecords(own.value, own.value), domainRecords(whole.value, domain));
        }
      }),
      { numRuns: 50 },
    );
    const own = parseDomainPlan({ domain: "example.test", exchangers: hosts });
    assert.ok(own.ok);
    assert.deepEqual(
      own.value.exchangers.map(({ key, preference }) => [key, preference]),
      [
        ["mx1", 10],
        ["mx2", 20],
      ],
    );
    assert.deepEqual(own.value.zone, { name: "example.test" });
  });

  it("does not look at addresses that are known later", () => {
    assert.deepEqual(
      problemsOf({ exchangers: { mx1: { ...hosts.mx1, address: Promise.resolve("x"), serving: Promise.resolve("y") } } }),
      [],
    );
  });

  for (const [what, args, ...expected] of [
    ["a domain outside of its zone", { zone: { name: "club.test" } }, /^zone: The domain example\.test is not in the zone club\.test/],
    ["no host", { exchangers: {} }, /^exchangers: There is no exchanger/],
    ["no hosts at all", { exchangers: undefined }, /^exchangers: Missing/],
    ["no primary", { exchangers: { mx2: hosts.mx2 } }, /^exchangers: There is no primary/],
    [
      "a slip of the keyboard",
      { exchangers: { mx1: { ...hosts.mx1, adress: "" } } },
      /^exchangers\.mx1\.adress: .* did you mean "address"\?/,
    ],
    [
      "everything wrong with a host, at once",
      { exchangers: { mx1: { name: "mx1", role: "prim", preference: -1, address: "2001:db8::1" } } },
      /^exchangers\.mx1\.name: "mx1" is not a domain name/,
      /^exchangers\.mx1\.role: "prim" is no role/,
      /^exchangers\.mx1\.preference: -1/,
      /^exchangers\.mx1\.address: "2001:db8::1" is not an IPv4 address/,
    ],
    ["a host without an address", { exchangers: { mx1: { ...hosts.mx1, address: undefined } } }, /^exchangers\.mx1\.address: Missing/],
    [
      "a backup before the primary",
      { exchangers: { ...hosts, mx2: { ...hosts.mx2, preference: 5 } } },
      /^exchangers\.mx2\.preference: The backup's preference 5 is lower/,
    ],
    [
      "a key that nobody makes",
      { dkim: { s1: {}, s2: { revoked: true } } },
      /^dkim\.s1: Nobody makes the key of selector "s1" here; give its publicKey/,
    ],
    [
      "an IPv6 address that is none",
      { exchangers: { mx1: { ...hosts.mx1, ipv6Address: "192.0.2.1" } } },
      /^exchangers\.mx1\.ipv6Address: "192\.0\.2\.1" is not an IPv6/,
    ],
    [
      "a host's records in another zone",
      { exchangers: { mx1: { ...hosts.mx1, records: true } } },
      /^exchangers\.mx1\.records: .* mx1\.hosting\.test is not in the zone example\.test/,
    ],
    [
      "consent to itself, and twice",
      { reportsFor: ["example.test", "club.test", "CLUB.test"] },
      /^reportsFor\[0\]: .* is this domain/,
      /^reportsFor\[2\]: .* twice/,
    ],
    ["a TTL that Cloudflare does not take", { ttl: 30 }, /^ttl: 30 is not a whole number from 60 to 86400/],
  ] as [string, object, ...RegExp[]][]) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf(args);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
    });
  }
});
