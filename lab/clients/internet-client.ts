import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Lab } from "../lab";
import { inNetwork } from "../network/links";
import type { deeds, Reply, Request } from "./mail-agent";

type Deeds = typeof deeds;

/** Mail clients on the lab's internet, used from a process that is not there. */
export type InternetClient = Deeds & {
  /** Ends the process on the internet. */
  close(): void;
};

/** Starts the clients of this lab. */
export function internetClient(lab: Lab): InternetClient {
  const [command = "", ...prefix] = inNetwork(lab, "internet");
  const agent = join(__dirname, "mail-agent.ts");
  const child = spawn(command, [...prefix, process.execPath, "--import", require.resolve("tsx"), agent], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on("error", failAll);
  child.on("exit", () => failAll(new Error("the mail clients on the lab's internet ended")));
  child.on("message", ({ id, value, error }: Reply) => {
    const request = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) request?.resolve(value);
    else request?.reject(new Error(error));
  });
  let requests = 0;
  const ask =
    (deed: keyof Deeds) =>
    (...args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const request: Request = { id: (requests += 1), deed, args };
        waiting.set(request.id, { resolve, reject });
        child.send(request, (error) => {
          if (error !== null) reject(error);
        });
      });
  return {
    send: ask("send"),
    inboxByImap: ask("inboxByImap"),
    inboxByPop3: ask("inboxByPop3"),
    greeting: ask("greeting"),
    connects: ask("connects"),
    exchangersOf: ask("exchangersOf"),
    dialogue: ask("dialogue"),
    manageSieve: ask("manageSieve"),
    useImapExtensions: ask("useImapExtensions"),
    readInbox: ask("readInbox"),
    mailboxAsSeen: ask("mailboxAsSeen"),
    putByImap: ask("putByImap"),
    uidlsByPop3: ask("uidlsByPop3"),
    openImapSession: ask("openImapSession"),
    imapSessionNow: ask("imapSessionNow"),
    gatherCrowd: ask("gatherCrowd"),
    crowdNow: ask("crowdNow"),
    sendCrowdHome: ask("sendCrowdHome"),
    close: () => {
      if (child.connected) child.disconnect();
    },
  } as InternetClient;
}
