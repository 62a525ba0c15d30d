/** Mailboxes that may only send, only receive, or are closed; and a domain's catch-all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../lab/clients/imap";
import type { Answer } from "../../lab/clients/smtp";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { folderOf, newToken, SENDER } from "./mail-flow";

const BOB = "bob@example.test";
const CAROL = "carol@club.test";

export function mailboxes(it: LabUnderTest): void {
  const account = (user: string): Account => ({ host: it.address("mx1"), user, password: it.password(user) });
  const incoming = (via: string, to: string, token = newToken()): Promise<Answer> =>
    it.clients.send({ host: it.address(via), port: 25 }, { from: SENDER, to, token });
  const submit = (user: string, from: string, to: string): Promise<Answer> =>
    it.clients.send(
      { host: it.address("mx1"), port: 465, security: "tls", login: { user, password: it.password(user) } },
      { from, to, token: newToken() },
    );

  test("a mailbox that is closed loses its sessions; nothing is restarted", async () => {
    const [example, club] = it.config["mailserver:domains"];
    example!.mailboxes.bob = { ...example!.mailboxes.bob, sends: false };
    example!.mailboxes.erin = { receives: false };
    example!.mailboxes.fred = { receives: false, closed: true };
    club!.mailboxes.carol = { closed: true };
    club!.catchAll = "alice@example.test";
    await it.clients.openImapSession(account(CAROL));
    assert.equal((await it.clients.imapSessionNow()).open, true);
    const processes = (): Promise<string> => it.sh("mx1", "systemctl show -P MainPID postfix.service dovecot.service");
    const before = await processes();
    await it.up();
    assert.equal(await processes(), before);
    await until("carol's session to end", 20, async () => !(await it.clients.imapSessionNow()).open);
  });

  test("closed: nobody logs in, and mail arrives and waits", async () => {
    await assert.rejects(it.clients.inboxByImap(account(CAROL)));
    assert.equal((await submit(CAROL, CAROL, BOB)).code, 535);
    const token = newToken();
    assert.equal((await incoming("mx1", CAROL, token)).code, 250);
    assert.equal(await folderOf(it, token), "club.test/carol");
  });

  test("only receiving: it logs in and sends nothing, neither as itself nor as an alias; only sending: refused for good on every exchanger, and it sends", async () => {
    await it.clients.inboxByImap(account(BOB));
    for (const from of [BOB, "sales@example.test"]) assert.match((await submit(BOB, from, CAROL)).text, /^553 5\.7\.1 .*may only receive/);
    for (const key of ["mx1", "mx2"]) {
      for (const to of ["erin@example.test", "erin+x@example.test"])
        assert.match((await incoming(key, to)).text, /^550 5\.2\.1 .*takes no mail/, `${to} on ${key}`);
      assert.match((await incoming(key, "fred@example.test")).text, /^450 4\.2\.1 .*closed for now/, key);
    }
    assert.equal((await submit("erin@example.test", "erin@example.test", BOB)).code, 250);
  });

  test("a catch-all gets what is for nobody, on every exchanger, and nothing that is declared; nobody may send as what it catches", async () => {
    for (const key of ["mx1", "mx2"]) {
      const token = newToken();
      assert.equal((await incoming(key, `nobody-${token}@club.test`, token)).code, 250);
      assert.equal(await folderOf(it, token), "example.test/alice");
      const declared = newToken();
      assert.equal((await incoming(key, "carol+x@club.test", declared)).code, 250);
      assert.equal(await folderOf(it, declared), "club.test/carol");
      assert.equal((await incoming(key, "nobody@example.test")).code, 550, "the other domain has none");
    }
    assert.match((await submit("alice@example.test", "nobody@club.test", BOB)).text, /^553 5\.7\.1 .*not owned/);
  });

  test("all of it is taken back", async () => {
    const [example, club] = it.config["mailserver:domains"];
    example!.mailboxes = { alice: {}, bob: {} };
    club!.mailboxes.carol = {};
    delete club!.catchAll;
    await it.up();
    await it.clients.inboxByImap(account(CAROL));
    assert.equal((await incoming("mx2", "nobody@club.test")).code, 550);
  });
}
