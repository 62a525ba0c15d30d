/** An account elsewhere is copied into a mailbox: `mailserver migrate`. Elsewhere is another account of the same server, which is a server like any other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LabUnderTest } from "./lab-under-test";
import { newToken } from "./mail-flow";

const THERE = "carol@club.test";
const HERE = "bob@example.test";
const MESSAGES = 200;
/** Of a message: a digest of its text, its flags, its date. By folder. */
type Mail = { readonly [folder: string]: string[][] };

/** The certificate by which the host proves itself, trusted: where it was made, nobody else can say whose it is. */
const TRUST = "SSL_CERT_FILE=/srv/mailserver/identity/tls.pem";

/** One run of the command on the primary, by the operator; `words` after the mailbox. */
export async function migrate(
  it: LabUnderTest,
  {
    to,
    words,
    password,
    trust = TRUST,
  }: { readonly to: string; readonly words: string; readonly password: string; readonly trust?: string },
): Promise<{ readonly status: number; readonly said: string }> {
  const said = await it.sh(
    "mx1",
    `runuser -u mailops -- sudo ${trust} mailserver migrate ${to} ${words} 2>&1 || echo "status $?"`,
    `${password}\n`,
  );
  return { status: Number(/status (\d+)$/.exec(said)?.[1] ?? 0), said };
}

export function migration(it: LabUnderTest): void {
  const account = (...words: string[]): Promise<string> =>
    it.sh("mx1", `python3 - ${words.join(" ")}`, readFileSync(join(__dirname, "migration.py"), "utf8"));
  const look = async (address: string): Promise<{ mail: Mail; subscribed: string[] }> =>
    JSON.parse(await account("dump", address)) as never;
  const mailOf = async (address: string): Promise<Mail> => (await look(address)).mail;
  const run = (host: string, words = "", password = it.password(THERE), to = HERE): ReturnType<typeof migrate> =>
    migrate(it, { to, words: `--host ${host} --user ${THERE} ${words}`, password });
  /** The last line says why. */
  const refused = async (reason: RegExp, ...attempt: Parameters<typeof run>): Promise<void> => {
    const { status, said } = await run(...attempt);
    assert.equal(status, 1, said);
    assert.match(said.split("\n").at(-2) ?? "", reason);
    assert.doesNotMatch(said, /Traceback/);
  };
  /** What is in one and not in the other. */
  const missing = (from: Mail, into: Mail): string[] =>
    Object.entries(from).flatMap(([folder, messages]) => {
      const left = (into[folder] ?? []).map((each) => each.join());
      return messages.flatMap((each) => {
        const at = left.indexOf(each.join());
        if (at !== -1) left.splice(at, 1);
        return at === -1 ? [`${folder}: ${each.join()}`] : [];
      });
    });
  const size = (mail: Mail): number => Object.values(mail).flat().length;
  let before: { readonly there: Mail; readonly here: Mail };

  test("migration: what cannot be is said in a sentence, and the password goes only where it is safe", async () => {
    const unknown = await migrate(it, { to: HERE, words: "--host mx1.example.test", password: "x", trust: "" });
    assert.equal(unknown.status, 1);
    assert.match(
      unknown.said,
      /^mx1\.example\.test cannot prove that it is mx1\.example\.test: self-signed certificate; the password was not sent$/m,
    );
    await refused(/^localhost cannot prove that it is localhost: .*; the password was not sent$/, "localhost");
    await refused(/^nowhere\.invalid is not found: /, "nowhere.invalid");
    await refused(/^mx1\.example\.test does not answer on port 4711: /, "mx1.example.test", "--port 4711");
    await refused(/^mx1\.example\.test speaks no TLS on port 143: /, "mx1.example.test", "--port 143");
    await refused(/^mx1\.example\.test refuses carol@club\.test with this password: /, "mx1.example.test", "", "wrong");
    await refused(/^there is no password on standard input$/, "mx1.example.test", "", "");
    await refused(
      /^nobody@example\.test is no mailbox of this host; declare it first$/,
      "mx1.example.test",
      "",
      "x",
      "nobody@example.test",
    );
    assert.equal((await run("mx1.example.test", "--prot 1")).status, 2);
  });

  test("migration: killed in the middle it goes on, and all is there once, as it was, and nothing is changed at the source", async () => {
    await account("fill", THERE, String(MESSAGES));
    await account("mark", HERE, newToken());
    before = { there: await mailOf(THERE), here: await mailOf(HERE) };
    const arrived = await it.sh(
      "mx1",
      `exec 3<&0
      ${TRUST} mailserver migrate ${HERE} --host mx1.example.test --user ${THERE} <&3 >/dev/null 2>&1 & pid=$!
      inbox() { find /srv/mailserver/mail/example.test/bob/Maildir/new /srv/mailserver/mail/example.test/bob/Maildir/cur -type f | wc -l; }
      from=$(inbox)
      until [ $(inbox) -ge $((from + 20)) ]; do kill -0 $pid; sleep 0.02; done
      kill -KILL $pid
      ! wait $pid
      echo $(($(inbox) - from))`,
      `${it.password(THERE)}\n`,
    );
    assert.ok(Number(arrived) < MESSAGES, `${arrived} before it was killed`);

    const { status, said } = await run("mx1.example.test");
    assert.equal(status, 0, said);
    assert.match(said, new RegExp(`^INBOX: \\d+ messages, \\d+ to copy$[^]*^(?:INBOX\\.)?Grüße: 3 messages, 3 to copy$`, "m"));
    assert.deepEqual(await mailOf(THERE), before.there);
    const here = await mailOf(HERE);
    assert.deepEqual(missing(before.there, here), []);
    assert.deepEqual(missing(before.here, here), []);
    assert.equal(size(here), size(before.there) + size(before.here), "each once");
    assert.ok((await look(HERE)).subscribed.includes("Lists/Garden"));
  });

  test("migration: another run copies what is new there, and leaves alone what came, went and was recorded too late here", async () => {
    // As a run leaves it that was killed between a copy and its record.
    await it.sh(
      "mx1",
      `python3 -c "
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
with database:
    uid, = database.execute('select max(uid) from message where folder = \\"INBOX\\"').fetchone()
    database.execute('delete from message where folder = \\"INBOX\\" and uid = ?', (uid,))
    database.execute('update folder set tail = tail - 1 where name = \\"INBOX\\"')
" /srv/mailserver/migrations/${HERE}/${THERE}@mx1.example.test`,
    );
    await account("empty", HERE, "Lists/Garden");
    await account("mark", HERE, newToken());
    await account("mark", THERE, "later");
    const { status, said } = await run("mx1.example.test", "--starttls");
    assert.equal(status, 0, said);
    assert.match(said, /^1 messages copied, \d+ were here from earlier runs$/m);
    const here = await mailOf(HERE);
    assert.equal(size(here), size(before.there) + size(before.here) + 2 - 3);
    assert.deepEqual(missing({ INBOX: (await mailOf(THERE)).INBOX ?? [] }, here), []);
    assert.deepEqual(here["Lists/Garden"], []);
  });

  test("migration: the password is in no file, no log and no list of processes", async () => {
    const password = it.password(THERE);
    const found = await it.sh(
      "mx1",
      `exec 3<&0; read -r password <&3
      grep -rlaF -- "$password" /srv/mailserver /run /tmp /var/log /proc/[0-9]*/cmdline 2>/dev/null || :
      journalctl -q --no-pager | grep -cF -- "$password" || :`,
      `${password}\n`,
    );
    assert.equal(found.trim(), "0");
    await it.sh("mx1", "rm -r /srv/mailserver/migrations");
  });
}
