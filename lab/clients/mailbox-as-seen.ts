import type { ListResponse } from "imapflow";
import { type Account, imapClient } from "./imap";

/** A folder with everything by which a mail program knows it again. */
export interface FolderSeen {
  /** Levels of its name, without the prefix that all folders of a server have. */
  readonly path: string;
  readonly subscribed: boolean;
  readonly uidValidity: string;
  /** UID, flags and keywords, date of arrival (seconds), subject. */
  readonly messages: readonly string[];
}

/** Everything that a mail program sees in an account, folders by name. */
export async function mailboxAsSeen(account: Account): Promise<FolderSeen[]> {
  const client = imapClient(account);
  await client.connect();
  try {
    const seen: FolderSeen[] = [];
    for (const folder of await client.list()) {
      if (folder.flags.has("\\Noselect") || folder.flags.has("\\NonExistent")) continue;
      const { uidValidity, exists } = await client.mailboxOpen(folder.path);
      const found = exists === 0 ? [] : await client.fetchAll("1:*", { uid: true, flags: true, envelope: true, internalDate: true });
      const messages = found.map(({ uid, flags, envelope, internalDate }) => {
        const kept = [...(flags ?? [])].filter((flag) => flag !== "\\Recent").sort();
        return `${uid} ${kept.join(",")} ${Math.floor(new Date(internalDate ?? 0).getTime() / 1000)} ${envelope?.subject}`;
      });
      seen.push({ path: levels(folder), subscribed: folder.subscribed, uidValidity: String(uidValidity), messages });
    }
    return seen.sort((one, other) => (one.path < other.path ? -1 : 1));
  } finally {
    await client.logout();
  }
}

/** Puts a message into a folder, which is made and subscribed to where it is not there. */
export async function putByImap(account: Account, folder: readonly string[], flags: readonly string[], message: string): Promise<void> {
  const client = imapClient(account);
  await client.connect();
  try {
    const made = folder.length === 0 ? { path: "INBOX" } : await client.mailboxCreate([...folder]);
    if (folder.length > 0) await client.mailboxSubscribe(made.path);
    await client.append(made.path, message);
    const { exists } = await client.mailboxOpen(made.path);
    // Apart from the other: Courier takes no keywords with a new message.
    if (flags.length > 0) await client.messageFlagsAdd(String(exists), [...flags]);
  } finally {
    await client.logout();
  }
}

function levels({ path, delimiter }: ListResponse): string {
  const [first, ...rest] = path.split(delimiter);
  return first === "INBOX" && rest.length > 0 ? rest.join("/") : [first, ...rest].join("/");
}
