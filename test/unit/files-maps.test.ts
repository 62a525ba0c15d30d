import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  aliasMap,
  appPasswordFile,
  limitedMap,
  mailboxMap,
  ownerMap,
  ownNameMap,
  passwordFile,
  recipientMap,
  refusedMap,
  sendingLimitMap,
  silentMap,
  userFile,
} from "../../cloud-init/host/maps";
import type { MailPlan } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { saneDeclaration } from "../generated/declarations";
import { planOf } from "./plan-verdicts";

const plan = planOf(twoExchangers);

/** As Postfix reads a texthash: a line is a key, blanks, a value; a `#` at its beginning makes it a comment. */
function entries(map: string): Map<string, string> {
  return new Map(
    map
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [key = "", ...rest] = line.split(" ");
        return [key, rest.join(" ")];
      }),
  );
}

const accountsOf = (it: MailPlan): string[] => [
  ...it.domains.flatMap(({ mailboxes }) => mailboxes.map(({ address }) => address)),
  ...it.systemUsers.map((user) => user.address),
];
const aliasesOf = (it: MailPlan): string[] => it.domains.flatMap((domain) => domain.aliases.map((alias) => alias.address));

describe("maps of accounts", () => {
  it("a mailbox owns its address, and of an alias everybody whom it reaches in the end", () => {
    const owners = entries(
      ownerMap(
        planOf({
          ...twoExchangers,
          domains: [
            {
              name: "example.test",
              mailboxes: { alice: {}, bob: {} },
              aliases: { sales: ["alice", "team"], team: ["bob", "master", "sales2"], sales2: ["alice"] },
            },
          ],
        }),
      ),
    );
    assert.equal(owners.get("alice@example.test"), "alice@example.test");
    assert.equal(owners.get("master@example.test"), "master@example.test");
    assert.equal(owners.get("sales@example.test"), "alice@example.test, bob@example.test, master@example.test");
    assert.equal(owners.get("postmaster@example.test"), "alice@example.test");
    assert.equal(owners.get("nobody@example.test"), undefined);
  });

  it("a granted address has one owner more, a granted domain at each of its addresses and at all others", () => {
    const it = planOf({
      ...twoExchangers,
      domains: [
        {
          name: "example.test",
          mailboxes: { alice: { sendsAs: ["club.test", "bob@example.test"] }, bob: {}, eve: { sends: false } },
          aliases: { press: ["eve"] },
        },
        { name: "club.test", mailboxes: { carol: { sendsAs: ["press@example.test"] } }, aliases: { board: ["carol"] } },
      ],
    });
    const owners = entries(ownerMap(it));
    assert.equal(owners.get("bob@example.test"), "alice@example.test, bob@example.test");
    assert.equal(owners.get("carol@club.test"), "alice@example.test, carol@club.test");
    assert.equal(owners.get("board@club.test"), "alice@example.test, carol@club.test");
    assert.equal(owners.get("@club.test"), "alice@example.test");
    assert.equal(owners.get("press@example.test"), "carol@club.test", "an alias of somebody who may not send can be granted");
    assert.equal(owners.get("@example.test"), undefined);
  });

  it("an alias may lead elsewhere, as it is written; whom it reaches there owns nothing here, and a backup takes mail for it", () => {
    const it = planOf({
      ...twoExchangers,
      domains: [{ name: "example.test", mailboxes: { alice: {} }, aliases: { away: ["Ben+x=y@Outside.test"], both: ["away", "alice"] } }],
    });
    assert.equal(entries(aliasMap(it, "mx1.example.test")).get("away@example.test"), "Ben+x=y@outside.test");
    assert.equal(entries(ownerMap(it)).get("away@example.test"), undefined);
    assert.equal(entries(ownerMap(it)).get("both@example.test"), "alice@example.test");
    assert.ok(entries(recipientMap(it)).has("away@example.test"));
  });

  it("the nearest limit of sending counts, and only others than the usual have a line", () => {
    const [first, ...others] = twoExchangers.domains;
    const it = planOf({
      ...twoExchangers,
      sendingLimits: { messagesPerHour: 300 },
      domains: [
        {
          ...first!,
          sendingLimits: { recipientsPerMessage: 20 },
          mailboxes: { alice: {}, bob: { sendingLimits: { messagesPerHour: 5 } }, eve: { sendingLimits: { recipientsPerMessage: 100 } } },
        },
        ...others,
      ],
    });
    assert.equal(sendingLimitMap(it), "* 300 100\nalice@example.test 300 20\nbob@example.test 5 20\n");
    assert.equal(sendingLimitMap(plan), "* 200 100\n");
  });

  it("owners are accounts and nobody owns what is not declared, whatever is declared", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const it = planOf(declaration);
        const owners = entries(ownerMap(it));
        const addresses = [...owners.keys()].filter((sender) => !sender.startsWith("@"));
        assert.deepEqual(addresses.sort(), [...accountsOf(it), ...aliasesOf(it)].sort());
        const accounts = new Set(accountsOf(it));
        for (const value of owners.values())
          assert.ok(
            value.split(", ").every((owner) => accounts.has(owner)),
            value,
          );
      }),
      { numRuns: 50 },
    );
  });

  it("a backup takes exactly what the primary takes", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const it = planOf(declaration);
        const primary = it.exchangers.find((exchanger) => exchanger.role === "primary");
        assert.ok(primary);
        const taken = [...entries(mailboxMap(it)).keys(), ...entries(aliasMap(it, primary.fqdn)).keys()].filter(
          (address) => !address.startsWith("@"),
        );
        assert.deepEqual([...entries(recipientMap(it)).keys()].sort(), taken.sort());
        for (const { name } of it.domains)
          for (const local of ["postmaster", "abuse", "root"]) assert.ok(entries(recipientMap(it)).has(`${local}@${name}`));
      }),
      { numRuns: 50 },
    );
  });

  it("what is sent to a host's own name goes to the first domain's postmaster", () => {
    for (const map of [aliasMap(plan, "mx1.example.test"), ownNameMap(plan, "mx1.example.test")]) {
      assert.equal(entries(map).get("@mx1.example.test"), "postmaster@example.test");
      assert.equal(entries(map).get("@localhost"), "postmaster@example.test");
    }
    assert.equal(entries(ownNameMap(plan, "mx1.example.test")).size, 2, "a backup expands no alias");
  });

  it("a system user has a uid and a home of its own in Dovecot's file, a mailbox the defaults", () => {
    const lines = userFile(plan).trimEnd().split("\n");
    assert.ok(lines.includes("alice@example.test:::::::"));
    assert.ok(lines.includes("master@example.test::master:master::/srv/mailserver/homes/master::"));
    assert.equal(lines.length, 4);
  });

  it("a quota is a field of its holder, and Postfix asks always where its last tenth is less than the largest mail", () => {
    const [first, ...others] = twoExchangers.domains;
    const it = planOf({
      ...twoExchangers,
      quota: "1 GiB",
      domains: [
        {
          ...first!,
          quota: "500 MiB",
          mailboxes: { alice: { quota: "2 TiB" }, bob: {}, dora: { quota: "499 MiB" }, eve: { quota: "unlimited" } },
        },
        ...others,
      ],
      systemUsers: { master: { quota: "3 GiB" } },
    });
    assert.match(userFile(it), /^alice@example\.test:::::::userdb_quota_storage_size=2097152M$/m);
    assert.match(userFile(it), /^bob@example\.test:::::::userdb_quota_storage_size=500M$/m);
    assert.match(userFile(it), /^eve@example\.test:::::::$/m);
    assert.match(userFile(it), /^carol@club\.test:::::::userdb_quota_storage_size=1024M$/m);
    assert.match(userFile(it), /^master@.*::userdb_quota_storage_size=3072M$/m);
    assert.deepEqual([...entries(limitedMap(it)).keys()], ["dora@example.test"]);
    assert.equal(limitedMap(plan), "");
  });

  it("a mailbox that may not send owns nothing, one that is closed has no password, one that takes nothing is refused on every exchanger", () => {
    const it = planOf({
      ...twoExchangers,
      domains: [
        {
          name: "example.test",
          mailboxes: {
            alice: {},
            bob: { sends: false },
            eve: { receives: false },
            fay: { receives: false, closed: true },
            gus: { closed: true },
          },
          aliases: { sales: ["alice", "bob"], press: ["bob"] },
        },
      ],
    });
    const owners = entries(ownerMap(it));
    assert.equal(owners.get("sales@example.test"), "alice@example.test");
    for (const address of ["bob@example.test", "press@example.test"]) assert.equal(owners.get(address), undefined, address);
    assert.equal(owners.get("eve@example.test"), "eve@example.test");
    assert.deepEqual([...entries(silentMap(it)).keys()], ["bob@example.test"]);
    assert.deepEqual(
      [...entries(refusedMap(it))].map(([address, answer]) => `${address} ${answer.slice(0, 9)}`),
      ["eve@example.test 550 5.2.1", "fay@example.test 450 4.2.1"],
    );
    for (const address of ["eve@example.test", "fay@example.test"])
      for (const map of [mailboxMap(it), recipientMap(it)]) assert.ok(entries(map).has(address), "what was accepted still reaches it");
    const hash = "{BLF-CRYPT}$2y$05$x";
    assert.equal(passwordFile(it, { "alice@example.test": hash, "gus@example.test": hash }), `alice@example.test:${hash}\n`);
  });

  it("a catch-all takes what is not declared and shadows nothing that is", () => {
    const [first, ...others] = twoExchangers.domains;
    const it = planOf({ ...twoExchangers, domains: [{ ...first!, catchAll: "sales" }, ...others] });
    const found = entries(aliasMap(it, "mx1.example.test"));
    assert.equal(found.get("@example.test"), "sales@example.test");
    assert.equal(found.get("@club.test"), undefined);
    for (const address of accountsOf(it).filter((account) => account.endsWith("@example.test"))) assert.equal(found.get(address), address);
    assert.ok(entries(recipientMap(it)).has("@example.test"), "a backup takes it too");
    assert.equal(entries(ownerMap(it)).get("@example.test"), undefined, "and nobody sends as it");
  });

  it("folders for extended addresses are a field of the mailbox that has asked for them", () => {
    const [first] = twoExchangers.domains;
    const it = planOf({ ...twoExchangers, domains: [{ ...first!, mailboxes: { alice: { plusFolders: true }, bob: {} } }] });
    assert.match(userFile(it), /^alice@example\.test:::::::userdb_sieve_environment\/plus_folders=yes$/m);
    assert.match(userFile(it), /^bob@example\.test:::::::$/m);
  });

  it("only accounts with a hash are in the password file", () => {
    assert.equal(passwordFile(plan, { "alice@example.test": "{BLF-CRYPT}$2y$05$x" }), "alice@example.test:{BLF-CRYPT}$2y$05$x\n");
    assert.equal(passwordFile(plan, {}), "");
  });

  it("an app password has a line for each of its services, with its number in the mailbox and the name of its sessions", () => {
    const [first] = twoExchangers.domains;
    const apps = { phone: { services: ["submission", "imap"] }, laptop: {}, unused: {} };
    const it = planOf({
      ...twoExchangers,
      domains: [{ ...first!, mailboxes: { alice: { appPasswords: apps }, bob: { closed: true, appPasswords: { phone: {} } } } }],
    });
    const hash = "{BLF-CRYPT}$2y$04$x";
    const hashes = { "alice@example.test/phone": hash, "alice@example.test/laptop": hash, "bob@example.test/phone": hash };
    const line = (app: string, protocol: string, number: number): string =>
      `alice@example.test/${protocol}/${number}:${hash}::::::app=${app} userdb_user_app=alice@example.test/${app}\n`;
    assert.equal(
      appPasswordFile(it, hashes),
      ["imap", "pop3", "smtp", "sieve"].map((protocol) => line("laptop", protocol, 1)).join("") +
        line("phone", "imap", 2) +
        line("phone", "smtp", 2),
    );
    assert.equal(passwordFile(it, hashes), "", "none of them is the mailbox's own");
    assert.throws(() => passwordFile(it, { "alice@example.test/tablet": hash }), /alice@example\.test\/tablet/);
    assert.throws(
      () => appPasswordFile(it, { "alice@example.test/phone": "hunter2" }),
      (error: Error) => /alice@example\.test\/phone/.test(error.message) && !error.message.includes("hunter2"),
    );
  });

  it("a hash that is none is refused without being shown", () => {
    for (const bad of ["plain", "", "{X}a\nroot::0:0", "{X}a b", "{X}a:b"]) {
      assert.throws(
        () => passwordFile(plan, { "alice@example.test": bad }),
        (error: Error) => /alice@example\.test/.test(error.message) && (bad === "" || !error.message.includes(bad)),
      );
    }
    assert.throws(() => passwordFile(plan, { "eve@example.test": "{X}a" }), /eve@example\.test/);
  });

  it("no address can put a line, a field or a second word into a map", () => {
    for (const bad of [
      "a b@example.test",
      "a\n@example.test",
      "a:b@example.test",
      "#a@example.test",
      "a@example.test\nx@y.test OK",
      "a,b@example.test",
      "a/../b@example.test",
    ]) {
      const domain = {
        ...plan.domains[0],
        mailboxes: [{ ...plan.domains[0].mailboxes[0]!, address: bad }],
        aliases: [],
      };
      const it: MailPlan = { ...plan, domains: [domain] };
      for (const render of [mailboxMap, recipientMap, ownerMap, userFile])
        assert.throws(() => render(it), /cannot stand in a map/, JSON.stringify(bad));
      const alias: MailPlan = {
        ...plan,
        domains: [{ ...domain, mailboxes: [], aliases: [{ address: "a@example.test", targets: [bad] }] }],
      };
      assert.throws(() => aliasMap(alias, "mx1.example.test"), /cannot stand in a map/);
    }
  });
});
