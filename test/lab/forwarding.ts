/** Mail that an alias forwards elsewhere: a sender of ours that SPF passes, bounces that come home, and nothing for those who invent such a sender. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setPort25 } from "../../lab/cloud/behind-the-program";
import { putScript } from "../../lab/clients/managesieve";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { folderOf, newToken, SENDER } from "./mail-flow";

const BEN = "Ben@outside.test";

export function forwarding(it: LabUnderTest): void {
  const offer = async (via: string, to: string, token: string, from = SENDER): Promise<void> => {
    const answer = await it.clients.send({ host: it.address(via), port: 25 }, { from, author: SENDER, to, token });
    assert.equal(answer.code, 250, answer.text);
  };
  /** A mail in a mailbox of the outside host, envelope line and all. */
  const outside = (user: string, token: string): Promise<string> =>
    until(`mail ${token} at ${user}@outside.test`, 60, async () => {
      const { stdout } = await it.on("outside", "cat", `/var/mail/${user}`);
      return stdout.split(/^(?=From )/m).find((text) => text.includes(token));
    });
  const senderOf = (mail: string): string => /^From (\S+)/.exec(mail)?.[1] ?? "";
  const answerTo = async (via: string, recipient: string): Promise<string> => {
    const [, , , rcpt = ""] = await it.clients.dialogue({ host: it.address(via), port: 25 }, [
      "EHLO client.outside.test",
      "MAIL FROM:<>",
      `RCPT TO:<${recipient}>`,
    ]);
    return rcpt;
  };
  let forwarded = "";

  test("aliases that lead elsewhere are a reload", async () => {
    const [example] = it.config["mailserver:domains"];
    example!.aliases = { ...example!.aliases, away: [BEN], both: ["alice", BEN], nowhere: ["not-there@outside.test"] };
    const processes = (): Promise<string> => it.sh("mx1", "systemctl show -P MainPID postsrsd.service postfix.service");
    const before = await processes();
    await it.up();
    assert.equal(await processes(), before);
    await setPort25(it.lab, "open");
  });

  test("forwarded mail has a sender of ours, whose SPF record has the address that it comes from, and its headers as they were", async () => {
    const token = newToken();
    await offer("mx1", "away@example.test", token);
    const mail = await outside("ben", token);
    forwarded = senderOf(mail);
    assert.match(forwarded, /^SRS0=[^=@]+=[^=@]+=outside\.test=anna@example\.test$/);
    assert.match(mail, new RegExp(`^From: <${SENDER}>$`, "m"));
    const spf = (await it.on("outside", "python3", "-c", SPF, "example.test", it.address("mx1"))).stdout.trim();
    assert.equal(spf, "pass");
    assert.ok(mail.includes(`[${it.address("mx1")}]`), mail);
  });

  test("a copy that stays keeps its sender; our own people's mail and bounces leave with theirs", async () => {
    const token = newToken();
    await offer("mx1", "both@example.test", token);
    assert.equal(await folderOf(it, token), "example.test/alice");
    assert.match(
      await it.sh("mx1", `grep -rh -B 20 '^Subject: ${token}' /srv/mailserver/mail | grep '^Return-Path'`),
      /<anna@outside\.test>/,
    );
    assert.match(senderOf(await outside("ben", token)), /^SRS0=/);
    const own = newToken();
    const login = { user: "alice@example.test", password: it.password("alice@example.test") };
    const answer = await it.clients.send(
      { host: it.address("mx1"), port: 465, security: "tls", login },
      { from: login.user, to: "away@example.test", token: own },
    );
    assert.equal(answer.code, 250, answer.text);
    assert.equal(senderOf(await outside("ben", own)), login.user);
    const bounce = newToken();
    await offer("mx1", "away@example.test", bounce, "");
    assert.equal(senderOf(await outside("ben", bounce)), "MAILER-DAEMON");
  });

  test("what a person's script redirects leaves as what an alias forwards", async () => {
    const bob = { host: it.address("mx1"), user: "bob@example.test", password: it.password("bob@example.test") };
    const answers = await it.clients.manageSieve(bob, [putScript("away", `redirect "${BEN}";\r\n`), 'SETACTIVE "away"']);
    assert.ok(
      answers.slice(2).every((answer) => answer.startsWith("OK")),
      answers.join(),
    );
    const token = newToken();
    await offer("mx1", bob.user, token);
    assert.match(senderOf(await outside("ben", token)), /^SRS0=/);
    await it.clients.manageSieve(bob, ['SETACTIVE ""', 'DELETESCRIPT "away"']);
  });

  test("what is refused there comes back to the original sender", async () => {
    const token = newToken();
    await offer("mx1", "nowhere@example.test", token);
    const bounce = await outside("anna", token);
    assert.equal(senderOf(bounce), "MAILER-DAEMON");
    assert.match(bounce, /not-there@outside\.test/);
    assert.match(bounce, /5\.1\.1/);
  });

  test("a true sender is answered on the primary, an invented one refused for good, and a backup puts both off", async () => {
    const invented = forwarded.replace(/^SRS0=(.)/, (_, first) => `SRS0=${first === "a" ? "b" : "a"}`);
    assert.match(await answerTo("mx1", forwarded), /^250 /);
    for (const address of [invented, "SRS0=x@example.test", invented.replace("anna", "victim")])
      assert.match(await answerTo("mx1", address), /^550 5\.1\.1 /, address);
    for (const address of [forwarded, invented]) assert.match(await answerTo("mx2", address), /^450 4\.2\.1 .*try again/, address);
  });

  test("a backup takes mail that is to be forwarded while the primary is away, and it is forwarded after", async () => {
    const token = newToken();
    await it.sh("mx1", "systemctl stop postfix.service");
    try {
      await offer("mx2", "away@example.test", token);
      assert.match(await it.sh("mx2", "postqueue -j"), /away@example\.test/);
    } finally {
      await it.sh("mx1", "systemctl start postfix.service");
    }
    assert.match(senderOf(await outside("ben", token)), /^SRS0=/);
  });

  test("while nobody can make such senders, forwarded mail waits and all other mail goes on", async () => {
    const [waiting, other] = [newToken(), newToken()];
    await it.sh("mx1", "systemctl stop postsrsd.service");
    try {
      await offer("mx1", "away@example.test", waiting);
      await offer("mx1", "alice@example.test", other);
      await folderOf(it, other);
      await until("the forwarded one to wait", 60, async () =>
        (await it.sh("mx1", "postqueue -j")).includes("delay_reason") ? true : undefined,
      );
    } finally {
      await it.sh("mx1", "systemctl start postsrsd.service");
    }
    await it.sh("mx1", "postqueue -f");
    assert.match(senderOf(await outside("ben", waiting)), /^SRS0=/);
  });

  test("all of it is taken back", async () => {
    it.config["mailserver:domains"][0]!.aliases = { sales: ["alice", "bob"] };
    await setPort25(it.lab, "closed");
    await it.up();
    assert.match(await answerTo("mx1", "away@example.test"), /^550 5\.1\.1 /);
  });
}

/** What SPF says of an address (RFC 7208), as far as our own records go: `ip4`, `a` and `all`. */
const SPF = `
import socket, subprocess, sys
domain, address = sys.argv[1:]
answer = subprocess.run(["kdig", "+short", "TXT", domain], capture_output=True, text=True, check=True).stdout
[record] = [line for line in answer.replace('"', "").splitlines() if line.startswith("v=spf1 ")]
for term in record.split()[1:]:
    kind, _, value = term.partition(":")
    if term == "-all":
        print("fail")
        break
    if kind == "ip4" and value == address or kind == "a" and socket.gethostbyname(value or domain) == address:
        print("pass")
        break
`;
