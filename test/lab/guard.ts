/** Whoever guesses passwords is shut out, and nobody else. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ports } from "../../cloud-init/ports";
import { inNetwork } from "../../lab/network/links";
import { until } from "../../lab/until";
import type { MailboxServer } from "../../plan/types";
import type { LabUnderTest } from "./lab-under-test";
import { newToken } from "./mail-flow";

const PROGRAM = join(__dirname, "wrong-passwords.py");
const ALICE = "alice@example.test";
/** Everybody's name is tried, of the first and of the others that there may be. */
const NAMES = [ALICE, ...Array.from({ length: 49 }, (_, index) => `somebody${index}@example.test`)];
/** More than anybody may. */
const TRIES = 7;

/** Lines that a program of these tries says: how many it had, and whether it was shut out then. */
function outcome(lines: string): { readonly refused: number; readonly gone: boolean } {
  return { refused: lines.match(/^refused$/gm)?.length ?? 0, gone: /^gone .*refused/m.test(lines) };
}

export function guard(it: LabUnderTest, mailboxServer: MailboxServer = "dovecot"): void {
  const passwordPorts = ports("primary", mailboxServer).flatMap(({ port, protocol }) => (protocol === "smtp" ? [] : [port]));
  const attackers = (): readonly string[] => it.lab.addresses.internetNeighbours;
  /** Its own addresses that tried, each at one port of the primary, with names of its own. */
  const attack = async (from: string, port: number, share: number): Promise<string> => {
    const names = NAMES.slice(share * TRIES, (share + 1) * TRIES);
    const [command = "", ...prefix] = inNetwork(it.lab, "internet");
    return (
      await promisify(execFile)(command, [...prefix, "python3", PROGRAM, it.address("mx1"), from, String(port), String(TRIES), ...names])
    ).stdout;
  };
  const banned = async (key: string): Promise<string[]> =>
    (await it.sh(key, "fail2ban-client get passwords banip")).trim().split(/\s+/).filter(Boolean).sort();
  const greets = async (from: string, port: number): Promise<boolean> =>
    (await it.clients.greeting(it.address("mx1"), port, 10_000, from)) !== undefined;

  test("five wrong passwords on any port shut an address out; operator and exchangers never are, and a person elsewhere notices nothing", async () => {
    const [person = "", ...others] = [...attackers()].reverse();
    await it.clients.openImapSession({ host: it.address("mx1"), user: ALICE, password: it.password(ALICE) }, "guarded");
    /** Milliseconds until a mail of hers was taken. */
    const sends = async (): Promise<number> => {
      const asked = performance.now();
      const server = { host: it.address("mx1"), port: 465, security: "tls", login: { user: ALICE, password: it.password(ALICE) } } as const;
      const { code, text } = await it.clients.send({ ...server, localAddress: person }, { from: ALICE, to: ALICE, token: newToken() });
      assert.equal(code, 250, text);
      return performance.now() - asked;
    };
    let over = false;
    const slowest = (async (): Promise<number> => {
      let worst = 0;
      // As often as a mail program may log in within a minute (smtpd_client_auth_rate_limit).
      for (let count = 0; count < 10 && !over; count += 1) {
        worst = Math.max(worst, await sends());
        await sleep(1000);
      }
      return worst;
    })();
    const tried = await Promise.all([
      ...passwordPorts.map((port, index) => attack(others[index] ?? "", port, index)),
      attack(it.lab.addresses.internet, 993, 0),
      it.sh("mx2", `python3 - ${it.address("mx1")} 0.0.0.0 995 ${TRIES} ${ALICE}`, readFileSync(PROGRAM, "utf8")),
    ]);
    over = true;
    const worst = await slowest;
    const [fromOperator = "", fromExchanger = ""] = tried.splice(passwordPorts.length);
    for (const [index, lines] of tried.entries()) {
      const { refused, gone } = outcome(lines);
      // Counting takes a moment.
      assert.ok(gone && refused >= 5 && refused <= 6, `port ${passwordPorts[index] ?? 0}: ${lines}`);
    }
    for (const lines of [fromOperator, fromExchanger]) assert.deepEqual(outcome(lines), { refused: TRIES, gone: false });
    assert.deepEqual(await banned("mx1"), others.slice(0, passwordPorts.length).sort());
    assert.ok(worst < 15_000, `a person's mail took ${Math.round(worst)} ms`);
    assert.equal((await it.clients.imapSessionNow("guarded")).open, true);
  });

  test("a ban leaves port 25 open, survives a restart of what keeps it, ends by itself, and is listed and lifted by one command", async () => {
    const [address = ""] = await banned("mx1");
    assert.equal(await greets(address, 143), false);
    assert.equal(await greets(address, 25), true);
    const before = await banned("mx1");
    await it.sh("mx1", "systemctl restart fail2ban");
    await until("the bans to be back", 30, async () => JSON.stringify(await banned("mx1")) === JSON.stringify(before));
    await until("the address to be shut out again", 30, async () => !(await greets(address, 143)));
    const list = await it.sh("mx1", "fail2ban-client get passwords banip --with-time");
    assert.match(list, new RegExp(`^${address} +\t?\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+ 600 = \\d{4}-`, "m"));
    await it.sh("mx1", `fail2ban-client unban ${address}`);
    await until("the address to be let in", 30, () => greets(address, 143));

    const other = attackers().at(-1) ?? "";
    await it.sh("mx1", `fail2ban-client set passwords bantime 2; fail2ban-client set passwords banip ${other}`);
    assert.ok((await banned("mx1")).includes(other));
    await until("the ban to end", 60, async () => !(await banned("mx1")).includes(other));
    await until("the address to be let in", 30, () => greets(other, 143));
    await it.sh("mx1", "fail2ban-client unban --all; fail2ban-client set passwords bantime 600");
  });

  test("a backup shuts out whoever tries keys at its SSH", async () => {
    // The firewall lets only operators come so far. This one is on the host itself, which fail2ban would never ban.
    await it.sh("mx2", "ip address add 192.0.2.77/32 dev lo; fail2ban-client set passwords ignoreself false");
    const options = "-b 192.0.2.77 -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=10";
    const said = await until("the address to be shut out", 60, async () => {
      const { stderr } = await it.on("mx2", "sh", "-c", `ssh ${options} mailops@127.0.0.1 true`);
      return /port 22: Connection refused/.test(stderr) && stderr;
    });
    assert.ok(said);
    assert.deepEqual(await banned("mx2"), ["192.0.2.77"]);
    await it.sh(
      "mx2",
      "fail2ban-client unban --all; fail2ban-client set passwords ignoreself true; ip address delete 192.0.2.77/32 dev lo",
    );
  });
}
