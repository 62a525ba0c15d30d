import { type Account, imapClient } from "./imap";

/** How long a mail program waits for each step, in milliseconds. */
export interface ImapReading {
  readonly logIn: number;
  /** UIDs and flags of every message. */
  readonly list: number;
  /** The last hundred messages, whole. */
  readonly fetch: number;
  /** How many messages were listed, and fetched. */
  readonly counts: readonly [listed: number, fetched: number];
}

/** Logs in, lists the inbox and fetches the last hundred messages, as a program does that sees the mailbox for the first time. */
export async function readInbox(account: Account): Promise<ImapReading> {
  const client = imapClient(account);
  const start = performance.now();
  await client.connect();
  try {
    const connected = performance.now();
    const { exists } = await client.mailboxOpen("INBOX");
    let listed = 0;
    for await (const { uid } of client.fetch("1:*", { uid: true, flags: true })) if (uid > 0) listed += 1;
    const known = performance.now();
    let fetched = 0;
    for await (const { source } of client.fetch(`${Math.max(1, exists - 99)}:*`, { source: true })) if (source !== undefined) fetched += 1;
    return { logIn: connected - start, list: known - connected, fetch: performance.now() - known, counts: [listed, fetched] };
  } finally {
    await client.logout();
  }
}
