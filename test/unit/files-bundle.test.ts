import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hostBundle, servingBundle } from "../../cloud-init/host/bundle";
import { packages, systemAccounts } from "../../cloud-init/host/system";
import { PEER_PORT, ports } from "../../cloud-init/ports";
import { fill } from "../../cloud-init/template";
import type { BundleFile, Bundle, HostFacts, Peer } from "../../cloud-init/types";
import type { Exchanger, MailPlan, Role } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { saneDeclaration } from "../generated/declarations";
import { planOf } from "./plan-verdicts";

const fingerprint = (byte: string): string => Array.from({ length: 32 }, () => byte).join(":");
const hash = "{BLF-CRYPT}$2b$10$canarycanarycanarycanarycanarycanarycanarycanarycanar";
const hashes = { "alice@example.test": hash };

function exchangerOf(plan: MailPlan, role: Role): Exchanger {
  const found = plan.exchangers.find((exchanger) => exchanger.role === role);
  assert.ok(found);
  return found;
}

function factsOf(plan: MailPlan, exchanger: Exchanger): HostFacts {
  const peers = plan.exchangers
    .filter(({ key }) => key !== exchanger.key)
    .map(({ key, role, fqdn }, index): Peer => ({ key, role, fqdn, address: `198.51.100.${index + 2}`, fingerprint: fingerprint("AB") }));
  return { address: "198.51.100.1", peers };
}

function serving(plan: MailPlan, role: Role, secrets: Record<string, string> = hashes): Bundle {
  const exchanger = exchangerOf(plan, role);
  return servingBundle(plan, exchanger, factsOf(plan, exchanger), secrets);
}

function files(bundle: Bundle): Map<string, string> {
  return new Map((JSON.parse(bundle.text) as { files: BundleFile[] }).files.map((file) => [file.path, file.content]));
}

