/** Files of a machine that is on, looked at from outside it, so that looking costs the machine nothing. */
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { hostNamed } from "../lab/command/hosts-of";
import { initOf } from "../lab/hosts/host";
import type { LabUnderTest } from "../test/lab/lab-under-test";

const VOLUME = "srv/mailserver";
const SPOOL = "spool/postfix";

function onVolume(it: LabUnderTest, key: string, path: string): string {
  const init = initOf(it.lab, hostNamed(it.lab, key));
  if (init === undefined) throw new Error(`${key} is off`);
  return join(`/proc/${init}/root`, VOLUME, path);
}

const names = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** New mails in a mailbox. */
export function mailsOf(it: LabUnderTest, address: string): number {
  const [user = "", domain = ""] = address.split("@");
  return names(onVolume(it, "mx1", `mail/${domain}/${user}/Maildir/new`)).length;
}

/** Messages in one of Postfix's queues, hashed into folders or not. */
export function messagesIn(it: LabUnderTest, key: string, queue: "incoming" | "active" | "deferred"): number {
  const folder = onVolume(it, key, `${SPOOL}/${queue}`);
  return names(folder).reduce((count, name) => count + (name.length === 1 ? names(join(folder, name)).length : 1), 0);
}

/** Whether Dovecot's LMTP greets. */
export function lmtpAnswers(it: LabUnderTest): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(onVolume(it, "mx1", `${SPOOL}/private/dovecot-lmtp`));
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on("error", () => end(false));
    socket.once("data", (data) => end(data.toString().startsWith("220")));
  });
}
