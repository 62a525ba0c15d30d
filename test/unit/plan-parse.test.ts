import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Declaration, DomainDeclaration } from "../../plan/declaration";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { changed, domain, exchanger, planOf, refused } from "./plan-verdicts";

const usualPolicies = {
  spf: { terms: [], all: "-all" },
  dkim: [],
  dmarc: { tags: [["p", "none"]] },
  tlsReports: [],
  services: ["imaps", "imap", "pop3s", "pop3", "submissions", "submission", "sieve"],
  reportsFor: [],
  adoptRecords: false,
};

describe("defaults", () => {
  const minimal: Declaration = {
    hostZone: { name: "example.test" },
    exchangers: { a: { role: "backup" }, b: { role: "primary" } },
    domains: [{ name: "example.test", mailboxes: { zoe: {}, adam: {} } }, { name: "club.test" }],
    operator: twoExchangers.operator,
  };

  it("fill in everything that is not said", () => {
    assert.deepEqual(planOf(minimal), {
      hostZone: { name: "example.test" },
      exchangers: [
        {
          key: "b",
          role: "primary",
          preference: 10,
          fqdn: "b.example.test",
          instanceType: "t4g.small",
          architecture: "arm64",
          volumeSizeGiB: 20,
          generation: 1,
          aliases: [],
          drain: true,
          hasIPv6: false,
        },
        {
          key: "a",
          role: "backup",
          preference: 20,
          fqdn: "a.example.test",
          instanceType: "t4g.micro",
          architecture: "arm64",
          volumeSizeGiB: 8,
          generation: 1,
          aliases: [],
          drain: true,
          hasIPv6: false,
        },
      ],
      domains: [
        {
          name: "example.test",
          zone: { name: "example.test" },
          mailboxes: ["adam@example.test", "zoe@example.test"].map((address) => ({
            address,
            plusFolders: false,
            sends: true,
            receives: true,
            closed: false,
            appPasswords: [],
            sendsAs: [],
            sendingLimits: { messagesPerHour: 200, recipientsPerMessage: 100 },
          })),
          aliases: ["abuse", "postmaster", "root"].map((local) => ({ address: `${local}@example.test`, targets: ["adam@example.test"] })),
          policies: usualPolicies,
        },
        {
          name: "club.test",
          zone: { name: "club.test" },
          mailboxes: [],
          aliases: ["abuse", "postmaster", "root"].map((local) => ({ address: `${local}@club.test`, targets: ["adam@example.test"] })),
          policies: usualPolicies,
        },
      ],
      parkedDomains: [],
      signedZones: [],
      systemUsers: [],
      ttl: 300,
      sendingLimits: { messagesPerHour: 200, recipientsPerMessage: 100 },
      messageSizeMiB: 50,
      mailboxServer: "dovecot",
      compression: false,
      postmaster: "adam@example.test",
      relayClients: [],
      operator: twoExchangers.operator,
    });
  });

  it("yield to what is said", () => {
    const plan = planOf(
      changed({
        exchangers: {
          mx1: {
            role: "primary",
            preference: 0,
            hostname: "Mail.EU",
            region: "eu-central-1",
            subnet: "subnet-0123456789abcdef0",
            instanceType: "t3.small",
            volumeSize: 100,
            generation: 3,
            aliases: ["mail", "post"],
            drain: false,
          },
        },
        domains: [
          {
            name: "mail.Example.test",
            zone: { name: "EXAMPLE.test", id: "0123456789abcdef0123456789abcdef" },
            mailboxes: { Postmaster: {} },
            aliases: { abuse: ["postmaster"], all: ["POSTMASTER@mail.example.test", "master", "postmaster"] },
          },
        ],
        systemUsers: { master: {} },
        postmaster: "Master@mail.example.test",
      }),
    );
    assert.deepEqual(plan.exchangers, [
      {
        key: "mx1",
        role: "primary",
        preference: 0,
        fqdn: "mail.eu.example.test",
        region: "eu-central-1",
        subnet: "subnet-0123456789abcdef0",
        instanceType: "t3.small",
        architecture: "amd64",
        volumeSizeGiB: 100,
        generation: 3,
        aliases: ["mail", "post"],
        drain: false,
        hasIPv6: false,
      },
    ]);
    assert.deepEqual(plan.domains[0].zone, { name: "example.test", id: "0123456789abcdef0123456789abcdef" });
    assert.deepEqual(plan.domains[0].aliases, [
      { address: "abuse@mail.example.test", targets: ["postmaster@mail.example.test"] },
      { address: "all@mail.example.test", targets: ["master@mail.example.test", "postmaster@mail.example.test"] },
      { address: "root@mail.example.test", targets: ["master@mail.example.test"] },
    ]);
    assert.deepEqual(plan.systemUsers, [{ name: "master", home: "/home/master", address: "master@mail.example.test" }]);
  });

  it("make a system user postmaster where the first domain has no mailbox, and else the first mailbox of all", () => {
    const domains: DomainDeclaration[] = [{ name: "example.test" }, { name: "club.test", mailboxes: { carol: {} } }];
    assert.equal(planOf(changed({ domains })).postmaster, "master@example.test");
    assert.equal(planOf(changed({ domains, systemUsers: {} })).postmaster, "carol@club.test");
    refused(changed({ domains: [{ name: "example.test" }], systemUsers: {} }), "postmaster", "declare a mailbox or a system user");
  });

  it("take no alias's or system user's place", () => {
    const aliases = planOf(changed({ systemUsers: { abuse: {} } })).domains[0].aliases.map(({ address }) => address);
    assert.deepEqual(aliases, ["postmaster@example.test", "root@example.test", "sales@example.test"]);
  });
});

