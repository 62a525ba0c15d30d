/** Courier keeps the mailboxes: what mail programs find, and how full ones wait. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../lab/clients/imap";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { migrate } from "./migration";
import { emptyQueues, folderOf, lands, newToken, SENDER } from "./mail-flow";

const ALICE = "alice@example.test";
const BOB = "bob@example.test";
const CAROL = "carol@club.test";
const MASTER = "master@example.test";

export function courier(it: LabUnderTest): void {
  const account = (user: string): Account => ({ host: it.address("mx1"), user, password: it.password(user) });
  const offer = (to: string, token: string, headers: readonly string[] = [], kilobytes = 0): Promise<{ code: number; text: string }> =>
    it.clients.send(
      { host: it.address("mx1"), port: 25 },
      { from: SENDER, to, token, headers, ...(kilobytes === 0 ? {} : { body: `${"x".repeat(98)}\r\n`.repeat(kilobytes * 10) }) },
    );

  test("a machine whose image has Dovecot is a primary with Courier alone", async () => {
    assert.equal(await it.sh("mx1", "dpkg-query -W -f '${db:Status-Abbrev}${Package}\\n' 'dovecot-*' | grep ^ii || :"), "");
    assert.equal(await it.sh("mx1", "systemctl list-units --failed --plain --no-legend"), "");
    assert.equal(await it.clients.connects(it.address("mx1"), 4190, 2000), false, "no ManageSieve");
    for (const port of [143, 993, 110, 995]) assert.ok(await it.clients.connects(it.address("mx1"), port, 2000), String(port));
  });

  test("IDLE tells of a mail at once, SEARCH finds its words, moving is a copy; both protocols read the same inbox", async () => {
    const token = newToken();
    await it.clients.putByImap(account(BOB), [], [], `Subject: other\r\n\r\nnothing\r\n`);
    const used = await it.clients.useImapExtensions(account(BOB), token, `word${token}`);
    for (const name of ["IDLE", "SORT", "THREAD=REFERENCES", "UIDPLUS", "QUOTA", "NAMESPACE"])
      assert.ok(used.capabilities.includes(name), name);
    assert.deepEqual([used.announced.includes(token), used.found, used.moved], [true, [token], [token]]);
    for (const subjects of [
      await it.clients.inboxByImap(account(BOB)),
      await it.clients.inboxByImap(account(BOB), 143),
      await it.clients.inboxByPop3(account(BOB)),
    ])
      assert.ok(subjects.includes("other") && !subjects.includes(token), subjects.join());
  });

  test("no password without TLS, and no TLS before 1.2", async () => {
    const said = await it.sh(
      "outside",
      `python3 - ${it.address("mx1")} ${ALICE}`,
      `import imaplib, poplib, ssl, sys
def refused(attempt):
    try:
        attempt()
        print("taken")
    except Exception as error:
        print("refused", error)
host, user, password = *sys.argv[1:], ${JSON.stringify(it.password(ALICE))}
imap = imaplib.IMAP4(host)
print("LOGINDISABLED" in imap.capabilities)
refused(lambda: imap.login(user, password))
pop = poplib.POP3(host)
refused(lambda: (pop.user(user), pop.pass_(password)))
old = ssl._create_unverified_context()
old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
old.set_ciphers("ALL:@SECLEVEL=0")
refused(lambda: imaplib.IMAP4_SSL(host, ssl_context=old))
refused(lambda: poplib.POP3_SSL(host, context=old))
`,
    );
    assert.match(said, /^True(?:\nrefused .+){4}$/);
  });

  test("a wrong password, or somebody unknown, is let in nowhere", async () => {
    // Side by side: Courier waits five seconds before it says no.
    const attempts = [ALICE, "nobody@example.test", MASTER].map((user) => ({ ...account(user), password: "not this one" }));
    await Promise.all(
      attempts.flatMap((attempt) => [assert.rejects(it.clients.inboxByImap(attempt)), assert.rejects(it.clients.inboxByPop3(attempt))]),
    );
  });

  test("mail is filed: extended addresses and aliases into the inbox, what a filter has marked into Junk, a system user's into the home", async () => {
    const [extended, spam, system] = [newToken(), newToken(), newToken()];
    await offer("Alice+News@Example.test", extended);
    await offer(ALICE, spam, ["X-Spam-Flag: YES"]);
    await offer("master+x@example.test", system);
    assert.equal(await folderOf(it, extended), "example.test/alice");
    assert.equal(await folderOf(it, spam), "example.test/alice .Junk");
    assert.equal(await folderOf(it, system), "master");
    assert.match(await it.sh("mx1", `stat -c %U $(grep -rl 'Subject: ${system}' /srv/mailserver/homes)`), /^master$/m);
    assert.ok((await it.clients.inboxByImap(account(MASTER))).includes(system));
  });

  test("nobody with a shell can ask for hashes", async () => {
    const { stdout } = await it.on("mx1", "setpriv", "--reuid", "master", "--regid", "master", "--init-groups", "authtest", ALICE);
    assert.doesNotMatch(stdout, /\$2/);
    for (const file of ["userdb", "userdbshadow.dat", "passwords"])
      assert.notEqual(
        (await it.on("mx1", "setpriv", "--reuid", "master", "--regid", "master", "--init-groups", "cat", `/etc/courier/${file}`)).exitCode,
        0,
      );
  });

  test("a mailbox that fills warns its owner; when it is full its mail waits, is reported, and arrives when there is room", async () => {
    const bob = it.config["mailserver:domains"][0]!.mailboxes;
    const before = bob.bob;
    bob.bob = { ...before, quota: "1 MiB" };
    const processes = (): Promise<string> => it.sh("mx1", "systemctl show -P MainPID postfix.service 'courier-*.service'");
    const served = await processes();
    await it.up();
    assert.equal(await processes(), served, "no service was started anew");
    await it.sh(
      "mx1",
      "rm -rf /srv/mailserver/mail/example.test/bob/Maildir/cur/* /srv/mailserver/mail/example.test/bob/Maildir/new/* /srv/mailserver/mail/example.test/bob/Maildir/maildirsize",
    );
    const large = newToken();
    assert.equal((await offer(BOB, large, [], 960)).code, 250);
    await lands(it, large);
    await until("a warning", 30, async () => (await it.clients.inboxByImap(account(BOB))).includes("Your mailbox is 90 % full"));
    const waiting = newToken();
    assert.equal((await offer(BOB, waiting, [], 200)).code, 250);
    await until("the mail to wait", 60, async () => (await it.sh("mx1", "postqueue -j")).includes("over quota"));
    await it.sh("mx1", "systemctl start mailserver-report.service");
    assert.match(
      await it.sh("mx1", "journalctl -u mailserver-report.service -o cat --since -1min"),
      /bob@example\.test: 1, the oldest since 0 days/,
    );
    // Somebody makes room.
    await it.sh(
      "mx1",
      `rm $(grep -rl 'Subject: ${large}' /srv/mailserver/mail/example.test/bob/Maildir) /srv/mailserver/mail/example.test/bob/Maildir/maildirsize; postqueue -f`,
    );
    await lands(it, waiting);
    await emptyQueues(it, "mx1");
    bob.bob = before!;
    await it.up();
    const again = newToken();
    await offer(BOB, again, [], 960);
    await lands(it, again);
  });

  test("an account elsewhere is copied in, each message once", async () => {
    const folder = newToken();
    await it.clients.putByImap(account(CAROL), [`Über ${folder}`], ["\\Flagged"], `Subject: ${folder}\r\n\r\nkept\r\n`);
    const run = (): ReturnType<typeof migrate> =>
      migrate(it, { to: ALICE, words: `--host mx1.example.test --user ${CAROL}`, password: it.password(CAROL) });
    const first = await run();
    assert.deepEqual([first.status, /[1-9]\d* messages copied/.test(first.said)], [0, true], first.said);
    const found = (await it.clients.mailboxAsSeen(account(ALICE))).find(({ path }) => path === `Über ${folder}`);
    assert.match(found?.messages.join("\n") ?? "", new RegExp(`^1 \\\\Flagged \\d+ ${folder}$`));
    assert.match((await run()).said, /^0 messages copied/m);
  });
}
