import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { present } from "../../dns/presentation";
import { domainRecords, hostRecords, planRecords } from "../../dns/records";
import { twoExchangers } from "../examples/two-exchangers";
import { saneDeclaration } from "../generated/declarations";
import { planOf } from "./plan-verdicts";

const plan = planOf(twoExchangers);
const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
]);
const lines = (known: ReadonlyMap<string, string>): string[] =>
  planRecords(plan)
    .map((record) => present(record, known))
    .map(({ name, ttl, type, priority, content }) => [name, ttl, type, priority, content].filter((part) => part !== undefined).join(" "));

const services = (domain: string): string[] => [
  `_imaps._tcp.${domain} 300 SRV 0 1 993 mx1.example.test`,
  `_imap._tcp.${domain} 300 SRV 10 1 143 mx1.example.test`,
  `_pop3s._tcp.${domain} 300 SRV 20 1 995 mx1.example.test`,
  `_pop3._tcp.${domain} 300 SRV 30 1 110 mx1.example.test`,
  `_submissions._tcp.${domain} 300 SRV 0 1 465 mx1.example.test`,
  `_submission._tcp.${domain} 300 SRV 10 1 587 mx1.example.test`,
  `_sieve._tcp.${domain} 300 SRV 0 1 4190 mx1.example.test`,
];

describe("the records of the example", () => {
  it("are these", () => {
    assert.deepEqual(lines(addresses), [
      "mx1.example.test 300 A 192.0.2.1",
      'mx1.example.test 300 TXT "v=spf1 a -all"',
      "mx2.example.test 300 A 198.51.100.2",
      'mx2.example.test 300 TXT "v=spf1 a -all"',
      "example.test 300 MX 10 mx1.example.test",
      "example.test 300 MX 20 mx2.example.test",
      'example.test 300 TXT "v=spf1 ip4:192.0.2.1 -all"',
      '_dmarc.example.test 300 TXT "v=DMARC1; p=none"',
      ...services("example.test"),
      "club.test 300 MX 10 mx1.example.test",
      "club.test 300 MX 20 mx2.example.test",
      'club.test 300 TXT "v=spf1 ip4:192.0.2.1 -all"',
      '_dmarc.club.test 300 TXT "v=DMARC1; p=none"',
      ...services("club.test"),
      "1.2.0.192.in-addr.arpa 300 PTR mx1.example.test",
      "2.100.51.198.in-addr.arpa 300 PTR mx2.example.test",
    ]);
  });

  it("say in plain sight what is not known yet", () => {
    assert.deepEqual(
      lines(new Map()).filter((line) => line.includes("«")),
      [
        "mx1.example.test 300 A «address of mx1»",
        "mx2.example.test 300 A «address of mx2»",
        'example.test 300 TXT "v=spf1 ip4:«address of mx1» -all"',
        'club.test 300 TXT "v=spf1 ip4:«address of mx1» -all"',
        "«reverse name of mx1's address» 300 PTR mx1.example.test",
        "«reverse name of mx2's address» 300 PTR mx2.example.test",
      ],
    );
  });
});

describe("the records of any plan", () => {
  it("have keys that no setting changes", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const keys = (changed: unknown): string[] => {
          const { domains, exchangers } = planOf(changed);
          const all = planOf(changed);
          const own = exchangers.map(
            (exchanger) =>
              `${exchanger.key} ${hostRecords(all, exchanger)
                .map(({ key }) => key)
                .join()}`,
          );
          const shared = domains.map(
            (domain) =>
              `${domain.name} ${domainRecords(all, domain)
                .map(({ key }) => key)
                .sort()
                .join()}`,
          );
          return [...own.sort(), ...shared];
        };
        const others = Object.fromEntries(
          Object.entries(declaration.exchangers).map(([key, { role }], index) => [
            key,
            { role, preference: role === "primary" ? 1 : 1000 - index, hostname: `other-${key}` },
          ]),
        );
        assert.deepEqual(keys({ ...declaration, exchangers: others }), keys(declaration));
      }),
    );
  });

  it("let nobody but the primary send", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const any = planOf(declaration);
        const primary = any.exchangers.find(({ role }) => role === "primary")?.key;
        for (const domain of any.domains) {
          const spf = domainRecords(any, domain)
            .filter(({ key }) => key === "spf")
            .map((record) => present(record, new Map()).content);
          assert.equal(spf.length, 1);
          assert.deepEqual(spf.join().match(/«[^»]*»/g), [`«address of ${primary}»`]);
        }
      }),
    );
  });

  it("fit Cloudflare: a TTL of 60 to 86,400 s, a comment of at most 100 characters, no dot at the end of a name", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        for (const { ttl, reason, name, rdata } of planRecords(planOf(declaration))) {
          assert.ok(ttl >= 60 && ttl <= 86_400);
          assert.ok(reason.length > 0 && reason.length <= 100);
          assert.ok(!name.endsWith("."));
          if (rdata.type === "MX") assert.ok(!rdata.exchange.endsWith("."));
        }
      }),
    );
  });
});
