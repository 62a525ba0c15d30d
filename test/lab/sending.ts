/** Who may send as whom, inside the message too; how much, how large; and what leaves with it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setPort25 } from "../../lab/cloud/behind-the-program";
import type { Answer, Mail } from "../../lab/clients/smtp";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { lands, newToken } from "./mail-flow";

const ALICE = "alice@example.test";
const BOB = "bob@example.test";
const CAROL = "carol@club.test";
const BEN = "ben@outside.test";
const LIMIT = 3;

const SECURITY = { 465: "tls", 587: "starttls" } as const;
const PORTS = [465, 587] as const;

export function sending(it: LabUnderTest): void {
  const submit = (port: 465 | 587, user: string, mail: Partial<Mail>): Promise<Answer> =>
    it.clients.send(
      { host: it.address("mx1"), port, security: SECURITY[port], login: { user, password: it.password(user) } },
      { from: user, to: CAROL, token: newToken(), ...mail },
    );
  /** The answers to these commands of somebody who has logged in. */
  const loggedIn = async (user: string, commands: readonly string[]): Promise<string[]> => {
    const login = Buffer.from(`\0${user}\0${it.password(user)}`).toString("base64");
    const hello = ["EHLO client.outside.test", "STARTTLS", "EHLO client.outside.test", `AUTH PLAIN ${login}`];
    const answers = await it.clients.dialogue({ host: it.address("mx1"), port: 587 }, [...hello, ...commands]);
    assert.match(answers[hello.length] ?? "", /^235 /);
    return answers.slice(hello.length + 1);
  };
  const content = (token: string, ...headers: string[]): string => [...headers, `Subject: ${token}`, "", "text", "."].join("\r\n");
  /** As far as the counts know. */
  const anHourPasses = (): Promise<string> =>
    it.sh(
      "mx1",
      `python3 -c 'import sqlite3; c = sqlite3.connect("/var/lib/private/mailserver-sending/sent.sqlite3"); c.execute("UPDATE sent SET at = at - 3600"); c.commit()'`,
    );
  const processes = (): Promise<string> =>
    it.sh("mx1", "systemctl show -P MainPID mailserver-sending.service postfix.service dovecot.service");

  test("a domain granted, limits and another size are a reload", async () => {
    const [example] = it.config["mailserver:domains"];
    example!.mailboxes.bob = { sendsAs: ["club.test"], sendingLimits: { messagesPerHour: LIMIT, recipientsPerMessage: 2 } };
    it.config["mailserver:messageSizeLimit"] = "20 MiB";
    const before = await processes();
    await it.up();
    assert.equal(await processes(), before);
    await anHourPasses();
  });

  test("the From line is held to the same owners as the envelope, on both ports; an alias and a granted domain are one's own", async () => {
    for (const port of PORTS) {
      for (const [from, author] of [
        [ALICE, BOB],
        [ALICE, "anna@outside.test"],
        ["sales@example.test", CAROL],
      ] as const)
        assert.match(
          (await submit(port, ALICE, { from, author })).text,
          /^550 5\.7\.1 .*From: (bob|anna|carol)@\S+ is no address of alice@example\.test; .*sendsAs/,
          `${author} on ${port}`,
        );
      const token = newToken();
      assert.equal((await submit(port, ALICE, { from: ALICE, author: "sales+summer@example.test", token })).code, 250);
      await lands(it, token);
    }
    assert.equal((await submit(465, BOB, { from: "anybody@club.test", author: "anybody@club.test" })).code, 250);
    assert.equal((await submit(465, BOB, { author: CAROL })).code, 250, "a granted domain is each of its addresses");
    assert.match((await submit(465, ALICE, { author: "anybody@club.test" })).text, /^550 5\.7\.1 /, "to nobody else");
  });

  test("every header that names a sender, every address in it, however it is written; and a message has one From", async () => {
    const own = `From: Alice <${ALICE}>`;
    const cases = [
      [/^550 5\.7\.1 .*From: bob@example\.test /, `From: ${ALICE}, ${BOB}`],
      [/^550 5\.7\.1 .*From: bob@example\.test /, `From: Team: Alice <${ALICE}>, Bob <${BOB}>;`],
      [/^550 5\.7\.1 .*From: bob@example\.test /, `From: Alice`, ` (${ALICE})`, ` <${BOB}>`],
      [/^550 5\.7\.1 .*Sender: bob@example\.test /, own, `Sender: ${BOB}`],
      [/^550 5\.7\.1 .*Resent-From: bob@example\.test /, own, `Resent-From: ${BOB}`],
      [/^550 5\.7\.1 .*From: 100%@example\.test /, `From: 100%@example.test`],
      [/^550 5\.6\.0 .*cannot be read/, `From: ${BOB} <${ALICE}>`],
      [/^550 5\.6\.0 .*cannot be read/, `From: <${BOB}> <${ALICE}>`],
      [/^550 5\.6\.0 .*cannot be read/, `From: ${"(".repeat(3000)}${ALICE}`],
      [/^550 5\.6\.0 .*cannot be read/, "From: Team:;"],
      [/^550 5\.6\.0 .*no From header/, `To: ${BOB}`],
      [/^550 5\.6\.0 .*more than one From/, own, `FROM: ${BOB}`],
      [/^250 /, `From: "${BOB}" (or ${BOB}) <${ALICE}>`],
      [/^250 /, `From: "=?utf-8?q?Al=C3=ADce?=" <${ALICE}>`, `Sender: ${ALICE}`],
    ] as const;
    // Few sessions, for the limit of log-ins a minute; and not all in one, for that of errors.
    for (const some of [cases.slice(0, 7), cases.slice(7)]) {
      const each = some.flatMap(([, ...lines]) => [`MAIL FROM:<${ALICE}>`, `RCPT TO:<${CAROL}>`, "DATA", content(newToken(), ...lines)]);
      const answers = (await loggedIn(ALICE, each)).filter((_, index) => index % 4 === 3);
      for (const [index, [expected, ...lines]] of some.entries())
        assert.match(answers[index] ?? "", expected, lines.join("\n").slice(0, 100));
    }
  });

  test("an account at its limit is put off and told until when, on both ports, whatever restarts; what was refused does not count", async () => {
    // Two were sent above, and what was refused meanwhile is not among them.
    assert.match((await submit(465, BOB, { author: ALICE })).text, /^550 /);
    assert.equal((await submit(587, BOB, {})).code, 250);
    const full = /^451 4\.7\.1 .*bob@example\.test has sent 3 messages in the last hour, its limit; try again at \d\d:\d\d:\d\d UTC/;
    for (const port of PORTS) assert.match((await submit(port, BOB, {})).text, full);
    assert.equal((await submit(465, ALICE, {})).code, 250, "of one account only");
    await it.sh("mx1", "systemctl restart mailserver-sending.service");
    assert.match((await submit(465, BOB, {})).text, full);
    await anHourPasses();
    assert.equal((await submit(465, BOB, {})).code, 250);
  });

  test("recipients beyond the limit are put off, the others reached", async () => {
    const token = newToken();
    const answers = await loggedIn(BOB, [
      `MAIL FROM:<${BOB}>`,
      ...[CAROL, "nobody@example.test", ALICE, BOB].map((to) => `RCPT TO:<${to}>`),
      "DATA",
      content(token, `From: ${BOB}`),
    ]);
    const codes = answers.slice(1).map((answer) => answer.slice(0, 9));
    assert.deepEqual(codes, ["250 2.1.5", "550 5.1.1", "250 2.1.5", "452 4.5.3", "354 End d", "250 2.0.0"]);
    assert.match(answers.at(-3) ?? "", /bob@example\.test has 2 recipients at most/);
    await lands(it, token);
  });

  test("messages of one size are taken everywhere, as they are told", async () => {
    for (const [key, port] of [
      ["mx1", 25],
      ["mx2", 25],
      ["mx1", 587],
    ] as const) {
      const [, told = ""] = await it.clients.dialogue({ host: it.address(key), port }, ["EHLO client.outside.test"]);
      assert.match(told, /^250-SIZE 20971520$/m, `${key}:${port}`);
      if (port !== 25) continue;
      const [, , over = ""] = await it.clients.dialogue({ host: it.address(key), port }, [
        "EHLO client.outside.test",
        "MAIL FROM:<anna@outside.test> SIZE=20971521",
      ]);
      assert.match(over, /^552 5\.3\.4 /, key);
    }
  });

  test("what arrives elsewhere tells neither the client's address nor its program; the log has the address", async () => {
    await setPort25(it.lab, "open");
    try {
      const token = newToken();
      const headers = [
        "User-Agent: SecretAgent/7",
        "X-Mailer: SecretAgent/7",
        "X-Originating-IP: [192.0.2.77]",
        "Received: from laptop (laptop [192.0.2.78]) by home; Tue, 24 Nov 2026 10:00:00 +0000",
        "X-Kept: yes",
      ];
      assert.equal((await submit(465, ALICE, { to: BEN, token, headers })).code, 250);
      const mailbox = await until(`mail ${token} at ${BEN}`, 60, async () => {
        const { stdout } = await it.on("outside", "cat", "/var/mail/ben");
        return stdout.includes(token) ? stdout : undefined;
      });
      const mail = mailbox.split(/^From /m).find((text) => text.includes(token)) ?? "";
      assert.match(mail, /^X-Kept: yes$/m);
      for (const secret of [
        "SecretAgent",
        "laptop",
        "192.0.2.7",
        it.lab.addresses.internet,
        "Authenticated sender",
        "client.outside.test (",
      ])
        assert.ok(!mail.includes(secret), `${secret} in ${mail}`);
      const log = await it.sh("mx1", "journalctl -u postfix --no-pager -o cat -g 'sasl_username=alice@example.test' -n 1");
      assert.ok(log.includes(`[${it.lab.addresses.internet}]`), log);
    } finally {
      await setPort25(it.lab, "closed");
    }
  });

  test("while nobody can check, mail is put off and not lost", async () => {
    const token = newToken();
    await it.sh("mx1", "systemctl stop mailserver-sending.service");
    try {
      for (const port of PORTS) assert.match((await submit(port, ALICE, { token })).text, /^4\d\d /);
    } finally {
      await it.sh("mx1", "systemctl start mailserver-sending.service");
    }
    assert.equal((await submit(465, ALICE, { token })).code, 250);
    await lands(it, token);
  });

  test("all of it is taken back", async () => {
    it.config["mailserver:domains"][0]!.mailboxes.bob = {};
    delete it.config["mailserver:messageSizeLimit"];
    await it.up();
    assert.match((await submit(465, BOB, { author: CAROL })).text, /^550 5\.7\.1 /);
  });
}
