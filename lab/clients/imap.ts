import { ImapFlow } from "imapflow";

export interface Account {
  /** Address or name of the host. */
  readonly host: string;
  /** The whole address. */
  readonly user: string;
  readonly password: string;
}

/** Subjects of everything in the inbox, one entry a message. Rejects when the log-in is refused. */
export async function inboxByImap(account: Account, port = 993): Promise<string[]> {
  const client = new ImapFlow({
    host: account.host,
    port,
    secure: port === 993,
    ...(port === 993 ? {} : { doSTARTTLS: true }),
    auth: { user: account.user, pass: account.password },
    tls: { rejectUnauthorized: false },
    logger: false,
  });
  // An error after the log-out is nobody's business.
  client.on("error", () => {});
  await client.connect();
  try {
    const lock = await client.getMailboxLock("INBOX");
    try {
      const subjects: string[] = [];
      if (client.mailbox !== false && client.mailbox.exists > 0) {
        for await (const { envelope } of client.fetch("1:*", { envelope: true })) subjects.push(envelope?.subject ?? "");
      }
      return subjects;
    } finally {
      lock.release();
    }
  } finally {
    await client.logout();
  }
}
