import { type Account, imapClient, subjects } from "./imap";

/** What a mail program does with the extensions of IMAP that it finds. */
export interface ImapExtensions {
  readonly capabilities: readonly string[];
  /** Subjects that the server told of by itself, while the program waited (IDLE, RFC 2177). */
  readonly announced: readonly string[];
  /** Subjects in the folder that a message was moved to (MOVE, RFC 6851). */
  readonly moved: readonly string[];
  /** How many messages had changed since a flag was set (CONDSTORE, RFC 7162), of how many. */
  readonly changed: readonly [number, number];
  /** Subjects of what a search of the text found. */
  readonly found: readonly string[];
}

/** Puts a message with this subject and word into the inbox by a second session, waits for it to be announced, searches for the word, sets a flag, moves it. */
export async function useImapExtensions(account: Account, subject: string, word: string): Promise<ImapExtensions> {
  const [client, other] = [imapClient(account), imapClient(account)];
  await Promise.all([client.connect(), other.connect()]);
  try {
    await client.mailboxOpen("INBOX");
    const news = new Promise<void>((resolve) => client.once("exists", () => resolve()));
    const idle = client.idle();
    await other.append(
      "INBOX",
      `Subject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOne ${word} in the text.\r\n`,
    );
    await news;
    const announced = await subjects(client);
    await idle;
    const hits = (await client.search({ body: word }, { uid: true })) as number[];
    const [uid] = hits;
    const found = (await client.fetchAll(hits, { envelope: true }, { uid: true })).map(({ envelope }) => envelope?.subject ?? "");
    const { highestModseq = 0n, exists = 0 } = client.mailbox === false ? {} : client.mailbox;
    await client.messageFlagsAdd([uid ?? 0], ["\\Flagged"], { uid: true });
    const changed = (await client.fetchAll("1:*", { flags: true }, { changedSince: highestModseq })).length;
    await client.mailboxCreate("Archive");
    await client.messageMove([uid ?? 0], "Archive", { uid: true });
    await client.mailboxOpen("Archive");
    return { capabilities: [...client.capabilities.keys()], announced, moved: await subjects(client), changed: [changed, exists], found };
  } finally {
    await Promise.all([client.logout(), other.logout()]);
  }
}
