/** Mail that is filed on its way in: as spam, by scripts of one's own, by a script for everybody, by the extension of the address. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../lab/clients/imap";
import { putScript } from "../../lab/clients/managesieve";
import type { LabUnderTest } from "./lab-under-test";
import { folderOf, newToken, SENDER } from "./mail-flow";

const ALICE = "alice@example.test";
const BOB = "bob@example.test";
const CAROL = "carol@club.test";

export function sieve(it: LabUnderTest): void {
  const account = (user: string): Account => ({ host: it.address("mx1"), user, password: it.password(user) });
  const incoming = async (to: string, headers: readonly string[] = [], from = SENDER): Promise<string> => {
    const token = newToken();
    const { code, text } = await it.clients.send({ host: it.address("mx1"), port: 25 }, { from, to, token, headers });
    assert.equal(code, 250, text);
    return token;
  };

  test("ManageSieve wants TLS before the password, and takes no script that does not compile", async () => {
    const [plain = "", secure = "", login = "", broken = "", stored = ""] = await it.clients.manageSieve(account(ALICE), [
      putScript("broken", "fileinto;\r\n"),
      putScript("good", "keep;\r\n"),
    ]);
    assert.match(plain, /^"SASL" ""\r?$/m);
    assert.match(secure, /^"SASL" "PLAIN LOGIN"\r?$/m);
    assert.match(login, /^OK /);
    assert.match(broken, /^NO /);
    assert.match(broken, /line 1: error/);
    assert.match(stored, /^OK /);
    const [, , refused = ""] = await it.clients.manageSieve({ ...account(ALICE), password: "wrong" }, []);
    assert.match(refused, /^NO /);
  });

  test("a script of one's own files into a folder that it makes, and answers for who is away; it never sees spam", async () => {
    const script = `require ["fileinto", "mailbox", "vacation"];
if header :contains "X-Project" "x" { fileinto :create "Projects/x"; stop; }
vacation "On the island (${newToken()}).";
`;
    const answers = await it.clients.manageSieve(account(ALICE), [putScript("main", script), 'SETACTIVE "main"']);
    assert.ok(answers.slice(2).every((answer) => answer.startsWith("OK")));
    assert.equal(await folderOf(it, await incoming(ALICE, ["X-Project: x"])), "example.test/alice .Projects.x");
    const spam = await incoming(ALICE, ["X-Spam: Yes", "X-Project: x"], CAROL);
    assert.equal(await folderOf(it, spam), "example.test/alice .Junk");
    const asked = await incoming(ALICE, [], CAROL);
    assert.equal(await folderOf(it, `Auto: ${asked}`), "club.test/carol");
    assert.deepEqual(
      await it.sh("mx1", `grep -rl 'Subject: Auto: ${spam}' /srv/mailserver/mail /srv/mailserver/homes || :`),
      "",
      "spam gets no answer",
    );
    await it.clients.manageSieve(account(ALICE), ['SETACTIVE ""']);
  });

  test("a script that is broken where it lies loses no mail, and its owner can read why", async () => {
    const home = "/srv/mailserver/mail/example.test/bob";
    await it.sh(
      "mx1",
      `su -s /bin/sh vmail -c 'mkdir -p ${home}/sieve && echo "discard; no such thing" > ${home}/sieve/x.sieve && ln -sf sieve/x.sieve ${home}/.dovecot.sieve'`,
    );
    assert.equal(await folderOf(it, await incoming(BOB)), "example.test/bob");
    assert.match(await it.sh("mx1", `cat ${home}/.dovecot.sieve.log`), /error/);
    await it.sh("mx1", `rm -r ${home}/.dovecot.sieve ${home}/sieve`);
  });

  test("what is declared: a script for everybody, and folders for extensions of those who asked, where they exist; a reload at most", async () => {
    it.config["mailserver:sieve"] = 'require "fileinto";\nif header :is "X-Tag" "ham" { fileinto "Junk"; }';
    it.config["mailserver:domains"][0]!.mailboxes.bob = { plusFolders: true };
    const before = await it.sh("mx1", "systemctl show -P MainPID postfix.service dovecot.service");
    await it.up();
    assert.equal(await it.sh("mx1", "systemctl show -P MainPID postfix.service dovecot.service"), before);
    await it.sh("mx1", `for user in ${ALICE} ${BOB}; do doveadm mailbox create -u $user lists; done`);
    assert.equal(await folderOf(it, await incoming(ALICE, ["X-Tag: ham"])), "example.test/alice .Junk");
    const places = {
      "bob+lists@example.test": "example.test/bob .lists",
      "bob+nowhere@example.test": "example.test/bob",
      "bob+Sent@example.test": "example.test/bob",
      "alice+lists@example.test": "example.test/alice",
      "bob@example.test": "example.test/bob",
    };
    for (const [to, place] of Object.entries(places)) assert.equal(await folderOf(it, await incoming(to)), place, to);
    assert.equal(await it.sh("mx1", "find /srv/mailserver/mail -name '.nowhere'"), "");
  });

  test("one that does not compile changes nothing, and the message has its line", async () => {
    it.config["mailserver:sieve"] = 'keep;\nfileinto "Junk";\n';
    const { exitCode, output } = await it.tryUp();
    assert.notEqual(exitCode, 0);
    assert.match(output.replace(/\s+/g, " "), /nothing was changed: .*declared.* line 2: error/);
    assert.equal(await folderOf(it, await incoming(ALICE, ["X-Tag: ham"])), "example.test/alice .Junk");
    delete it.config["mailserver:sieve"];
  });
}
