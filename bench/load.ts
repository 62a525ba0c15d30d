/** Many mails from one sender, at the speed that the receiver allows. */
import { until } from "../lab/until";
import { OUTSIDE_DOMAIN } from "../lab/services/zone-file";
import type { LabUnderTest } from "../test/lab/lab-under-test";

/** A usual text mail. */
const BYTES = 4096;
const SESSIONS = 8;

/** Sends them over several sessions that stay open (smtp-source(1)), and returns when each has been answered 250. */
export async function send(it: LabUnderTest, to: string, recipient: string, count: number): Promise<void> {
  const sessions = Math.min(SESSIONS, count);
  await it.sh(
    "outside",
    `smtp-source -d -s ${sessions} -m ${count} -l ${BYTES} -f anna@${OUTSIDE_DOMAIN} -t ${recipient} ${it.address(to)}:25`,
  );
}

/** A first visit waits 6 s for postscreen's greeting, which would be no part of a rate. */
export async function introduce(it: LabUnderTest, to: string, recipient: string): Promise<void> {
  await until(`${to} to take a mail from outside`, 60, async () => {
    await send(it, to, recipient, 1);
    return true;
  });
}
