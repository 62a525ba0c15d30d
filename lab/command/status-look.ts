import { runOn } from "../hosts/run-on";
import type { Lab } from "../lab";
import { hostNamed } from "./hosts-of";
import type { HostStatus, LabStatus, Smtp } from "./lab-status";

/** What a host says of itself when somebody looks. */
export interface Look {
  readonly smtp: Smtp;
  readonly queued: number;
  /** Messages in the inbox of each account that the host has. */
  readonly inboxes: { readonly [address: string]: number };
}

/** From the host itself, where postscreen lets nobody wait; port 25 tells a full server by 421, or by nothing while there is room to wait. */
const LOOK = `
bash -c 'exec 3<>/dev/tcp/127.0.0.1/25 || exit; IFS= read -r -t 5 line <&3; echo "greeting \${line:0:3}"' 2>/dev/null
echo "queued $(postqueue -j | wc -l)"
! command -v doveadm >/dev/null || doveadm -f flow mailbox status -A messages INBOX | sed 's/^/inbox /'
`;

/** Status with what every host that is on says of itself. */
export async function lookedAt(lab: Lab, status: LabStatus): Promise<LabStatus> {
  const inboxes: Record<string, number> = {};
  const hosts = await Promise.all(
    Object.entries(status.hosts).map(async ([name, host]): Promise<[string, HostStatus]> => {
      if (host.power === "off") return [name, host];
      const look = readLook((await runOn(lab, hostNamed(lab, name), ["sh", "-uc", LOOK])).stdout);
      Object.assign(inboxes, look.inboxes);
      return [name, { ...host, smtp: look.smtp, queued: look.queued }];
    }),
  );
  const mailboxes = Object.entries(status.mailboxes).map(([address, mailbox]) => {
    const messages = inboxes[address];
    return [address, messages === undefined ? mailbox : { ...mailbox, messages }];
  });
  return { ...status, hosts: Object.fromEntries(hosts), mailboxes: Object.fromEntries(mailboxes) };
}

export function readLook(said: string): Look {
  const greeting = /^greeting ?(.*)$/m.exec(said)?.[1];
  const inboxes = [...said.matchAll(/^inbox (\S+) .*messages=(\d+)/gm)].map(([, address = "", count]) => [address, Number(count)]);
  return {
    smtp: greeting === undefined ? "closed" : greeting === "220" ? "serving" : "busy",
    queued: Number(/^queued (\d+)$/m.exec(said)?.[1] ?? 0),
    inboxes: Object.fromEntries(inboxes) as Record<string, number>,
  };
}
