import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { limitProblems, quotaNotes } from "../../components/limits";
import { ports } from "../../cloud-init/ports";
import { present } from "../../dns/presentation";
import { planRecords } from "../../dns/records";
import type { ExchangerDeclaration } from "../../plan/declaration";
import { checkTags } from "../../plan/tags";
import type { MailPlan } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { saneDeclaration } from "../generated/declarations";
import { changed, planOf } from "./plan-verdicts";

const backups = (count: number, settings: Partial<ExchangerDeclaration> = {}): { [key: string]: ExchangerDeclaration } =>
  Object.fromEntries([
    ["mx1", { role: "primary", ...settings }],
    ...Array.from({ length: count }, (_, index) => [`b${index}`, { role: "backup", ...settings }] as const),
  ]);
const ranges = (count: number): string[] => Array.from({ length: count }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
const from = (addresses: readonly string[]): MailPlan => planOf(changed({ operator: { ...twoExchangers.operator, addresses } }));

function exceeds(plan: MailPlan, path: string, ...says: string[]): void {
  const problems = limitProblems(plan);
  assert.ok(
    problems.some((problem) => problem.path === path && says.every((part) => problem.message.includes(part))),
    JSON.stringify(problems),
  );
}

describe("limits that nobody raises", () => {
  it("are kept by what is usual", () => {
    assert.deepEqual(limitProblems(planOf(twoExchangers)), []);
    assert.deepEqual(limitProblems(planOf(changed({ exchangers: backups(20) }))), []);
  });

  it("of user data are met when the declaration is read, not when the machine is made", () => {
    const plan = planOf(twoExchangers);
    const key = `ssh-rsa ${Buffer.from(Array.from({ length: 12_000 }, (_, index) => (index * index * 31 + (index >> 3) * 7) & 255)).toString("base64")}`;
    exceeds({ ...plan, operator: { ...plan.operator, publicKeys: [key] } }, "exchangers.mx1", "16384", "bytes when compressed");
  });

  it("of a bundle are met at some hundred thousand mailboxes; ten thousand are nothing special", () => {
    const mailboxes = (count: number): unknown =>
      changed({
        domains: [{ name: "example.test", mailboxes: Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, {}])) }],
      });
    const ten = planOf(mailboxes(10_000));
    const start = performance.now();
    assert.deepEqual(limitProblems(ten), []);
    assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
    exceeds(planOf(mailboxes(300_000)), "domains", '"mx1"', "67108864", "fewer addresses");
  });

  it("of a network interface's rules are met by ranges of operators", () => {
    const room = 1000 - ports("primary", "dovecot").length - 1;
    assert.deepEqual(limitProblems(from(ranges(room))), []);
    exceeds(from(ranges(room + 1)), "operator.addresses", "1001 rules", '"mx1"', "bastion");
  });

  it("of MX records are met by many long names", () => {
    const plan = planOf(changed({ hostZone: { name: `${"z".repeat(40)}.test` }, exchangers: backups(170) }));
    exceeds(plan, "exchangers", "171 exchangers", "8192");
  });
});

