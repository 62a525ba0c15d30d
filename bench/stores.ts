/** The mailbox servers that a primary may have, and what each is to reach. */
import type { MailboxServer } from "../plan/types";
import type { LabUnderTest } from "../test/lab/lab-under-test";

export interface Store {
  readonly title: string;
  readonly mailboxServer: MailboxServer;
  /** Times a stock Postfix's CPU for a mail; MiB of an idle primary. */
  readonly goals: { readonly delivery?: number; readonly memory: number };
}

/** The default is the first. */
export const STORES: readonly [Store, ...Store[]] = [
  { title: "Dovecot", mailboxServer: "dovecot", goals: { delivery: 2.4, memory: 110 } },
  { title: "Courier", mailboxServer: "courier", goals: { memory: 80 } },
];

/** Makes the lab's primary one with this store. */
export async function storeOf(it: LabUnderTest, store: Store): Promise<void> {
  it.config["mailserver:mailboxServer"] = store.mailboxServer;
  await it.up();
}
