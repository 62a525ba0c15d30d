import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostBundle, servingBundle } from "../../cloud-init/host/bundle";
import { displacedPackages, packages, services, systemAccounts } from "../../cloud-init/host/system";
import { ports } from "../../cloud-init/ports";
import type { BundleFile } from "../../cloud-init/types";
import type { MailboxServer } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

const servers: readonly MailboxServer[] = ["dovecot", "courier"];
const hash = "{BLF-CRYPT}$2b$10$canarycanarycanarycanarycanarycanarycanarycanarycanar";

interface Read {
  readonly files: readonly BundleFile[];
  readonly ports: readonly (readonly [number, string])[];
}

function bundleWith(mailboxServer: MailboxServer, more: object = {}): Read {
  const plan = planOf({ ...twoExchangers, ...more, mailboxServer });
  const primary = plan.exchangers.find(({ role }) => role === "primary")!;
  return JSON.parse(servingBundle(plan, primary, { address: "198.51.100.1", peers: [] }, { "alice@example.test": hash }).text) as Read;
}

const contentOf = ({ files }: Read, path: string): string => files.find((file) => file.path === path)?.content ?? "";

describe("a primary with Courier", () => {
  it("has nothing of Dovecot, and the other way round", () => {
    for (const [server, other] of [
      ["courier", "dovecot"],
      ["dovecot", "courier"],
    ] as const)
      assert.deepEqual(
        bundleWith(server).files.filter(({ path }) => path.startsWith(`etc/${other}/`) || path.includes(`/${other}.service`)),
        [],
      );
  });

  it("gives each account a number that it has with the other server too, and nobody else", () => {
    const accounts = new Map(servers.flatMap((server) => systemAccounts("primary", server).map(({ id, name }) => [name, id] as const)));
    for (const server of servers) for (const { id, name } of systemAccounts("primary", server)) assert.equal(accounts.get(name), id);
    assert.equal(new Set(accounts.values()).size, accounts.size);
    assert.ok([...accounts.values()].every((id) => id >= 700 && id < 720));
  });

  it("displaces what the other's packages depend on, and nothing of its own; Postfix serves before it", () => {
    for (const server of servers)
      for (const name of displacedPackages(server)) assert.ok(!packages("primary", server).includes(name), name);
    assert.deepEqual(displacedPackages("courier"), ["dovecot-core"]);
    const order = services("primary", "courier");
    assert.ok(order.indexOf("postfix.service") < order.indexOf("courier-authdaemon.service"));
  });

  it("opens what its configuration listens on, which is not ManageSieve", () => {
    const bundle = bundleWith("courier");
    const own = ["imapd", "imapd-ssl", "pop3d", "pop3d-ssl"].map((name) =>
      Number(/^(?:SSL)?PORT=(\d+)$/m.exec(contentOf(bundle, `etc/courier/${name}`))?.[1]),
    );
    const open = ports("primary", "courier").map(({ port }) => port);
    assert.deepEqual(own, [143, 993, 110, 995]);
    assert.ok(own.every((port) => open.includes(port)) && !open.includes(4190));
    assert.ok(bundle.ports.every(([, protocol]) => protocol !== "managesieve"));
    for (const name of ["imapd", "pop3d"]) assert.match(contentOf(bundle, `etc/courier/${name}-ssl`), /^(?:IMAP|POP3)_TLS_REQUIRED=1$/m);
    assert.match(contentOf(bundle, "etc/courier/imapd"), /^IMAP_EMPTYTRASH=""$/m);
  });

  it("gives hashes to root alone", () => {
    const { files } = bundleWith("courier");
    assert.deepEqual(
      files.filter(({ content }) => content.includes("canary")).map(({ path, mode }) => [path, mode]),
      [["etc/courier/passwords", 0o600]],
    );
  });

  it("delivers to each account as who owns it, up to its quota", () => {
    const [first, ...others] = twoExchangers.domains;
    const bundle = bundleWith("courier", {
      domains: [{ ...first, mailboxes: { ...first?.mailboxes, bob: { quota: "2 MiB" } } }, ...others],
    });
    const lines = contentOf(bundle, "etc/postfix/transport").trim().split("\n");
    assert.ok(lines.includes("bob@example.test maildrop:2097152") && lines.includes("alice@example.test maildrop:none"));
    assert.ok(lines.includes("master@example.test maildrop-master:none"));
    assert.match(
      contentOf(bundle, "etc/postfix/master.cf"),
      /^maildrop-master unix .*\n {2}flags=\w+ user=master argv=.*\/homes\/master\/Maildir \$\{nexthop\}$/m,
    );
    assert.match(contentOf(bundle, "etc/postfix/main.cf"), /^maildrop-master_destination_recipient_limit = 1$/m);
    assert.match(contentOf(bundle, "etc/courier/accounts"), /^master@example\.test master \/srv\/mailserver\/homes\/master none$/m);
    assert.deepEqual(
      contentOf(bundle, "etc/courier/accounts")
        .split("\n")
        .map((line) => line.split(" ")[0]),
      contentOf(bundle, "etc/postfix/mailboxes")
        .split("\n")
        .map((line) => line.split(" ")[0]),
    );
  });

  it("has in a first bundle the gate of its units, and no account", () => {
    const plan = planOf({ ...twoExchangers, mailboxServer: "courier" });
    const primary = plan.exchangers.find(({ role }) => role === "primary")!;
    const bundle = JSON.parse(hostBundle(plan, primary, { address: "198.51.100.1", peers: [] }).text) as Read;
    assert.match(
      contentOf(bundle, "etc/systemd/system/courier-.service.d/mailserver.conf"),
      /^ConditionPathExists=\/run\/mailserver\/serving$/m,
    );
    assert.doesNotMatch(JSON.stringify(bundle), /alice@/);
  });
});
