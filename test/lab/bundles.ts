/** What comes through the door: garbage, half a bundle, a bad one, one that is cut off; and a mailbox more. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hostNamed } from "../../lab/command/hosts-of";
import { type Ran, runOn } from "../../lab/hosts/run-on";
import { ACTIVE_BUNDLE } from "./active-bundle";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

interface Text {
  files: { path: string; content: string }[];
}

export function bundles(it: LabUnderTest): void {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const apply = (key: string, sum: string, text: string): Promise<Ran> =>
    runOn(it.lab, hostNamed(it.lab, key), ["/usr/local/sbin/mailserver", "apply", sum], text);
  const active = (key: string): Promise<string> => it.sh(key, "readlink /srv/mailserver/active; cat /run/mailserver/serving");
  const changed = (whole: string, path: string, change: (content: string) => string): string => {
    const bundle = JSON.parse(whole) as Text;
    const file = bundle.files.find((each) => each.path === path);
    assert.ok(file !== undefined, path);
    file.content = change(file.content);
    return JSON.stringify(bundle);
  };
  const serves = async (key: string): Promise<void> => {
    await arrives(it, key, "alice@example.test");
    const unknown = await it.clients.send(
      { host: it.address(key), port: 25 },
      { from: "anna@outside.test", to: "nobody@example.test", token: "unknown" },
    );
    assert.equal(unknown.code, 550, unknown.text);
  };

  for (const key of ["mx1", "mx2"]) {
    test(`${key}: garbage, half a bundle and bundles that do not work leave it serving what it had`, async () => {
      const before = await active(key);
      const whole = await it.sh(key, "python3 -", ACTIVE_BUNDLE);
      const half = whole.slice(0, whole.length / 2);
      const garbage = "\u0000 no bundle \n{";
      const recipients = key === "mx1" ? "etc/postfix/mailboxes" : "etc/postfix/relay_recipients";
      const refused: [string, string, string, RegExp][] = [
        ["garbage", sha256(whole), garbage, /did not arrive whole/],
        ["nothing", sha256(whole), "", /did not arrive whole/],
        ["half", sha256(whole), half, /did not arrive whole/],
        ["garbage with its own sum", sha256(garbage), garbage, /cannot be unpacked/],
        ["half with its own sum", sha256(half), half, /cannot be unpacked/],
      ];
      const bad: [string, string, RegExp][] = [
        [
          "a service that Postfix cannot read",
          changed(whole, "etc/postfix/master.cf", (text) => `${text}smtp inet\n`),
          /nothing was changed/,
        ],
        ["a map that Postfix cannot read", changed(whole, recipients, (text) => `${text}nokey\n`), /nothing was changed/],
        // Found only when it runs: every recipient refused. Nobody outside may have seen it for long; it goes back.
        [
          "recipients that are refused",
          changed(whole, "etc/postfix/main.cf", (text) =>
            text.replace(/^smtpd_recipient_restrictions = .*$/m, "smtpd_recipient_restrictions = defer"),
          ),
          /rolledBackTo/,
        ],
      ];
      for (const [what, sum, text, why] of [...refused, ...bad.map(([what, text, why]) => [what, sha256(text), text, why] as const)]) {
        const { exitCode, stdout } = await apply(key, sum, text);
        assert.equal(exitCode, 1, what);
        assert.match(stdout.trim().split("\n").at(-1) ?? "", why, what);
        assert.equal(await active(key), before, what);
      }
      await serves(key);
      assert.equal((await it.on(key, "/srv/mailserver/active/lib/probe")).exitCode, 0);
    });
  }

  test("then there is nothing to do", async () => {
    assert.deepEqual(await it.preview(), []);
  });

  test("a mailbox more is one update an exchanger", async () => {
    it.config["mailserver:domains"][0]!.mailboxes.dora = {};
    assert.deepEqual(await it.preview(), ["update mail-mx1-apply", "update mail-mx2-apply"]);
  });

  test("an apply that is killed half way fails `up` and leaves the host serving; the next `up` repairs it, and the mailbox is there", async () => {
    // Whichever part of it is seen first.
    const killed = it.sh("mx1", "until pkill -KILL -f 'lib/apply$'; do sleep 0.01; done");
    const { exitCode, output } = await it.tryUp();
    await killed;
    assert.notEqual(exitCode, 0);
    assert.match(output, /mail-mx1-apply/);
    await serves("mx1");
    await it.up();
    assert.deepEqual(await it.preview(), []);
    for (const key of ["mx1", "mx2"]) await arrives(it, key, "dora@example.test");
    const account = { host: it.address("mx1"), user: "dora@example.test", password: it.password("dora@example.test") };
    assert.equal((await it.clients.inboxByImap(account)).length, 2);
    assert.equal((await it.clients.inboxByPop3(account)).length, 2);
  });
}
