import type { ImapFlow } from "imapflow";
import { type Account, imapClient, subjects } from "./imap";

/** What a person with an open mail program has noticed. */
export interface ImapSession {
  /** Whether the session that was opened is still the same one. */
  readonly open: boolean;
  /** Subjects in the inbox, as this session sees it; none once it broke. */
  readonly inbox: readonly string[];
  /** Longest wait for an answer so far, in milliseconds. */
  readonly slowestMs: number;
}

const EVERY_MS = 250;

interface Opened {
  readonly client: ImapFlow;
  slowestMs: number;
}

const opened = new Map<string, Opened>();

/** Logs in and stays, asking again and again for news (NOOP) as mail programs do; nothing is opened again when it breaks. One for each name. */
export async function openImapSession(account: Account, name = ""): Promise<void> {
  const client = imapClient(account);
  await client.connect();
  await client.mailboxOpen("INBOX");
  const session: Opened = { client, slowestMs: 0 };
  opened.set(name, session);
  const look = async (): Promise<void> => {
    const asked = performance.now();
    await client.noop();
    session.slowestMs = Math.max(session.slowestMs, performance.now() - asked);
    if (client.usable) setTimeout(() => void look().catch(() => {}), EVERY_MS);
  };
  void look().catch(() => {});
}

export async function imapSessionNow(name = ""): Promise<ImapSession> {
  const session = opened.get(name);
  const open = session?.client.usable === true;
  return {
    open,
    inbox: session !== undefined && open ? await subjects(session.client) : [],
    slowestMs: Math.round(session?.slowestMs ?? 0),
  };
}
