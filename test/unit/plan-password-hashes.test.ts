import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkPasswordHashes } from "../../plan/password-hashes";
import { twoExchangers } from "../examples/two-exchangers";
import { domain, planOf } from "./plan-verdicts";

const plan = planOf(twoExchangers);
const bcrypt = `{BLF-CRYPT}$2y$10$${"a".repeat(53)}`;
const sha512 = `{SHA512-CRYPT}$6$rounds=5000$salt$${"a".repeat(86)}`;
const argon2 = "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b/dWRWJTmaaJObG";

function refused(hashes: unknown, path: string, says: string): void {
  const problems = checkPasswordHashes(plan, hashes);
  assert.deepEqual(
    problems.map((problem) => problem.path),
    [path],
    JSON.stringify(problems),
  );
  assert.ok(problems[0]?.message.includes(says), problems[0]?.message);
}

describe("password hashes", () => {
  it("are taken in the forms that Dovecot takes, for mailboxes and system users", () => {
    assert.deepEqual(
      checkPasswordHashes(plan, {
        "alice@example.test": bcrypt,
        "bob@example.test": bcrypt.replace("$2y$", "$2b$"),
        "carol@club.test": argon2,
        "master@example.test": sha512,
      }),
      [],
    );
    assert.deepEqual(checkPasswordHashes(plan, undefined), []);
    assert.deepEqual(checkPasswordHashes(plan, {}), []);
  });

  it("of Argon2id are refused for Courier, and the others taken", () => {
    const courier = planOf({ ...twoExchangers, mailboxServer: "courier" });
    const found = checkPasswordHashes(courier, { "alice@example.test": bcrypt, "carol@club.test": argon2, "master@example.test": sha512 });
    assert.deepEqual(
      found.map(({ path }) => path),
      ['passwordHashes["carol@club.test"]'],
    );
    assert.match(found[0]?.message ?? "", /Courier.*`mailserver passwd`/);
    assert.ok(!found[0]?.message.includes(argon2));
  });

  it("are refused in any other form, and never shown", () => {
    for (const secret of [
      "hunter2hunter2",
      "{PLAIN}hunter2hunter2",
      "",
      bcrypt.slice("{BLF-CRYPT}".length),
      bcrypt.slice(0, -1),
      `${bcrypt}a`,
      `${bcrypt}\n`,
      `${bcrypt} `,
      `${bcrypt}:0:0`,
      bcrypt.replace("BLF-CRYPT", "ARGON2ID"),
      `${argon2}\nroot::0:0`,
      sha512.replace("salt", "sa:t"),
    ]) {
      refused({ "alice@example.test": secret }, 'passwordHashes["alice@example.test"]', "mailserver passwd");
      if (secret !== "") assert.ok(!JSON.stringify(checkPasswordHashes(plan, { "alice@example.test": secret })).includes(secret.trim()));
    }
    for (const value of [null, 1, [bcrypt], { hash: bcrypt }])
      refused({ "alice@example.test": value }, 'passwordHashes["alice@example.test"]', "not a hash");
  });

  it("belong to declared accounts, each in its one spelling", () => {
    refused({ "alise@example.test": bcrypt }, 'passwordHashes["alise@example.test"]', 'did you mean "alice@example.test"?');
    refused({ "stranger@other.test": bcrypt }, 'passwordHashes["stranger@other.test"]', "declare the mailbox");
    refused({ "sales@example.test": bcrypt }, 'passwordHashes["sales@example.test"]', "is an alias");
    refused({ "Alice@Example.test": bcrypt }, 'passwordHashes["Alice@Example.test"]', "write alice@example.test");
  });

  it("are taken under the name of an app password", () => {
    const apps = planOf(domain({ mailboxes: { alice: { appPasswords: { phone: {} } } } }));
    assert.deepEqual(checkPasswordHashes(apps, { "alice@example.test": bcrypt, "alice@example.test/phone": bcrypt }), []);
    refused({ "alice@example.test/phone": bcrypt }, 'passwordHashes["alice@example.test/phone"]', "declare it");
    refused({ "alice@example.test/phone/x": bcrypt }, "passwordHashes", "not a mail address");
  });

  it("do not show a key that may be a password", () => {
    refused({ hunter2hunter2: "alice@example.test" }, "passwordHashes", "not a mail address");
    assert.ok(!JSON.stringify(checkPasswordHashes(plan, { hunter2hunter2: bcrypt })).includes("hunter2"));
  });

  it("are a map", () => {
    for (const value of [null, "x", 1, []]) refused(value, "passwordHashes", "Expected a map");
  });
});
