import { ImapFlow } from "imapflow";

export interface Account {
  /** Address or name of the host. */
  readonly host: string;
  /** The whole address. */
  readonly user: string;
  readonly password: string;
}

/** A client that has not connected yet. */
export function imapClient(account: Account, port = 993): ImapFlow {
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
  return client;
}

/** Subjects of everything in the inbox, one entry a message. Rejects when the log-in is refused. */
export async function inboxByImap(account: Account, port?: number): Promise<string[]> {
  const client = imapClient(account, port);
  await client.connect();
  try {
    const lock = await client.getMailboxLock("INBOX");
    try {
      return await subjects(client);
    } finally {
      lock.release();
    }
  } finally {
    await client.logout();
  }
}

/** Of the mailbox that is open. */
export async function subjects(client: ImapFlow): Promise<string[]> {
  const found: string[] = [];
  if (client.mailbox !== false && client.mailbox.exists > 0) {
    for await (const { envelope } of client.fetch("1:*", { envelope: true })) found.push(envelope?.subject ?? "");
  }
  return found;
}
