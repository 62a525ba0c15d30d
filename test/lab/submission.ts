/** Who may send what, and where: relaying, passwords, senders. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../lab/clients/smtp";
import type { LabUnderTest } from "./lab-under-test";
import { lands, newToken, SENDER } from "./mail-flow";

const ALICE = "alice@example.test";
const BOB = "bob@example.test";
const SALES = "sales@example.test";
const MASTER = "master@example.test";

const SECURITY = { 465: "tls", 587: "starttls" } as const;

export function submission(it: LabUnderTest): void {
  for (const key of ["mx1", "mx2"]) {
    test(`${key} relays for nobody on port 25, offers no AUTH there, and tells no names`, async () => {
      const server = { host: it.address(key), port: 25 };
      const foreign = ["ben@outside.test", "someone@nowhere.test", "ben%outside.test@example.test", "@example.test:ben@outside.test"];
      const from = [SENDER, ALICE, "<>"];
      for (const to of foreign) {
        for (const sender of from) {
          const [, , , rcpt = ""] = await it.clients.dialogue(server, [
            "EHLO client.outside.test",
            `MAIL FROM:${sender === "<>" ? sender : `<${sender}>`}`,
            `RCPT TO:<${to}>`,
          ]);
          assert.match(rcpt, /^5(50|54|53) /, `from ${sender} to ${to}`);
        }
      }
      const [, plain = "", , secure = "", auth = "", vrfy = "", etrn = ""] = await it.clients.dialogue(server, [
        "EHLO client.outside.test",
        "STARTTLS",
        "EHLO client.outside.test",
        `AUTH PLAIN ${plainLogin(ALICE, it.password(ALICE))}`,
        `VRFY ${ALICE}`,
        "ETRN example.test",
      ]);
      assert.match(plain, /^250-STARTTLS$/m);
      assert.doesNotMatch(plain + secure, /AUTH|ETRN|VRFY/);
      assert.match(auth, /^503 /);
      assert.match(vrfy, /^502 /);
      assert.match(etrn, /^5\d\d /);
    });
  }

  test("AUTH on 587 only after STARTTLS; a wrong password gets 535 on both ports", async () => {
    const host = it.address("mx1");
    const login = `AUTH PLAIN ${plainLogin(ALICE, it.password(ALICE))}`;
    const [, plain = "", early = ""] = await it.clients.dialogue({ host, port: 587 }, ["EHLO client.outside.test", login]);
    assert.doesNotMatch(plain, /AUTH/);
    assert.match(early, /^530 5\.7\.0 /);
    const [, , , secure = "", late = ""] = await it.clients.dialogue({ host, port: 587 }, [
      "EHLO client.outside.test",
      "STARTTLS",
      "EHLO client.outside.test",
      login,
    ]);
    assert.match(secure, /^250[- ]AUTH PLAIN LOGIN$/m);
    assert.match(late, /^235 /);
    for (const port of [465, 587] as const) {
      const answer = await it.clients.send(
        { host, port, security: SECURITY[port], login: { user: ALICE, password: it.password(BOB) } },
        { from: ALICE, to: BOB, token: newToken() },
      );
      assert.equal(answer.code, 535, answer.text);
    }
  });

  test("nobody sends as somebody else; owners of an alias do; a local address is reached", async () => {
    const submit = (port: 465 | 587, user: string, from: string, to: string, token = newToken()): Promise<Answer> =>
      it.clients.send(
        { host: it.address("mx1"), port, security: SECURITY[port], login: { user, password: it.password(user) } },
        { from, to, token },
      );
    for (const port of [465, 587] as const) {
      for (const [user, from] of [
        [ALICE, BOB],
        [ALICE, MASTER],
        [ALICE, SENDER],
        [MASTER, ALICE],
        ["carol@club.test", SALES],
      ] as const) {
        const refused = await submit(port, user, from, BOB);
        assert.match(refused.text, /^553 5\.7\.1 .*not owned by user/, `${user} as ${from} on ${port}`);
      }
      for (const [user, from] of [
        [ALICE, ALICE],
        [ALICE, SALES],
        [BOB, SALES],
        [MASTER, MASTER],
      ] as const) {
        const token = newToken();
        const taken = await submit(port, user, from, "carol@club.test", token);
        assert.equal(taken.code, 250, `${user} as ${from} on ${port}: ${taken.text}`);
        await lands(it, token);
      }
      const unknown = await submit(port, ALICE, ALICE, "nobody@example.test");
      assert.equal(unknown.code, 550, unknown.text);
    }
  });
}

const plainLogin = (user: string, password: string): string => Buffer.from(`\0${user}\0${password}`).toString("base64");
