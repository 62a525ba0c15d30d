/** Passwords of single devices: what each is good for, and that one goes without the others. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Account } from "../../lab/clients/imap";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { newToken } from "./mail-flow";

const ALICE = "alice@example.test";

export function appPasswords(it: LabUnderTest): void {
  const account = (app?: string): Account => ({
    host: it.address("mx1"),
    user: ALICE,
    password: it.password(app === undefined ? ALICE : `${ALICE}/${app}`),
  });
  const declare = (apps: object): void => {
    const domain = it.config["mailserver:domains"][0]!;
    domain.mailboxes.alice = { appPasswords: apps };
  };
  /** Services that take the password of this name, in the order of the declaration's. */
  const services = async (app?: string): Promise<string[]> => {
    const { host, user, password } = account(app);
    const takes = (asked: Promise<boolean>): Promise<boolean> => asked.catch(() => false);
    const server = { host, port: 465, security: "tls", login: { user, password } } as const;
    const [imap, pop3, submission, sieve] = await Promise.all([
      takes(it.clients.inboxByImap(account(app)).then(() => true)),
      takes(it.clients.inboxByPop3(account(app)).then(() => true)),
      takes(it.clients.send(server, { from: ALICE, to: ALICE, token: newToken() }).then(({ code }) => code === 250)),
      takes(it.clients.manageSieve(account(app), []).then(([, , answer = ""]) => answer.startsWith("OK"))),
    ]);
    const taken = { imap, pop3, submission, sieve };
    return Object.entries(taken).flatMap(([name, is]) => (is ? [name] : []));
  };
  const every = ["imap", "pop3", "submission", "sieve"];

  test("each app password is taken by the services that it is for, beside the mailbox's own; which it was stands in the log", async () => {
    declare({ laptop: {}, phone: { services: ["imap", "submission"] }, scanner: { services: ["submission"] } });
    await it.up();
    assert.deepEqual(await services(), every);
    assert.deepEqual(await services("laptop"), every);
    assert.deepEqual(await services("phone"), ["imap", "submission"]);
    assert.deepEqual(await services("scanner"), ["submission"]);
    const log = await it.sh("mx1", "journalctl -q -u dovecot --since -10min -o cat -g '-login: Logged in'");
    assert.match(log, /imap-login: Logged in: user=<alice@example\.test>, .* app=phone, /m);
    const asked = await it.sh("mx1", `doveadm auth test -x service=pop3 ${ALICE} ${it.password(`${ALICE}/phone`)} 2>&1 || :`);
    assert.match(asked, /auth failed/);
  });

  test("one that is taken away ends its own sessions; the others', and the passwords of all others, stay", async () => {
    for (const name of ["own", "laptop", "phone"]) await it.clients.openImapSession(account(name === "own" ? undefined : name), name);
    declare({ phone: { services: ["imap", "submission"] }, scanner: { services: ["imap"] } });
    await it.up();
    await until("the laptop's session to end", 20, async () => !(await it.clients.imapSessionNow("laptop")).open);
    for (const name of ["own", "phone"]) assert.equal((await it.clients.imapSessionNow(name)).open, true, name);
    assert.deepEqual(await services("laptop"), []);
    assert.deepEqual(await services("phone"), ["imap", "submission"]);
    assert.deepEqual(await services("scanner"), ["imap"]);
    assert.deepEqual(await services(), every);
    it.config["mailserver:domains"][0]!.mailboxes.alice = {};
  });
}
