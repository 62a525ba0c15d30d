/** Files of a machine that is on, looked at from outside it, so that looking costs the machine nothing. */
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { hostNamed } from "../lab/command/hosts-of";
import { initOf } from "../lab/hosts/host";
import type { LabUnderTest } from "../test/lab/lab-under-test";

const VOLUME = "srv/mailserver";

/** The root of a machine's files, as this machine sees it. */
export function rootOf(it: LabUnderTest, key: string): string {
  const init = initOf(it.lab, hostNamed(it.lab, key));
  if (init === undefined) throw new Error(`${key} is off`);
  return `/proc/${init}/root`;
}

const onVolume = (it: LabUnderTest, key: string, path: string): string => join(rootOf(it, key), VOLUME, path);

/** Of an exchanger; the outside world's Postfix has Debian's. */
const spoolOf = (it: LabUnderTest, key: string): string =>
  key === "outside" ? join(rootOf(it, key), "var/spool/postfix") : onVolume(it, key, "spool/postfix");

const names = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** New mails in a mailbox. */
export function mailsOf(it: LabUnderTest, address: string): number {
  const [user = "", domain = ""] = address.split("@");
  return names(onVolume(it, "mx1", `mail/${domain}/${user}/Maildir/new`)).length;
}

/** Messages in one of Postfix's queues, hashed into folders or not. */
export function messagesIn(it: LabUnderTest, key: string, queue: "incoming" | "active" | "deferred"): number {
  const folder = join(spoolOf(it, key), queue);
  return names(folder).reduce((count, name) => count + (name.length === 1 ? names(join(folder, name)).length : 1), 0);
}

/** Whether Dovecot's LMTP greets. */
export function lmtpAnswers(it: LabUnderTest): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(spoolOf(it, "mx1"), "private/dovecot-lmtp"));
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on("error", () => end(false));
    socket.once("data", (data) => end(data.toString().startsWith("220")));
  });
}
