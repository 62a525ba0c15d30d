/** Programs that send without logging in: from inside of their addresses, from just beside them, and from elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setPort25 } from "../../lab/cloud/behind-the-program";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { newToken, SENDER } from "./mail-flow";

const BEN = "ben@outside.test";

export function relayClients(it: LabUnderTest): void {
  /** One address below the range, its two, and one above. */
  const places = (): Record<"below" | "inside" | "insideToo" | "above", string> => {
    const [below = "", inside = "", insideToo = "", above = ""] = it.lab.addresses.internetNeighbours;
    return { below, inside, insideToo, above };
  };
  /** The answer to RCPT of a client that says what printers say. */
  const recipient = async (key: string, localAddress: string, from: string, to: string): Promise<string> => {
    const [, , , rcpt = ""] = await it.clients.dialogue({ host: it.address(key), port: 25, localAddress }, [
      "HELO Office_Printer",
      `MAIL FROM:<${from}>`,
      `RCPT TO:<${to}>`,
    ]);
    return rcpt;
  };

  test("declared, they are one update of the primary, and a reload", async () => {
    const { inside } = places();
    const [eip = ""] = it.lab.elasticIps;
    it.config["mailserver:relayClients"] = {
      office: { addresses: [`${inside}/31`], senders: ["carol@club.test", "example.test"] },
      // The other exchanger's address is in it.
      cloud: { addresses: [`${eip.replace(/\d+$/, (last) => String(Number(last) - 1))}/28`], senders: ["example.test"] },
    };
    assert.deepEqual(await it.preview(), ["update mail-mx1-apply"]);
    const before = await it.sh("mx1", "systemctl show -P MainPID -P ActiveEnterTimestamp postfix.service");
    await it.up();
    assert.equal(
      await it.sh("mx1", "systemctl show -P MainPID -P ActiveEnterTimestamp postfix.service"),
      before,
      "Postfix was not restarted",
    );
    const { exitCode, stdout, stderr } = await it.on("mx1", "postfix", "check");
    assert.deepEqual([exitCode, stdout, stderr], [0, "", ""]);
    assert.match(await it.sh("mx1", "postconf mynetworks"), /^mynetworks = 127\.0\.0\.0\/8$/m);
  });

  test("a client in the range gets its greeting at once, and sends as its senders to anywhere", async () => {
    const { inside, insideToo, above } = places();
    const host = it.address("mx1");
    // postscreen's teaser is the first of several lines; the whole greeting follows 6 s later (postscreen_greet_banner, postscreen_greet_wait).
    assert.match((await it.clients.greeting(host, 25, 4000, inside)) ?? "", /^220 /, "a client in the range waits for postscreen");
    assert.match((await it.clients.greeting(host, 25, 4000, above)) ?? "", /^220-/, "a neighbour does not");
    for (const place of [inside, insideToo])
      for (const from of ["carol@club.test", "scanner-7@example.test"])
        assert.match(await recipient("mx1", place, from, BEN), /^250 /, from);
    // Also to us, and there as everybody.
    assert.match(await recipient("mx1", inside, "scanner-7@example.test", "alice@example.test"), /^250 /);
    assert.match(await recipient("mx1", inside, "scanner-7@example.test", "nobody@example.test"), /^550 5\.1\.1 /);
  });

  test("as nobody else, and is told what to do; what comes in for us from it is taken as from everybody", async () => {
    const { inside } = places();
    // A domain below a permitted one is another; the host's has an address, so that it exists.
    for (const from of ["bob@club.test", "x@mx1.example.test", SENDER, ""]) {
      const answer = await recipient("mx1", inside, from, BEN);
      assert.match(
        answer,
        /^553 5\.7\.1 .*relay client office may not .*relayClients\.office\.senders or log in on port 587/,
        `from <${from}>`,
      );
    }
    for (const from of [SENDER, ""]) assert.match(await recipient("mx1", inside, from, "alice@example.test"), /^250 /);
  });

  test("neighbours of the range, and everybody elsewhere, relay nothing; nor does anybody through the backup", async () => {
    const { below, above, inside } = places();
    const denied = /^554 5\.7\.1 <ben@outside\.test>: Relay access denied/;
    // At once: each waits 6 s for the greeting of its first visit.
    await Promise.all(
      (
        [
          ["mx1", below],
          ["mx1", above],
          ["mx1", it.lab.addresses.internet],
          ["mx2", inside],
        ] as const
      ).map(async ([key, localAddress]) => {
        const [, helo = "", , rcpt = ""] = await it.clients.dialogue({ host: it.address(key), port: 25, localAddress }, [
          "EHLO client.outside.test",
          "MAIL FROM:<alice@example.test>",
          `RCPT TO:<${BEN}>`,
        ]);
        assert.match(helo, /^250/);
        assert.match(rcpt, denied, `from ${localAddress} to ${key}`);
      }),
    );
    // Without the range a printer's HELO is refused.
    assert.match(await recipient("mx1", above, "alice@example.test", "alice@example.test"), /^50[14] 5\.5\.2 /);
  });

  test("nor as anybody else in the From line, also to us; while nobody can check, they are put off", async () => {
    const send = async (from: string, author: string, to: string): Promise<string> => {
      const answers = await it.clients.dialogue({ host: it.address("mx1"), port: 25, localAddress: places().inside }, [
        "HELO Office_Printer",
        `MAIL FROM:<${from}>`,
        `RCPT TO:<${to}>`,
        "DATA",
        `From: ${author}\r\nSubject: ${newToken()}\r\n\r\na scan\r\n.`,
      ]);
      return answers.at(-1) ?? "";
    };
    for (const to of [BEN, "alice@example.test"])
      assert.match(
        await send("scanner-7@example.test", "bob@club.test", to),
        /^550 5\.7\.1 .*relay client office may not send as bob@club\.test; .*relayClients\.office\.senders/,
      );
    assert.match(await send("scanner-7@example.test", "carol@club.test, scanner-8@example.test", "alice@example.test"), /^250 /);
    assert.match(await send(SENDER, "bob@club.test", "alice@example.test"), /^250 /, "what comes in for us is taken as from everybody");
    await it.sh("mx1", "systemctl stop mailserver-sending.service");
    try {
      assert.match(await recipient("mx1", places().inside, "scanner-7@example.test", BEN), /^(451|503) /);
      assert.match(await recipient("mx1", places().above, SENDER, "alice@example.test"), /^50[14] /, "others are not touched");
    } finally {
      await it.sh("mx1", "systemctl start mailserver-sending.service");
    }
  });

  test("what they send arrives elsewhere with the headers that they leave out; another exchanger in a range relays nothing", async () => {
    await setPort25(it.lab, "open");
    try {
      const token = newToken();
      const answers = await it.clients.dialogue({ host: it.address("mx1"), port: 25, localAddress: places().inside }, [
        "HELO Office_Printer",
        "MAIL FROM:<scanner-7@example.test>",
        `RCPT TO:<${BEN}>`,
        "DATA",
        `Subject: ${token}\r\n\r\na scan\r\n.`,
      ]);
      assert.match(answers.at(-1) ?? "", /^250 /);
      const mailbox = await until(`mail ${token} at ${BEN}`, 60, async () => {
        const { stdout } = await it.on("outside", "cat", "/var/mail/ben");
        return stdout.includes(token) ? stdout : undefined;
      });
      const mail = mailbox.split(/^From /m).find((text) => text.includes(token)) ?? "";
      for (const header of ["Date", "Message-Id", "From"]) assert.match(mail, new RegExp(`^${header}: `, "m"));
      assert.match(mail, /^Return-Path: <scanner-7@example\.test>|^scanner-7@example\.test /m);

      const said = await it.sh(
        "mx2",
        `python3 - ${it.address("mx1")}`,
        `import smtplib, sys
with smtplib.SMTP(sys.argv[1], 25, timeout=30) as smtp:
    smtp.ehlo("mx2.example.test")
    smtp.mail("alice@example.test")
    print(smtp.rcpt("${BEN}"))
`,
      );
      assert.match(said, /554, .*Relay access denied/);
    } finally {
      await setPort25(it.lab, "closed");
    }
  });
}
