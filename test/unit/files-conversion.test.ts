import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

const program = join(__dirname, "../../cloud-init/host/primary/lib/conversion");
const scratch = mkdtempSync(join(tmpdir(), "conversion-"));

/** A Maildir with these files beside its folders. */
function maildir(name: string, files: { readonly [path: string]: string }): string {
  const path = join(scratch, name);
  for (const folder of new Set(["", ...Object.keys(files).map((file) => /^(\.[^/]+)\//.exec(file)?.[1] ?? "")]))
    for (const part of ["cur", "new", "tmp"]) mkdirSync(join(path, folder, part), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

function convert(to: "dovecot" | "courier", ...maildirs: string[]): void {
  const { status, stderr } = spawnSync("python3", [program, to], { input: maildirs.map((path) => `${path}\n`).join(""), encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
}

const read = (path: string, file: string): string => readFileSync(join(path, file), "utf8");
const messages = (path: string): string[] =>
  ["cur", "new"].flatMap((part) => readdirSync(join(path, part)).map((name) => `${part}/${name}`)).sort();

describe("conversion of Maildirs", () => {
  after(() => rmSync(scratch, { recursive: true }));

  it("from Dovecot to Courier keeps UIDs, UIDLs, keywords, names and subscriptions", () => {
    const path = maildir("alice", {
      // The number at its head is older than its last line.
      "dovecot-uidlist": "3 V1700000000 N2 G0123\n1 :one,S=4\n7 W5 PUID3-1600000000 :two,S=4\n",
      "dovecot-keywords": "0 $Forwarded\n1 Kunde\n",
      "cur/one,S=4:2,Sab": "a\nb\n",
      "new/two,S=4:2,F": "a\nb\n",
      "new/three,S=4": "a\nb\n",
      ".Entw&APw-rfe.A &- B/dovecot-uidlist": "3 V1700000001 N1\n",
      subscriptions: "V\t2\n\nEntw&APw-rfe\tA &- B\nINBOX\n",
      maildirfolder: "",
      maildirsize: "1000S\n",
    });
    convert("courier", path);
    assert.equal(read(path, "courierimapuiddb"), "1 1700000000 8\n1 one,S=4\n7 two,S=4\n");
    assert.equal(read(path, "courierpop3dsizelist"), "/3 8 1700000000\none,S=4:2,Sab 6 1:1700000000:0\ntwo,S=4:2,F 6 3:1600000000:0\n");
    assert.equal(read(path, "courierimapkeywords/:list"), "$Forwarded\nKunde\n\none,S=4:0 1\n");
    assert.deepEqual(messages(path), ["cur/one,S=4:2,Sab", "cur/two,S=4:2,F", "new/three,S=4"]);
    assert.equal(read(path, ".Entwürfe.A & B/courierimapuiddb"), "1 1700000001 1\n");
    assert.equal(read(path, "courierimapsubscribed"), "INBOX.Entwürfe.A & B\nINBOX\n");
    assert.ok(!readdirSync(path).some((name) => ["maildirfolder", "maildirsize"].includes(name)));
  });

  it("and back leads to what was, also when it is done twice, as after a power cut", () => {
    const path = join(scratch, "alice");
    for (let time = 0; time < 2; time += 1) {
      convert("dovecot", path);
      assert.equal(read(path, "dovecot-uidlist"), "3 V1700000000 N8 G0123\n1 :one,S=4\n7 PUID3-1600000000 :two,S=4\n");
      assert.deepEqual(messages(path), ["cur/one,S=4:2,Sab", "cur/two,S=4:2,F", "new/three,S=4"]);
      assert.equal(read(path, "subscriptions"), "V\t2\n\nEntw&APw-rfe\tA &- B\nINBOX\n");
      assert.equal(read(path, ".Entw&APw-rfe.A &- B/dovecot-uidlist"), "3 V1700000001 N1\n");
    }
    for (let time = 0; time < 2; time += 1) convert("courier", path);
    assert.equal(read(path, ".Entwürfe.A & B/courierimapuiddb"), "1 1700000001 1\n");
    assert.equal(read(path, "courierimapkeywords/:list"), "$Forwarded\nKunde\n\none,S=4:0 1\n");
  });

  it("from Courier takes keywords from wherever they are newest, and gives no UIDL twice", () => {
    const path = maildir("bob", {
      courierimapuiddb: "1 1700000000 4\n1 one\n2 two\n3 three\n",
      // POP3 has counted otherwise: two would have the UIDL that was shown for one.
      courierpop3dsizelist: "/3 9 1700000000\none:2, 4 2:1700000000:0\n",
      "courierimapkeywords/:list": "Old\nX\n\none:0\ntwo:0\n",
      "courierimapkeywords/.5.one": "Old\nX\n",
      "courierimapkeywords/.6.one": "X\n",
      "courierimapkeywords/two": "",
      "cur/one:2,S": "",
      "cur/two:2,": "",
      "new/three": "",
      "dovecot.index.log": "",
      "fts-flatcurve/current": "",
    });
    convert("dovecot", path);
    assert.equal(read(path, "dovecot-uidlist"), "3 V1700000000 N9\n1 PUID2-1700000000 :one\n2 P2-two :two\n3 :three\n");
    assert.equal(read(path, "dovecot-keywords"), "0 X\n");
    assert.deepEqual(messages(path), ["cur/one:2,Sa", "cur/two:2,", "new/three"]);
    assert.ok(!readdirSync(path).some((name) => /index|fts/.test(name)));
  });
});