describe("quotas that are raised on request", () => {
  it("are told of when they are exceeded, and not before", () => {
    assert.deepEqual(quotaNotes(planOf(twoExchangers)), []);
    const notes = (exchangers: { [key: string]: ExchangerDeclaration }): string => quotaNotes(planOf(changed({ exchangers }))).join("\n");
    assert.equal(notes(backups(1)), "");
    assert.match(notes(backups(2)), /^Machines: 3 in the provider's region have at least 6 virtual CPUs, .* has 5 a region[^\n]*$/);
    assert.doesNotMatch(notes(backups(4)), /Elastic/);
    assert.match(notes(backups(5)), /^Elastic IPs: 6 are needed in the provider's region, .* has 5 a region/);
    const [, ...rest] = Object.entries(backups(9, { region: "eu-central-1" }));
    const two = Object.fromEntries([
      ["mx1", { role: "primary" }],
      ...rest.map(([key, it], index) => [key, index < 5 ? it : { ...it, region: "eu-west-1" }]),
    ]);
    assert.doesNotMatch(notes(two), /Elastic/);
    const room = 60 - ports("primary", "dovecot").length - 1;
    assert.deepEqual(quotaNotes(from(ranges(room))), []);
    assert.match(quotaNotes(from(ranges(room + 1))).join(), /^Firewall: a security group needs 61 inbound rules, .* has 60 a group/);
    // Each address family by itself.
    assert.deepEqual(quotaNotes(from([...ranges(room), ...Array.from({ length: 60 }, (_, index) => `2001:db8:${index}::/48`)])), []);
    const zone = { name: "example.test" };
    const inZone = (count: number): MailPlan =>
      planOf(
        changed({
          domains: Array.from({ length: count }, (_, index) => ({ name: `d${index}.example.test`, zone, mailboxes: { a: {} } })),
          systemUsers: {},
        }),
      );
    // Two exchangers make two records each for their names; a domain in another's zone has two MX, one SPF and seven SRV.
    assert.deepEqual(quotaNotes(inZone(19)), []);
    assert.match(quotaNotes(inZone(20)).join(), /^Cloudflare: 204 records are needed in the zone example\.test/);
  });
});

describe("tags", () => {
  const paths = (tags: unknown): string[] => checkTags(tags).map(({ path }) => path);

  it("are what EC2 takes", () => {
    assert.deepEqual(paths(undefined), []);
    assert.deepEqual(
      paths({ team: "Post & Co".replace("&", "+"), "cost:center": "ä/7@x=1", empty: "", ["k".repeat(128)]: "v".repeat(256) }),
      [],
    );
    assert.deepEqual(paths({ "a<b": "x" }), ['tags["a<b"]']);
    assert.deepEqual(paths({ a: "x\ny" }), ["tags.a"]);
    assert.deepEqual(paths({ a: 7, b: null }), ["tags.a", "tags.b"]);
    assert.deepEqual(paths({ "": "x" }), ['tags[""]']);
    assert.deepEqual(paths({ ["k".repeat(129)]: "x" }).length, 1);
    assert.deepEqual(paths({ a: "v".repeat(257) }), ["tags.a"]);
    assert.deepEqual(paths({ "AWS:x": "x", a: "aws:x" }), ['tags["AWS:x"]', "tags.a"]);
    assert.deepEqual(paths({ Name: "x", "mailserver:exchanger": "y" }), ["tags.Name", 'tags["mailserver:exchanger"]']);
    const many = (count: number): unknown => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "x"]));
    assert.deepEqual(paths(many(48)), []);
    assert.deepEqual(paths(many(49)), ["tags"]);
  });
});

describe("records of any sane declaration", () => {
  it("do not grow with backups where a resolver or a receiver would mind", () => {
    const texts = (plan: MailPlan): unknown[] =>
      planRecords(plan)
        .filter(({ name, rdata }) => rdata.type === "TXT" && name === "example.test")
        .map(({ rdata }) => rdata);
    assert.deepEqual(texts(planOf(changed({ exchangers: backups(100) }))), texts(planOf(twoExchangers)));
  });

  it("are within what Cloudflare, resolvers and SPF take", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const plan = planOf(declaration);
        const facts = new Map(plan.exchangers.map(({ key }) => [`address of ${key}`, "255.255.255.255"]));
        for (const record of planRecords(plan)) {
          const { name, rdata, reason } = record;
          // Cloudflare, "Record attributes": a comment on the Free plan.
          assert.ok(reason.length <= 100, reason);
          assert.ok(name.length <= 253, name);
          if (rdata.type !== "TXT") continue;
          const value = present(record, facts).content;
          // Cloudflare, "DNS record types": 4,096 octets in wire format. RFC 7208 section 3.4: 450 of them fit a UDP answer without EDNS.
          assert.ok(value.length <= 450, value);
          // RFC 7208 section 4.6.4.
          assert.ok((value.match(/\b(?:include|a|mx|ptr|exists|redirect)\b(?=[:= ]|$)/g) ?? []).length <= 10, value);
        }
      }),
      { numRuns: 100 },
    );
  });
});
