/** The plug is pulled while mail comes in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { killExchanger, startExchanger } from "../../lab/command/power";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { emptyQueues, inMaildirs, inParallel, newToken, offer, recipient } from "./mail-flow";

/** Mails answered before the plug is pulled. */
const BEFORE = 60;

export function powerCut(it: LabUnderTest): void {
  test("every mail that the primary answered with 250 is there after its plug was pulled under load", async () => {
    const taken: string[] = [];
    let cut = false;
    function* untilCut(): Generator<number> {
      for (let index = 0; !cut; index += 1) yield index;
    }
    const address = it.address("mx1");
    const load = inParallel(8, untilCut(), async (index) => {
      const token = newToken();
      if ((await offer(it, address, recipient(index), token))?.code === 250) taken.push(token);
    });
    try {
      await until(`${BEFORE} mails to be taken`, 60, async () => taken.length >= BEFORE, 5);
      await killExchanger(it.lab, "mx1");
    } finally {
      cut = true;
    }
    await startExchanger(it.lab, "mx1");
    // Those who were in the middle of a session give up when their server does not answer for 20 s.
    await load;
    await it.greets("mx1");
    await emptyQueues(it, "mx1");
    const found = await inMaildirs(it, "mx1");
    // One that was delivered just before, and whose queue file's end was not on the disk yet, is delivered again.
    assert.deepEqual(
      taken.filter((token) => !found.has(token)),
      [],
    );
  });
}
