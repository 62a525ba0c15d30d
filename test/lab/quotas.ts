/** A mailbox that fills: its owner is warned, senders are refused, what was accepted waits, is reported, and arrives when there is room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../lab/clients/smtp";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { folderOf, newToken, SENDER } from "./mail-flow";
import { migrate } from "./migration";

const BOB = "bob@example.test";
const HOME = "/srv/mailserver/mail/example.test/bob";

export function quotas(it: LabUnderTest): void {
  const offer = (via: string, to: string, token: string, kilobytes = 1): Promise<Answer> =>
    it.clients.send({ host: it.address(via), port: 25 }, { from: SENDER, to, token, body: `${"x".repeat(98)}\r\n`.repeat(kilobytes * 10) });
  const waits = (token: string): Promise<string> =>
    until(`mail ${token} to wait on mx1`, 60, async () => {
      const queue = await it.sh(
        "mx1",
        `for id in $(postqueue -j | grep -o '"queue_id": "[^"]*' | cut -c14-); do postcat -qh $id | grep -q 'Subject: ${token}' && postqueue -j | grep $id || :; done`,
      );
      return queue.includes("4.2.2") ? queue : undefined;
    });

  test("a quota more is a reload", async () => {
    it.config["mailserver:quota"] = "unlimited";
    it.config["mailserver:domains"][0]!.mailboxes.bob = { ...it.config["mailserver:domains"][0]!.mailboxes.bob, quota: "1 MiB" };
    const before = await it.sh("mx1", "systemctl show -P MainPID postfix.service dovecot.service");
    await it.up();
    assert.equal(await it.sh("mx1", "systemctl show -P MainPID postfix.service dovecot.service"), before);
    assert.match(await it.sh("mx1", `doveadm -f flow quota get -u ${BOB}`), /Type=STORAGE.* Limit=1024 /);
    assert.doesNotMatch(await it.sh("mx1", "doveadm -f flow quota get -u alice@example.test"), /Limit=\d/);
  });

  test("at nine tenths its owner gets a mail; who sends more is refused at RCPT, on port 25 and when he is a colleague", async () => {
    await it.sh("mx1", `rm -rf ${HOME}/Maildir`);
    const large = newToken();
    assert.equal((await offer("mx1", BOB, large, 960)).code, 250);
    assert.equal(await folderOf(it, large), "example.test/bob");
    assert.equal(await folderOf(it, "Your mailbox is 9[0-9] % full"), "example.test/bob");
    const [, , , refused = ""] = await it.clients.dialogue({ host: it.address("mx1"), port: 25 }, [
      "EHLO client.outside.test",
      `MAIL FROM:<${SENDER}> SIZE=20000000`,
      `RCPT TO:<${BOB}>`,
    ]);
    assert.match(refused, /^552 5\.2\.2 /);
    // A small one has room still (quota_storage_grace), and so has everybody else.
    const small = newToken();
    assert.equal((await offer("mx1", "bob+x@example.test", small)).code, 250);
    await folderOf(it, small);
    await it.sh(
      "mx1",
      `doveadm -o quota_enforce=no save -u ${BOB} </usr/share/common-licenses/GPL-3; doveadm -o quota_enforce=no save -u ${BOB} </usr/share/common-licenses/GPL-3; doveadm -o quota_enforce=no save -u ${BOB} </usr/share/common-licenses/GPL-3`,
    );
    for (const to of [BOB, "bob+x@example.test"]) {
      const { code, text } = await offer("mx1", to, newToken());
      assert.match(`${code} ${text}`, /^552 552 5\.2\.2 .*full/, to);
    }
    const colleague = await it.clients.send(
      {
        host: it.address("mx1"),
        port: 587,
        security: "starttls",
        login: { user: "alice@example.test", password: it.password("alice@example.test") },
      },
      { from: "alice@example.test", to: BOB, token: newToken() },
    );
    assert.match(colleague.text, /^552 5\.2\.2 /);
  });

  test("what an alias or a backup has accepted waits, is reported, and arrives when there is room", async () => {
    // Past the grace that mail on its way has (quota_storage_grace).
    await it.sh(
      "mx1",
      `( echo 'Subject: heap'; echo; head -c 11000000 /dev/zero | tr '\\0' x | fold -w 76 ) | doveadm -o quota_enforce=no save -u ${BOB}`,
    );
    const viaBackup = newToken();
    assert.equal((await offer("mx2", BOB, viaBackup)).code, 250, "a backup knows no quotas");
    const viaAlias = newToken();
    assert.equal((await offer("mx1", "sales@example.test", viaAlias)).code, 250);
    for (const token of [viaBackup, viaAlias]) assert.match(await waits(token), /bob@example\.test/);
    assert.equal(await it.sh("mx2", "postqueue -j"), "");
    await it.sh("mx1", "systemctl start mailserver-report.service");
    assert.match(
      await it.sh("mx1", "journalctl -u mailserver-report.service -o cat --since -1min"),
      /bob@example\.test: 2, the oldest since 0 days/,
    );
    assert.equal(await folderOf(it, "Mail waits for full mailboxes: bob@example.test"), "example.test/alice");
    const ALICE = "alice@example.test";
    const copied = await migrate(it, { to: BOB, words: `--host mx1.example.test --user ${ALICE}`, password: it.password(ALICE) });
    assert.equal(copied.status, 1);
    assert.match(copied.said, /^bob@example\.test is full \(.*\) after 0 messages; raise its quota, and run this again$/m);
    await it.sh("mx1", `doveadm expunge -u ${BOB} mailbox INBOX all; postqueue -f`);
    assert.equal(await folderOf(it, viaBackup), "example.test/bob");
    await until("an empty queue", 60, async () => (await it.sh("mx1", "postqueue -j")) === "");
    assert.match(await it.sh("mx1", `grep -rl 'Subject: ${viaAlias}' ${HOME}/Maildir`), /Maildir/);
  });

  test("a large mailbox is asked about only while it is nearly full", async () => {
    const listed = async (): Promise<boolean> =>
      (await it.sh("mx1", "postmap -s lmdb:/run/mailserver/nearly_full")).includes(`${BOB}\tmailbox_quota`);
    it.config["mailserver:domains"][0]!.mailboxes.bob = { ...it.config["mailserver:domains"][0]!.mailboxes.bob, quota: "1 GiB" };
    await it.up();
    assert.equal(await listed(), false);
    // Files that say in their names how large they are, as Dovecot's do; nobody looks again.
    const heap = (bytes: number): Promise<string> =>
      it.sh(
        "mx1",
        `cd ${HOME}/Maildir; rm -f maildirsize; setpriv --reuid vmail --regid vmail --clear-groups touch cur/1.M1P${bytes}.mx1,S=${bytes},W=${bytes}:2,S`,
      );
    await heap(Math.floor(0.9 * 2 ** 30) - 50_000);
    const crossing = newToken();
    assert.equal((await offer("mx1", BOB, crossing, 100)).code, 250);
    await folderOf(it, crossing);
    await until("bob to be listed", 30, listed);
    // The same Postfix process answers: nothing was reloaded.
    const roomy = newToken();
    assert.equal((await offer("mx1", BOB, roomy)).code, 250);
    await folderOf(it, roomy);
    await heap(2 ** 28);
    assert.match((await offer("mx1", BOB, newToken())).text, /^552 5\.2\.2 .*full/);
    await it.sh("mx1", `postmap -d ${BOB} lmdb:/run/mailserver/nearly_full; /srv/mailserver/active/lib/nearly-full`);
    assert.equal(await listed(), true, "found again by what is in it");
    await it.sh("mx1", `doveadm expunge -u ${BOB} mailbox INBOX all`);
    await until("bob to be listed no longer", 30, async () => !(await listed()));
    const again = newToken();
    assert.equal((await offer("mx1", BOB, again)).code, 250);
    await folderOf(it, again);
    delete it.config["mailserver:quota"];
  });
}
