/** The primary is dead, and the backup takes, refuses, holds and hands over. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { killExchanger, startExchanger } from "../../lab/command/power";
import type { LabUnderTest } from "./lab-under-test";
import { emptyQueues, inMaildirs, inParallel, newToken, offer, recipient } from "./mail-flow";

const MAILS = 200;
/** Every so many mails, one to somebody who does not exist. */
const UNKNOWN_EVERY = 20;

export function failover(it: LabUnderTest): void {
  test(`${MAILS} mails taken by the backup while the primary is dead come home, each once; unknown recipients are refused meanwhile`, async () => {
    const taken: string[] = [];
    const otherwise: string[] = [];
    const unknown: (number | undefined)[] = [];
    await killExchanger(it.lab, "mx1");
    try {
      assert.ok(!(await it.clients.connects(it.address("mx1"), 25, 1000)), "the primary is dead");
      const backup = it.address("mx2");
      await inParallel(8, Array(MAILS).keys(), async (index) => {
        const token = newToken();
        const answer = await offer(it, backup, recipient(index), token);
        if (answer?.code === 250) taken.push(token);
        else otherwise.push(answer?.text ?? "no answer");
        if (index % UNKNOWN_EVERY === 0) unknown.push((await offer(it, backup, `nobody-${index}@example.test`, newToken()))?.code);
      });
      assert.deepEqual(otherwise, []);
      assert.equal(taken.length, MAILS);
      assert.deepEqual(unknown, Array(MAILS / UNKNOWN_EVERY).fill(550));
      const held = (await it.sh("mx2", "postqueue -j")).split("\n").filter(Boolean).length;
      assert.equal(held, MAILS, "the backup holds them all, and nothing else");
    } finally {
      await startExchanger(it.lab, "mx1");
    }
    await it.greets("mx1");
    await emptyQueues(it, "mx2", "mx1");
    const found = await inMaildirs(it, "mx1");
    assert.deepEqual(
      taken.map((token) => [token, found.get(token) ?? 0]),
      taken.map((token) => [token, 1]),
    );
    const peer = await it.sh("mx1", "journalctl -q -b -o cat -t postfix/peer/smtpd");
    const handshakes = peer.split("\n").filter((line) => line.includes("TLS connection established from")).length;
    assert.ok(handshakes > 0 && handshakes < MAILS / 2, `many mails over one connection; there were ${handshakes} for ${MAILS}`);
    await emptyQueues(it, "mx1", "mx2");
    assert.equal((await it.on("outside", "postqueue", "-j")).stdout, "", "nobody outside got a bounce");
    // That nothing is pending anywhere: the queue's files, too.
    for (const key of ["mx1", "mx2"]) {
      const files = await it.sh(key, "cd /srv/mailserver/spool/postfix; find maildrop incoming active deferred hold corrupt -type f");
      assert.equal(files, "", key);
    }
  });
}