describe("shape", () => {
  it("knows its keys, and the nearest one", () => {
    refused(changed({ ["hostzone" as keyof Declaration]: {} }), "hostzone", 'did you mean "hostZone"?');
    refused(exchanger({ instancetyp: "t4g.small" }), "exchangers.mx2.instancetyp", 'did you mean "instanceType"?');
    refused(exchanger({ colour: "red" }), "exchangers.mx2.colour", "known here: role, preference");
    refused(changed({ hostZone: { name: "example.test", constructor: 1 } }), "hostZone.constructor", "known here");
  });

  it("names a password as such and never shows it", () => {
    const declaration = domain({ mailboxes: { alice: { password: "hunter2hunter2" } } });
    refused(declaration, "domains[0].mailboxes.alice.password", "mailserver passwd", /^(?!.*hunter2)/);
    refused(domain({ mailboxes: { alice: "hunter2hunter2" } }), "domains[0].mailboxes.alice", "Expected a map such as {", /^(?!.*hunter2)/);
  });

  it("wants each value of its own kind", () => {
    for (const value of [null, 1, "x", true, []]) {
      for (const key of ["hostZone", "exchangers", "systemUsers", "operator"] as const) {
        const parsed = parse(changed({ [key]: value }));
        assert.ok(!parsed.ok && parsed.problems.some(({ path, message }) => path === key && message.startsWith("Expected a map")), key);
      }
    }
    refused(domain({ mailboxes: { alice: null } }), "domains[0].mailboxes.alice", "null", "{}");
    for (const value of [undefined, null, "x", 1, []]) refused(value, "", "Expected a map");
  });

  it("reports everything at once", () => {
    const parsed = parse({
      hostZone: { name: "bad zone" },
      exchangers: { MX: { role: "primary", preference: -1, instanceType: "x" }, mx2: { role: "primary", hostname: "_" } },
      domains: [
        { name: "bad domain", mailboxes: { "bad local": {} } },
        { name: "club.test", aliases: { a: ["b"] } },
      ],
      systemUsers: { root: { home: "/etc" } },
      operator: { publicKeys: ["x"], addresses: ["x"] },
      extra: 1,
    });
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.problems.map(({ path }) => path).sort(), [
      'domains[0].mailboxes["bad local"]',
      "domains[0].name",
      "domains[1].aliases.a[0]",
      "exchangers.MX",
      "exchangers.MX.instanceType",
      "exchangers.MX.preference",
      "exchangers.mx2.hostname",
      "exchangers.mx2.role",
      "extra",
      "hostZone.name",
      "operator.addresses[0]",
      "operator.publicKeys[0]",
      "postmaster",
      "systemUsers.root",
      "systemUsers.root.home",
    ]);
  });
});
