/** From one mailbox server to the other and back: what mail programs know their mail by stays, and no mail is lost meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../lab/clients/imap";
import type { FolderSeen } from "../../lab/clients/mailbox-as-seen";
import type { LabUnderTest } from "./lab-under-test";
import { emptyQueues, inMaildirs, newToken, offer } from "./mail-flow";

const ALICE = "alice@example.test";
const MASTER = "master@example.test";

interface Seen {
  readonly folders: readonly FolderSeen[];
  readonly uidls: readonly string[];
}

export function switching(it: LabUnderTest): void {
  const account = (user: string): Account => ({ host: it.address("mx1"), user, password: it.password(user) });
  const see = async (user: string): Promise<Seen> => ({
    folders: await it.clients.mailboxAsSeen(account(user)),
    uidls: await it.clients.uidlsByPop3(account(user)),
  });
  const fill = async (user: string, folder: readonly string[], flags: readonly string[], subject: string): Promise<void> =>
    it.clients.putByImap(account(user), folder, flags, `Subject: ${subject}\r\n\r\n${subject}\r\n`);

  /** `up` while mail comes in; all that was taken is there once in the end. */
  const upUnderMail = async (ends: 0 | 1): Promise<string> => {
    const taken: string[] = [];
    let over = false;
    const senders = (async () => {
      while (!over) {
        const token = newToken();
        if ((await offer(it, it.address(taken.length % 3 === 2 ? "mx2" : "mx1"), "bob@example.test", token))?.code === 250)
          taken.push(token);
      }
    })();
    const { exitCode, output } = await it.tryUp();
    over = true;
    await senders;
    assert.equal(exitCode === 0, ends === 0, output);
    await it.sh("mx1", "postqueue -f");
    // In this order: what leaves the backup is on the primary then.
    await emptyQueues(it, "mx2", "mx1");
    const there = await inMaildirs(it, "mx1");
    assert.ok(taken.length > 3, "mail came in meanwhile");
    assert.deepEqual(
      taken.map((token) => [token, there.get(token) ?? 0]).filter(([, count]) => count !== 1),
      [],
    );
    return output;
  };
  /** Folders that the one makes for everybody and the other does not are nothing that somebody has put there. */
  const own = ({ folders, uidls }: Seen): Seen => ({
    folders: folders.filter(({ path, messages }) => messages.length > 0 || !["Drafts", "Sent", "Trash", "Junk"].includes(path)),
    uidls,
  });

  test("what is in the mailboxes before", async () => {
    for (const user of [ALICE, MASTER]) {
      await fill(user, [], ["\\Seen", "$Forwarded", "Kunde"], "flagged in the inbox");
      await fill(user, [], ["\\Answered", "\\Flagged"], "answered");
      await fill(user, ["Entwürfe & Ideen"], ["Kunde"], "a name with other letters");
      await fill(user, ["Work", "Projekt"], [], "below another");
    }
    const { folders, uidls } = await see(ALICE);
    assert.ok(folders.some(({ path }) => path === "Entwürfe & Ideen") && uidls.length >= 2);
  });

  test("a switch that fails leads back, and everything is as it was", async () => {
    const before = await see(ALICE);
    it.config["mailserver:mailboxServer"] = "dovecot";
    // Looked at by Dovecot's compiler, which is there once the packages have changed places.
    it.config["mailserver:sieve"] = "no such command;";
    const output = await upUnderMail(1).finally(() => delete it.config["mailserver:sieve"]);
    assert.match(output, /going back: .*sievec/s);
    assert.deepEqual(await see(ALICE), before);
    assert.equal((await it.sh("mx1", "systemctl is-active courier-imap-ssl.service")).trim(), "active");
  });

  for (const server of ["dovecot", "courier"]) {
    test(`to ${server}: folders, subscriptions, UIDs, flags, keywords, dates and UIDLs are the same`, async () => {
      const before = new Map([
        [ALICE, own(await see(ALICE))],
        [MASTER, own(await see(MASTER))],
      ]);
      it.config["mailserver:mailboxServer"] = server;
      await upUnderMail(0);
      for (const [user, seen] of before) assert.deepEqual(own(await see(user)), seen, user);
      assert.equal(await it.sh("mx1", "systemctl list-units --failed --plain --no-legend"), "");
    });

    test(`with ${server} more comes, and is new`, async () => {
      for (const user of [ALICE, MASTER]) {
        const { uidls } = await see(user);
        await fill(user, [], ["\\Flagged", `By${server}`], `put in with ${server}`);
        await fill(user, [`Made by ${server}`], [], "in a new folder");
        const now = (await see(user)).uidls;
        assert.deepEqual(
          now.filter((line) => !line.endsWith(` put in with ${server}`)),
          uidls,
        );
        assert.equal(new Set(now.map((line) => line.split(" ")[0])).size, uidls.length + 1, now.join());
      }
      if (server === "dovecot")
        await it.sh(
          "mx1",
          `printf 'Subject: compressed\\n\\n%s\\n' "$(seq 500)" | doveadm -o mail_compress_write_method=zstd save -u ${ALICE}`,
        );
      else
        assert.match(await it.sh("mx1", "grep -rh -A600 '^Subject: compressed' /srv/mailserver/mail/example.test/alice/Maildir"), /\n500$/);
    });
  }
}
