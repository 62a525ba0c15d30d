/** A process on the lab's internet that sends and reads mail for one that is not; `internet-client.ts` starts it and talks to it over Node's channel. */
import { connect } from "node:net";
import { type Account, inboxByImap } from "./imap";
import { crowdNow, gatherCrowd, sendCrowdHome } from "./crowd";
import { exchangersOf } from "./exchangers-of";
import { readInbox } from "./imap-reading";
import { imapSessionNow, openImapSession } from "./imap-session";
import { manageSieve } from "./managesieve";
import { useImapExtensions } from "./imap-extensions";
import { mailboxAsSeen, putByImap } from "./mailbox-as-seen";
import { inboxByPop3, uidlsByPop3 } from "./pop3";
import { send } from "./smtp";
import { dialogue } from "./smtp-dialogue";

/** What it can do. Every one is plain data in and out. */
export const deeds = {
  send,
  inboxByImap: (account: Account, port?: number) => inboxByImap(account, port),
  inboxByPop3,
  greeting,
  connects,
  exchangersOf,
  dialogue,
  manageSieve,
  useImapExtensions,
  readInbox,
  mailboxAsSeen,
  putByImap,
  uidlsByPop3,
  openImapSession,
  imapSessionNow,
  gatherCrowd,
  crowdNow,
  sendCrowdHome,
};

/** The first line that a server says, or `undefined` when nothing is connected or said within `timeout` milliseconds. */
function greeting(host: string, port: number, timeout: number, localAddress?: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, localAddress });
    const end = (line?: string): void => {
      socket.destroy();
      resolve(line);
    };
    socket.setTimeout(timeout, () => end());
    socket.on("error", () => end());
    socket.on("close", () => end());
    socket.once("data", (data) => end(data.toString().split("\r\n")[0]));
  });
}

/** Whether a connection comes about within `timeout` milliseconds, whatever is said then. */
function connects(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(timeout, () => end(false));
    socket.on("error", () => end(false));
    socket.on("connect", () => end(true));
  });
}

export interface Request {
  readonly id: number;
  readonly deed: keyof typeof deeds;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

process.on("message", ({ id, deed, args }: Request) => {
  const reply = (outcome: Omit<Reply, "id">): void => void process.send?.({ id, ...outcome });
  (deeds[deed] as (...args: readonly unknown[]) => Promise<unknown>)(...args).then(
    (value) => reply({ value }),
    (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
// A library's socket that fails after its answer was given is no reason to end.
process.on("uncaughtException", () => {});