/** `name = value` lines of a main.cf, as postconf(1) would print them. */
function settings(text: string): Map<string, string> {
  const logical = text.replace(/^#.*\n/gm, "").replace(/\n[ \t]+/g, " ");
  return new Map([...logical.matchAll(/^(\S+) *= *(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
}

const plan = planOf(twoExchangers);

describe("bundles", () => {
  it("are the same text for the same plan, named by its SHA-256", () => {
    for (const role of ["primary", "backup"] as const) {
      const bundle = serving(plan, role);
      assert.deepEqual(serving(planOf(twoExchangers), role), bundle);
      assert.equal(bundle.sha256, createHash("sha256").update(bundle.text).digest("hex"));
    }
  });

  it("ban who guesses from every port that takes passwords, never from 25 and the peer port, and never operators and exchangers", () => {
    const { addresses } = twoExchangers.operator;
    for (const [role, open] of [
      ["primary", [22, ...ports("primary", "dovecot").flatMap(({ port }) => (port === 25 ? [] : [port]))]],
      ["backup", [22]],
    ] as const) {
      const jail = files(serving(plan, role)).get("etc/fail2ban/jail.d/mailserver.conf") ?? "";
      assert.deepEqual(/port="([\d,]+)"/.exec(jail)?.[1]?.split(","), open.map(String), role);
      assert.match(jail, new RegExp(`^ignoreip = 127\\.0\\.0\\.0/8 ${addresses.join(" ")} 198\\.51\\.100\\.2$`, "m"));
    }
  });

  it("of two plans that differ in one mailbox differ in the account files only", () => {
    const [first, ...others] = twoExchangers.domains;
    const more = planOf({
      ...twoExchangers,
      domains: [{ name: "example.test", ...first, mailboxes: { ...first?.mailboxes, dora: {} } }, ...others],
    });
    for (const [role, expected] of [
      ["primary", ["etc/dovecot/users", "etc/postfix/mailboxes", "etc/postfix/owners"]],
      ["backup", ["etc/postfix/relay_recipients"]],
    ] as const) {
      const before = serving(plan, role);
      const after = serving(more, role);
      const changed = [...files(after)].filter(([path, content]) => files(before).get(path) !== content).map(([path]) => path);
      assert.deepEqual(changed, expected);
      assert.deepEqual({ ...JSON.parse(after.text), files: 0 }, { ...JSON.parse(before.text), files: 0 });
    }
  });

  it("have no holes left, whatever is declared", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const it = planOf(declaration);
        for (const exchanger of it.exchangers) {
          const facts = factsOf(it, exchanger);
          for (const bundle of [hostBundle(it, exchanger, { ...facts, peers: [] }), servingBundle(it, exchanger, facts, {})]) {
            for (const [path, content] of files(bundle)) if (!path.startsWith("lib/")) assert.doesNotMatch(content, /\{\{|undefined/, path);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("give password hashes to the primary only, in one file that only Dovecot reads", () => {
    const withHash = (bundle: Bundle): string[] =>
      [...files(bundle)].filter(([, content]) => content.includes("canary")).map(([path]) => path);
    assert.deepEqual(withHash(serving(plan, "primary")), ["etc/dovecot/passwords"]);
    assert.deepEqual(withHash(serving(plan, "backup")), []);
    const [file] = (JSON.parse(serving(plan, "primary").text) as { files: (BundleFile & { group?: string })[] }).files.filter(
      ({ path }) => path === "etc/dovecot/passwords",
    );
    assert.equal(file?.mode, 0o640);
    assert.equal(file?.group, "dovecot");
  });

  it("for a first boot have no account and never serve", () => {
    for (const role of ["primary", "backup"] as const) {
      const exchanger = exchangerOf(plan, role);
      const { text } = hostBundle(plan, exchanger, { address: "198.51.100.1", peers: [] });
      assert.equal((JSON.parse(text) as { accounts: boolean }).accounts, false);
      assert.doesNotMatch(text, /(?:alice|bob|carol|sales|\bmaster)@|\/usr\/master/);
      assert.equal((JSON.parse(serving(plan, role).text) as { accounts: boolean }).accounts, true);
    }
  });

  it("hand mail over by address and pinned key, and only to the primary", () => {
    const backup = settings(files(serving(plan, "backup")).get("etc/postfix/main.cf") ?? "");
    assert.equal(backup.get("relay_transport"), `peer:[198.51.100.2]:${PEER_PORT}`);
    assert.equal(backup.get("relay_domains"), "texthash:$config_directory/domains");
    assert.equal(files(serving(plan, "backup")).get("etc/postfix/domains"), "example.test OK\nclub.test OK\n");
    assert.match(
      files(serving(plan, "backup")).get("etc/postfix/master.cf") ?? "",
      new RegExp(`smtp_tls_fingerprint_cert_match=${fingerprint("AB")}\n`),
    );
  });

  it("know a caller of the peer port by key and address of the same exchanger", () => {
    const three = planOf({ ...twoExchangers, exchangers: { ...twoExchangers.exchangers, mx3: { role: "backup" } } });
    const primary = exchangerOf(three, "primary");
    const peers: Peer[] = [
      { key: "mx2", role: "backup", fqdn: "mx2.example.test", address: "198.51.100.2", fingerprint: fingerprint("22") },
      { key: "mx3", role: "backup", fqdn: "mx3.example.test", address: "198.51.100.3", fingerprint: fingerprint("33") },
    ];
    const found = files(servingBundle(three, primary, { address: "198.51.100.1", peers }, {}));
    const main = settings(found.get("etc/postfix/main.cf") ?? "");
    for (const { address, fingerprint: pinned } of peers) {
      const [, restriction = ""] = new RegExp(`^${pinned} (\\S+)$`, "m").exec(found.get("etc/postfix/peer_keys") ?? "") ?? [];
      assert.equal(main.get(restriction), `check_client_access inline:{ ${address}=permit }, reject`);
      assert.ok(main.get("smtpd_restriction_classes")?.split(" ").includes(restriction));
    }
    assert.equal(main.get("mynetworks"), "127.0.0.0/8");
    // A backup is called by the primary only.
    const other = servingBundle(three, exchangerOf(three, "backup"), { address: "198.51.100.2", peers: [{ ...peers[1]! }] }, {});
    assert.doesNotMatch(files(other).get("etc/postfix/peer_keys") ?? "", /33:33/);
  });

  it("open in master.cf and dovecot.conf the ports that the firewall opens", () => {
    for (const role of ["primary", "backup"] as const) {
      const found = files(serving(plan, role));
      const services: Record<string, number> = { smtp: 25, submission: 587, submissions: 465 };
      // What listens on loopback alone has an address before its port.
      const postfix = [...(found.get("etc/postfix/master.cf") ?? "").matchAll(/^([^\s:]+) +inet/gm)].map(
        ([, name = ""]) => services[name] ?? Number(name),
      );
      const dovecot = [...(found.get("etc/dovecot/dovecot.conf") ?? "").matchAll(/^ +port = (\d+)$/gm)].map(([, port]) => Number(port));
      assert.deepEqual(
        [...postfix, ...dovecot].sort((one, other) => one - other),
        [...ports(role, "dovecot").map(({ port }) => port), PEER_PORT].sort((one, other) => one - other),
      );
    }
  });

  it("take messages of one size on every exchanger, told or not", () => {
    for (const [declared, bytes] of [
      [undefined, 52_428_800],
      ["20 MiB", 20_971_520],
    ] as const) {
      const it = planOf({ ...twoExchangers, ...(declared === undefined ? {} : { messageSizeLimit: declared }) });
      for (const role of ["primary", "backup"] as const) {
        const main = settings(files(serving(it, role)).get("etc/postfix/main.cf") ?? "");
        assert.equal(main.get("message_size_limit"), String(bytes));
        assert.equal(main.get("queue_minfree"), String(bytes * 1.5));
      }
    }
  });

  it("give forwarded mail a sender of the first domain, on the primary alone, with a secret that is not in them", () => {
    const found = files(serving(plan, "primary"));
    assert.match(found.get("etc/mailserver/srs") ?? "", /^SRS_DOMAIN=example\.test$/m);
    assert.equal(found.get("etc/postfix/direct_senders"), "@example.test smtp:\n@club.test smtp:\n@mx1.example.test smtp:\n<> smtp:\n");
    const backup = files(serving(plan, "backup"));
    assert.doesNotMatch(backup.get("etc/postfix/main.cf") ?? "", /tcp:|srs:/);
    assert.match(backup.get("etc/postfix/main.cf") ?? "", /^smtpd_recipient_restrictions = .*regexp:\$config_directory\/srs\.regexp/m);
    assert.doesNotMatch(found.get("etc/postfix/main.cf") ?? "", /check_recipient_access regexp/);
  });

  it("hold submission to its senders and limits on both ports, and nothing else", () => {
    const services = (files(serving(plan, "primary")).get("etc/postfix/master.cf") ?? "").split(/^(?=\S)/m);
    const held = services.filter((service) => service.includes("smtpd_milters=$sending_milter")).map((service) => service.split(" ")[0]);
    assert.deepEqual(held, ["submissions", "submission"]);
  });

  it("ask for quotas only where there are some", () => {
    const asks = (it: MailPlan): boolean[] => {
      const found = files(serving(it, "primary"));
      const main = settings(found.get("etc/postfix/main.cf") ?? "");
      return [
        (main.get("smtpd_recipient_restrictions") ?? "").includes("limited"),
        (main.get("smtpd_restriction_classes") ?? "").split(" ").includes("mailbox_quota"),
        main.has("mailbox_quota"),
        found.has("etc/postfix/limited"),
        (found.get("etc/dovecot/dovecot.conf") ?? "").includes("quota-status"),
      ];
    };
    assert.deepEqual(asks(plan), Array(5).fill(false));
    const limited = planOf({ ...twoExchangers, quota: "1 GiB" });
    assert.deepEqual(asks(limited), Array(5).fill(true));
    assert.doesNotMatch(files(serving(limited, "backup")).get("etc/postfix/main.cf") ?? "", /quota/, "a backup knows of none");
  });

  it("compress new mail where that is declared, and read what is compressed anyhow", () => {
    for (const compression of [false, true]) {
      const text = files(serving(planOf({ ...twoExchangers, compression }), "primary")).get("etc/dovecot/dovecot.conf") ?? "";
      assert.equal(/^mail_compress_write_method = zstd$/m.test(text), compression);
      assert.match(text, /^mail_plugins \{\n {2}mail_compress = yes$/m);
    }
  });

  it("have a declared Sieve script beside ours, run before a person's own", () => {
    const without = files(serving(plan, "primary"));
    assert.doesNotMatch(without.get("etc/dovecot/dovecot.conf") ?? "", /declared/);
    const found = files(serving(planOf({ ...twoExchangers, sieve: "keep; # {{fqdn}}" }), "primary"));
    assert.equal(found.get("etc/dovecot/sieve/declared.sieve"), "keep; # {{fqdn}}\n");
    const scripts = [...(found.get("etc/dovecot/dovecot.conf") ?? "").matchAll(/^sieve_script (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(scripts, ["spam", "declared", "personal", "plus"]);
    for (const [, path = ""] of (found.get("etc/dovecot/dovecot.conf") ?? "").matchAll(/^ +path = \/srv\/mailserver\/active\/(\S+)$/gm))
      assert.ok(found.has(path), path);
  });

  it("name system accounts with numbers that nothing else gives", () => {
    for (const role of ["primary", "backup"] as const) {
      const ids = systemAccounts(role, "dovecot").map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.every((id) => id >= 700 && id < 720));
      assert.ok(packages(role, "dovecot").includes("postfix"));
    }
  });
});

describe("templates", () => {
  it("take no value that could put a line or a word of its own into a file, and name the hole", () => {
    for (const bad of ["a\nb", "a b", "a;b", "$x", "a,b", "{", "a\u0000", "", "a'b", "`id`", "#"]) {
      assert.throws(() => fill("x = {{name}}\n", { name: bad }), /\{\{name\}\}/, JSON.stringify(bad));
    }
    assert.equal(fill("x = {{name}}\n", { name: "mx1.example.test" }), "x = mx1.example.test\n");
  });

  it("have no hole without a value, and none that goes in unchecked", () => {
    assert.throws(() => fill("{{nothing}}", {}), /no value for \{\{nothing\}\}/);
    assert.throws(() => fill("{{{name}}}", { name: "x" }), /unchecked/);
    assert.throws(() => fill("{{&name}}", { name: "x" }), /unchecked/);
  });

  it("refuse an injected peer, address or domain", () => {
    const primary = exchangerOf(plan, "primary");
    for (const facts of [
      { address: "1.2.3.4\nmynetworks = 0.0.0.0/0", peers: [] },
      { address: "1.2.3.4", peers: [{ ...factsOf(plan, primary).peers[0]!, fingerprint: "AB permit" }] },
      { address: "1.2.3.4", peers: [{ ...factsOf(plan, primary).peers[0]!, address: "1.2.3.4=permit }, permit" }] },
    ]) {
      assert.throws(() => servingBundle(plan, primary, facts, {}), /harmless/);
    }
    const [first] = plan.domains;
    assert.throws(
      () => servingBundle({ ...plan, domains: [{ ...first, name: "x.test, evil.test" }] }, primary, factsOf(plan, primary), {}),
      /harmless/,
    );
  });
});
