import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { checkPasswordHashes } from "../../plan/password-hashes";
import { type Ended, mailserver } from "../cli/mailserver";
import { twoExchangers } from "../examples/two-exchangers";
import { domain, planOf } from "./plan-verdicts";

const passwd = (input: string | Buffer, ...args: string[]): Promise<Ended> => mailserver(["passwd", ...args], { input });

describe("mailserver passwd", () => {
  it("makes a hash that the plan takes and that crypt(3), which Dovecot uses, verifies", async () => {
    const { code, stdout, stderr } = await passwd("correct horse ü\n");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\{BLF-CRYPT\}\$2b\$10\$\S{53}\n$/);
    assert.deepEqual(checkPasswordHashes(planOf(twoExchangers), { "alice@example.test": stdout.trim() }), []);
    const hash = stdout.trim().slice("{BLF-CRYPT}".length);
    const again = execFileSync("perl", ["-e", "print crypt($ARGV[0], $ARGV[1])", "correct horse ü", hash], { encoding: "utf8" });
    assert.equal(again, hash);
    assert.notEqual((await passwd("correct horse ü\n")).stdout, stdout, "the salt is new each time");
  });

  it("makes an app password by itself, strong, shown once, and not where the hash goes", async () => {
    const { code, stdout, stderr } = await passwd("", "Alice@Example.test", "--app", "phone");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\{BLF-CRYPT\}\$2b\$04\$\S{53}\n$/);
    const [password = ""] = /\b[a-km-np-z2-9]{5}(?:-[a-km-np-z2-9]{5}){4}\b/.exec(stderr) ?? [];
    const hash = stdout.trim().slice("{BLF-CRYPT}".length);
    assert.equal(execFileSync("perl", ["-e", "print crypt($ARGV[0], $ARGV[1])", password, hash], { encoding: "utf8" }), hash);
    const apps = planOf(domain({ mailboxes: { alice: { appPasswords: { phone: {} } } } }));
    assert.deepEqual(checkPasswordHashes(apps, { "alice@example.test/phone": stdout.trim() }), []);
    assert.ok(!(await passwd("", "alice@example.test", "--app", "phone")).stderr.includes(password), "another one each time");
  });

  it("says how to store it under its name, and refuses a name that is none and one without a mailbox", async () => {
    const { screen } = await atTerminal([], "alice@example.test", "--app", "phone");
    assert.match(screen, /--path 'mailserver:passwordHashes\["alice@example\.test\/phone"\]'/);
    for (const [args, says] of [
      [["alice@example.test", "--app", "hunter2 hunter2"], /lower-case/],
      [["--app", "phone"], /give its address/],
    ] as const) {
      const refused = await passwd("", ...args);
      assert.equal(refused.code, 1);
      assert.equal(refused.stdout, "");
      assert.match(refused.stderr, says);
      assert.ok(!refused.stderr.includes("hunter2"));
    }
  });

  for (const [what, input, says] of [
    ["empty", "", /is empty/],
    ["empty but for a line end", "\n", /is empty/],
    ["short", "1234567", /fewer than 8/],
    ["of two lines", "correct horse\nbattery", /control character/],
    ["with a NUL in it", "correct\0horse", /control character/],
    ["of 73 bytes", "x".repeat(73), /longer than 72 bytes/],
    ["of 37 letters with accents", "é".repeat(37), /longer than 72 bytes/],
  ] as const) {
    it(`refuses a password that is ${what}`, async () => {
      const { code, stdout, stderr } = await passwd(input);
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, says);
      const secret = input.trim();
      if (secret.length > 0) assert.ok(!stderr.includes(secret));
    });
  }

  it("takes 8 characters, and 72 bytes", async () => {
    assert.equal((await passwd("12345678")).code, 0);
    assert.equal((await passwd("é".repeat(36))).code, 0);
  });

  it("takes no password as an argument, and does not show what it was given", async () => {
    const { code, stdout, stderr } = await passwd("correct horse", "hunter2hunter2");
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /not a mail address/);
    assert.ok(!stderr.includes("hunter2"));
  });

  it("asks twice at a terminal, shows nothing typed, and says how to store the hash", async () => {
    const { code, screen } = await atTerminal(["correct horsX\u007fe", "correct horse"], "Alice@Example.test");
    assert.equal(code, 0, screen);
    assert.ok(!screen.includes("orse"), screen);
    assert.match(screen, /\{BLF-CRYPT\}\$2b\$10\$/);
    assert.match(screen, /pulumi config set --secret --path 'mailserver:passwordHashes\["alice@example\.test"\]'/);
  });

  it("refuses two passwords that differ, and stops at Ctrl-C", async () => {
    const differing = await atTerminal(["correct horse", "correct house"]);
    assert.equal(differing.code, 1);
    assert.match(differing.screen, /differ/);
    const stopped = await atTerminal(["correct\u0003"]);
    assert.equal(stopped.code, 1);
    assert.match(stopped.screen, /broken off/);
  });
});

/** Runs the command at a pseudo-terminal (script(1)) and answers its prompts in turn. */
async function atTerminal(
  answers: readonly string[],
  ...args: string[]
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const line = [process.execPath, "--import", "tsx", "cli/mailserver.ts", "passwd", ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"]);
  const prompts = ["Password: ", "Again: "];
  const left = [...answers];
  let screen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
    const prompt = prompts[answers.length - left.length];
    if (prompt === undefined || left.length === 0 || !screen.includes(prompt)) return;
    child.stdin.write(`${left.shift()}\r`);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, screen };
}
