/** What mail programs use of IMAP beside reading: news while they wait, moving, changes since, searching, sorting; and mail that is compressed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabUnderTest } from "./lab-under-test";
import { newToken } from "./mail-flow";

const BOB = "bob@example.test";
const MAILDIR = "/srv/mailserver/mail/example.test/bob/Maildir";

export function reading(it: LabUnderTest): void {
  test("IDLE tells of a mail at once, SEARCH finds its words by an index, CONDSTORE what changed, MOVE moves", async () => {
    // Something that the search must not find and the change must not touch; compressed, as `compression` would have it.
    await it.sh("mx1", `printf 'Subject: other\\n\\n%s\\n' "$(seq 500)" | doveadm -o mail_compress_write_method=zstd save -u ${BOB}`);
    const token = newToken();
    const used = await it.clients.useImapExtensions(
      { host: it.address("mx1"), user: BOB, password: it.password(BOB) },
      token,
      `word${token}`,
    );
    for (const name of ["IDLE", "MOVE", "CONDSTORE", "QRESYNC", "SORT", "ESEARCH", "SPECIAL-USE", "UIDPLUS"])
      assert.ok(used.capabilities.includes(name), name);
    assert.ok(used.announced.includes(token) && used.announced.includes("other"));
    assert.deepEqual(used.found, [token]);
    assert.deepEqual(used.moved, [token]);
    const [changed, all] = used.changed;
    assert.equal(changed, 1);
    assert.ok(all > 1);
    assert.match(await it.sh("mx1", `ls ${MAILDIR}/fts-flatcurve`), /current/);
  });

  test("SORT orders; what is compressed on the disk is read as it was, and takes less room", async () => {
    const sorted = await it.sh(
      "outside",
      `python3 - ${it.address("mx1")} ${BOB}`,
      `import imaplib, ssl, sys
context = ssl._create_unverified_context()
with imaplib.IMAP4_SSL(sys.argv[1], ssl_context=context) as imap:
    imap.login(sys.argv[2], ${JSON.stringify(it.password(BOB))})
    for subject in ("cherry", "apple", "banana"):
        imap.append("Sent", None, None, f"Subject: {subject}\\r\\n\\r\\nx\\r\\n".encode())
    imap.select("Sent")
    order = imap.sort("SUBJECT", "UTF-8", "ALL")[1][0].split()
    print([imap.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode().split()[1] for number in order])
    imap.select("INBOX")
    number = imap.search(None, "SUBJECT", "other")[1][0].split()[-1]
    print(imap.fetch(number, "(BODY.PEEK[TEXT])")[1][0][1].decode().split()[-1])
`,
    );
    assert.match(sorted, /^\['apple', 'banana', 'cherry'\]\n500$/m);
    const sizes = await it.sh(
      "mx1",
      `cd ${MAILDIR} && for file in $(find cur new -type f); do head -c 4 $file | od -An -tx1 | grep -q '28 b5 2f fd' && echo \${file#*,S=} $(stat -c %s $file) || :; done`,
    );
    const [, declared = "0", stored = "0"] = /^(\d+)\S* (\d+)$/m.exec(sizes) ?? [];
    assert.ok(Number(stored) > 0 && Number(stored) < Number(declared) / 2, sizes);
  });
}
