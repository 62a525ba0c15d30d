import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { HostStatus, LabStatus } from "../../lab/command/lab-status";
import { drawing } from "../../lab/command/status-drawing";
import { readLook } from "../../lab/command/status-look";

const outside: HostStatus = { kind: "outside", fqdn: "mail.outside.test", ipv4: "203.0.113.6", power: "on", smtp: "serving", queued: 0 };
const exchanger = (key: string, role: string, preference: number, more: Partial<HostStatus> = {}): HostStatus => ({
  ...{
    kind: "exchanger",
    role,
    preference,
    fqdn: `${key}.example.test`,
    ipv4: `198.51.100.${preference}`,
    power: "on",
    smtp: "serving",
    queued: 0,
  },
  ...more,
});

const status = (hosts: LabStatus["hosts"], mailboxes: LabStatus["mailboxes"] = { "alice@example.test": { messages: 12 } }): LabStatus => ({
  ...{ stack: "lab", domains: ["example.test", "club.test"], mailboxes },
  hosts: { ...hosts, outside },
});

const SGR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");

const plain = (it: LabStatus, columns = 80): string => drawing(it, { columns, colour: false });

test("three exchangers in 80 columns: ways in on the left, ways home on the right", () => {
  const drawn = plain(
    status(
      {
        mx3: exchanger("mx3", "backup", 100, { power: "off" }),
        mx1: exchanger("mx1", "primary", 10, { smtp: "busy" }),
        mx2: exchanger("mx2", "backup", 20, { queued: 11 }),
      },
      { "alice@example.test": { messages: 12 }, "carol@club.test": { password: "geheim", messages: 0 } },
    ),
  );
  assert.equal(
    drawn,
    `example.test, club.test

 internet
 │             ┌──────────────────────────────────────────────────────────┐
 ├─ MX 10 ───▶ │ mx1  primary                                        busy │ ◀──┐
 │             │ mx1.example.test                           198.51.100.10 │    │
 │             │ alice@example.test                                    12 │    │
 │             │ carol@club.test  geheim                                0 │    │
 │             └──────────────────────────────────────────────────────────┘    │
 │             ┌──────────────────────────────────────────────────────────┐    │
 ├─ MX 20 ───▶ │ mx2  backup                   serving, holds 11 messages │ ───┤
 │             │ mx2.example.test                           198.51.100.20 │    │
 │             └──────────────────────────────────────────────────────────┘    │
 │             ┌──────────────────────────────────────────────────────────┐    │
 └─ MX 100 ──▶ │ mx3  backup                                          off │ ───┘
               │ mx3.example.test                          198.51.100.100 │
               └──────────────────────────────────────────────────────────┘
                ───▶ held mail goes home on the peer port

outside, everybody else: mail.outside.test 203.0.113.6 serving
`,
  );
});

test("one exchanger has nobody to hand over to", () => {
  const drawn = plain(status({ mx1: exchanger("mx1", "primary", 10) }));
  assert.match(drawn, /└─ MX 10 ──▶ │ mx1 {2}primary/);
  assert.doesNotMatch(drawn, /held|◀/);
});

test("40 columns: a list that says the same", () => {
  const drawn = plain(
    status({ mx1: exchanger("mx1", "primary", 10, { queued: 1 }), mx2: exchanger("mx2", "backup", 20, { smtp: "closed" }) }),
    40,
  );
  assert.equal(
    drawn,
    `example.test, club.test

MX 10 ─▶ mx1  primary
  serving, 1 message in its queue
  mx1.example.test
  198.51.100.10
    12  alice@example.test

MX 20 ─▶ mx2  backup
  on, not serving
  mx2.example.test
  198.51.100.20
  held mail ─▶ mx1

outside, everybody else: mail.outside.t…
`,
  );
});

test("before the first up it says what to do", () => {
  assert.match(
    plain({ ...status({}), domains: [], mailboxes: {} }),
    /no domains yet\n\nno exchangers yet; make them with: npm run lab -- up\n/,
  );
});

test("no line is longer than the terminal, whatever the names are; colours change no text", () => {
  const name = fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(..."abcdefgh-.") });
  const host = fc.record({
    role: fc.constantFrom("primary", "backup"),
    preference: fc.integer({ min: 0, max: 65535 }),
    fqdn: name,
    power: fc.constantFrom("on", "off") as fc.Arbitrary<"on" | "off">,
    smtp: fc.constantFrom("serving", "busy", "closed") as fc.Arbitrary<"serving" | "busy" | "closed">,
    queued: fc.integer({ min: 0, max: 1_000_000 }),
  });
  const mailboxes = fc.dictionary(name, fc.record({ messages: fc.integer({ min: 0, max: 1_000_000 }), password: name }), { maxKeys: 30 });
  fc.assert(
    fc.property(fc.dictionary(name, host, { maxKeys: 5 }), mailboxes, fc.integer({ min: 40, max: 200 }), (hosts, boxes, columns) => {
      const full = Object.fromEntries(
        Object.entries(hosts).map(([key, it]): [string, HostStatus] => [key, { kind: "exchanger", ipv4: "198.51.100.1", ...it }]),
      );
      const it = status(full, boxes);
      const drawn = plain(it, columns);
      for (const line of drawn.split("\n")) assert.ok([...line].length <= columns, `${columns}: ${line}`);
      assert.equal(drawing(it, { columns, colour: true }).replace(SGR, "").replace(/ +$/gm, ""), drawn);
    }),
  );
});

test("a busy server is told from a closed one", () => {
  const inbox = "inbox alice@example.test INBOX messages=3\n";
  assert.deepEqual(readLook(`greeting 220\nqueued 2\n${inbox}`), { smtp: "serving", queued: 2, inboxes: { "alice@example.test": 3 } });
  assert.equal(readLook("greeting 421\nqueued 0\n").smtp, "busy");
  assert.equal(readLook("greeting \nqueued 0\n").smtp, "busy");
  assert.deepEqual(readLook("queued 0\n"), { smtp: "closed", queued: 0, inboxes: {} });
});
