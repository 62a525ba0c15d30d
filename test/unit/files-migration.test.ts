import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";

/** What `own_folders` and `names_here` say of an account: each folder there, and its name in a Maildir here. */
function folders(account: {
  readonly list: readonly (string | readonly [string, string])[];
  readonly namespace?: string;
  readonly here?: readonly [string, string];
}): { [there: string]: string } {
  const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path[:0] = sys.argv[2:]
from folders import names_here, own_folders, readable
account = json.loads(sys.argv[1])
class Account:
    capabilities = ("IMAP4REV1",) + (("NAMESPACE",) if "namespace" in account else ())
    def namespace(self):
        return "OK", [account["namespace"].encode()]
    def list(self, reference, pattern):
        return "OK", [tuple(part.encode() for part in line) if isinstance(line, list) else line.encode() for line in account["list"]]
prefix, found = own_folders(Account())
names = names_here(found, prefix, (*account.get("here", ["", "/"]), []))
print(json.dumps({readable(folder.name) + (" (virtual)" if folder.is_virtual else ""): readable(names[folder.name]) for folder in found}))
`;
  const lib = ["primary", "both"].map((folder) => join(__dirname, "../../cloud-init/host", folder, "lib"));
  const { stdout, stderr } = spawnSync("python3", ["-c", program, JSON.stringify(account), ...lib], { encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as { [there: string]: string };
}

describe("folders of an account elsewhere", () => {
  it("go by their use where it has another name, with what is below them; those that hold no mail are left", () => {
    const list = [
      '(\\HasChildren \\Noselect) "/" "[Gmail]"',
      '(\\HasNoChildren \\All) "/" "[Gmail]/All Mail"',
      '(\\HasNoChildren \\Sent) "/" "[Gmail]/Sent Mail"',
      '(\\HasNoChildren) "/" "[Gmail]/Sent Mail/2023"',
      '(\\HasNoChildren \\Junk) "/" "[Gmail]/Spam"',
      '(\\HasNoChildren) "/" INBOX',
      '(\\HasNoChildren) "/" "Entw&APw-rfe"',
    ];
    assert.deepEqual(folders({ list }), {
      INBOX: "INBOX",
      Entwürfe: "Entwürfe",
      "[Gmail]/All Mail (virtual)": "[Gmail]/All Mail",
      "[Gmail]/Sent Mail": "Sent",
      "[Gmail]/Sent Mail/2023": "Sent/2023",
      "[Gmail]/Spam": "Junk",
    });
  });

  it("lose a prefix that stands before all of them, and get the one that is here; other people's are not copied", () => {
    const account = {
      list: ['() "." INBOX', '() "." INBOX.Archive.2023', '() "." "INBOX.a/b"', '() "." user.ben', '() "." shared'],
      namespace: '(("INBOX." ".")) (("user." ".")) (("shared" "."))',
    };
    assert.deepEqual(folders(account), { INBOX: "INBOX", "INBOX.Archive.2023": "Archive/2023", "INBOX.a/b": "a_b" });
    assert.equal(folders({ ...account, here: ["INBOX.", "."] })["INBOX.Archive.2023"], "INBOX.Archive.2023");
  });

  it("have names of every form, and none that a Maildir would read otherwise", () => {
    const list = ['() "/" "Dr. \\"No\\""', ["() NIL {7}", "a b/c&-"] as const, '() "/" "Q&A"'];
    assert.deepEqual(folders({ list }), { "Q&A": "Q&A", 'Dr. "No"': 'Dr_ "No"', "a b/c&": "a b_c&" });
  });
});
