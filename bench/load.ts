/** Many mails from one sender, at the speed that the receiver allows. */
import execa from "execa";
import { inNetwork } from "../lab/network/links";
import { until } from "../lab/until";
import { OUTSIDE_DOMAIN, OUTSIDE_FQDN } from "../lab/services/zone-file";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { rootOf } from "./host-files";

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

/**
 * Sends them to the host of this address from a place that is no machine of the bench, so that only the receiver's work is a machine's: a connection for each
 * mail, as most come.
 */
export async function sendFromInternet(it: LabUnderTest, address: string, recipient: string, count: number): Promise<void> {
  const [command = "", ...prefix] = inNetwork(it.lab, "internet");
  const source = [
    "smtp-source",
    "-s",
    "2",
    "-m",
    String(count),
    "-l",
    String(BYTES),
    "-M",
    OUTSIDE_FQDN,
    "-f",
    `anna@${OUTSIDE_DOMAIN}`,
    "-t",
    recipient,
    `${address}:25`,
  ];
  await execa(command, [...prefix, "chroot", rootOf(it, "outside"), ...source], { stdin: "ignore" });
}

/** As `introduce`, for the internet's address. */
export async function introduceInternet(it: LabUnderTest, address: string, recipient: string): Promise<void> {
  await until("the primary to take a mail from the internet", 60, async () => {
    await sendFromInternet(it, address, recipient, 1);
    return true;
  });
}
