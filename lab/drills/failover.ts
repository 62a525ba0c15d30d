import { randomBytes } from "node:crypto";
import { readState } from "../cloud/store";
import { internetClient } from "../clients/internet-client";
import { hostNamed } from "../command/hosts-of";
import { planOf } from "../command/plan-of";
import { killExchanger, startExchanger } from "../command/power";
import { statusOf } from "../command/status";
import { runOn } from "../hosts/run-on";
import type { Lab } from "../lab";
import { OUTSIDE_DOMAIN } from "../services/zone-file";
import { queued } from "../hosts/mail-queue";
import { until } from "../until";

/** Mails sent to the backup by clients, besides the one that the outside world's own Postfix sends. */
const MAILS = 10;

export interface FailoverFigures {
  /** Mails that were answered 250 while the primary was dead. */
  readonly accepted: number;
  /** Of these, in the mailbox at the end. */
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Most mails in the backup's queue, and what was left at the end. */
  readonly held: number;
  readonly leftInQueues: number;
  /** The backup's answer to an unknown recipient while the primary was dead, and how long it took. */
  readonly unknownRecipient: { readonly code: number; readonly milliseconds: number };
  /** Seconds between the plug and the primary's next greeting. */
  readonly primaryAway: number;
  /** Seconds from the primary's greeting until held mail was in the mailbox. */
  readonly firstHeldMail: number;
  readonly allHeldMail: number;
  readonly outboundPort25: "open" | "closed";
}

/** The primary's plug is pulled, the backup takes the mail, the primary comes back, and what was held comes home. */
export async function run(lab: Lab, report: (line: string) => void): Promise<FailoverFigures> {
  const began = Date.now();
  const say = (line: string): void => report(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  const status = statusOf(lab, true);
  const exchangers = Object.entries(status.hosts).filter(([, { kind }]) => kind === "exchanger");
  const named = (role: string): { key: string; ipv4: string; fqdn: string } => {
    const [key, host] = exchangers.find(([, it]) => it.role === role) ?? [];
    if (key === undefined || host === undefined) throw new Error(`the failover needs a ${role}; the lab's stack has none`);
    return { key, ipv4: host.ipv4, fqdn: host.fqdn };
  };
  const primary = named("primary");
  const backup = named("backup");
  const [user, password] = person(status.mailboxes);
  const account = { host: primary.ipv4, user, password };
  const sender = `anna@${OUTSIDE_DOMAIN}`;
  const tag = randomBytes(3).toString("hex");
  const clients = internetClient(lab);
  const inbox = (): Promise<string[]> => clients.inboxByImap(account);
  const arrived = (token: string, seconds: number): Promise<true> =>
    until(`mail ${token} in the mailbox of ${user}`, seconds, async () => (await inbox()).includes(token) || undefined);

  try {
    if (status.hosts[primary.key]?.power === "off") {
      say(`${primary.key} is off: switching it on first`);
      await startExchanger(lab, primary.key);
    }
    await until(`a greeting of ${primary.fqdn}`, 60, () => clients.greeting(primary.ipv4, 25, 2000));

    const first = `before-${tag}`;
    await fromOutside(lab, sender, user, first);
    say(`outside: a mail from ${sender} to ${user}; its Postfix looks up the MX and finds ${primary.fqdn}`);
    await arrived(first, 60);
    say(`${primary.key}: it is in the mailbox, read by IMAP over TLS`);
    if (!(await clients.inboxByPop3(account)).includes(first)) throw new Error(`POP3 does not show ${first}, which IMAP showed`);
    say(`${primary.key}: and by POP3 over TLS`);
    await toSystemUser(lab, primary.key, tag, say);

    const plug = Date.now();
    await killExchanger(lab, primary.key);
    say(`${primary.key}: plug pulled`);
    if ((await clients.greeting(primary.ipv4, 25, 1500)) !== undefined) throw new Error(`${primary.fqdn} still answers`);
    say(`senders: nobody answers at ${primary.fqdn} (MX ${status.hosts[primary.key]?.preference}); they go on to ${backup.fqdn}`);

    const patient = `outside-${tag}`;
    await fromOutside(lab, sender, user, patient);
    const tokens = Array.from({ length: MAILS }, (_, index) => `held-${tag}-${index}`);
    const answers = await Promise.all(
      tokens.map((token) => clients.send({ host: backup.ipv4, port: 25 }, { from: sender, to: user, token })),
    );
    const refused = answers.find(({ code }) => code !== 250);
    if (refused !== undefined) throw new Error(`${backup.fqdn} did not take a mail: ${refused.text}`);
    say(`${backup.key}: ${tokens.length} mails taken, each answered 250`);
    const asked = Date.now();
    const unknown = await clients.send(
      { host: backup.ipv4, port: 25 },
      { from: sender, to: `nobody-${tag}@${domainOf(user)}`, token: tag },
    );
    const unknownRecipient = { code: unknown.code, milliseconds: Date.now() - asked };
    if (unknown.code !== 550) throw new Error(`${backup.fqdn} should refuse an unknown recipient with 550; it said: ${unknown.text}`);
    say(`${backup.key}: an unknown recipient refused at once: ${unknown.text}`);
    say("outside: its own Postfix waits for the dead primary before it tries the next MX (30 s, smtp_connect_timeout)");
    await until("outside's Postfix to hand its mail to the backup", 90, async () => (await queued(lab, "outside")) === 0);
    const held = await queued(lab, hostNamed(lab, backup.key));
    say(`${backup.key}: holds ${held} mails on its volume`);
    const tried = await runOn(lab, hostNamed(lab, backup.key), [
      "timeout",
      "3",
      "bash",
      "-c",
      `exec 3<>/dev/tcp/${lab.addresses.outside}/25`,
    ]);
    if (tried.exitCode === 0) throw new Error("a host could send to port 25 outside, which the account does not allow");
    say(`${backup.key}: outbound port 25 is closed, as on every new AWS account; the mail goes home on the peer port`);

    await startExchanger(lab, primary.key);
    say(`${primary.key}: power on`);
    await until(`a greeting of ${primary.fqdn}`, 120, () => clients.greeting(primary.ipv4, 25, 1000), 50);
    const greeted = Date.now();
    say(`${primary.key}: greets on port 25, ${((greeted - plug) / 1000).toFixed(1)} s after the plug`);
    const wanted = [patient, ...tokens];
    const here = (subjects: string[]): number => wanted.filter((token) => subjects.includes(token)).length;
    await until("the first held mail", 300, async () => here(await inbox()) > 0, 50);
    const firstHeldMail = (Date.now() - greeted) / 1000;
    say(`${primary.key}: the first held mail is in the mailbox, ${firstHeldMail.toFixed(1)} s after the greeting`);
    await until("all held mail", 300, async () => here(await inbox()) === wanted.length, 50);
    const allHeldMail = (Date.now() - greeted) / 1000;
    say(`${primary.key}: all of it, ${allHeldMail.toFixed(1)} s after the greeting`);
    await until("empty queues", 60, async () => (await leftInQueues(lab, [primary.key, backup.key])) === 0);

    const subjects = await inbox();
    const delivered = here(subjects);
    const figures: FailoverFigures = {
      accepted: wanted.length,
      delivered,
      lost: wanted.length - delivered,
      duplicated: wanted.filter((token) => subjects.filter((subject) => subject === token).length > 1).length,
      held,
      leftInQueues: await leftInQueues(lab, [primary.key, backup.key]),
      unknownRecipient,
      primaryAway: (greeted - plug) / 1000,
      firstHeldMail,
      allHeldMail,
      outboundPort25: readState(lab).port25,
    };
    say(`${figures.accepted} taken, ${figures.lost} lost, ${figures.duplicated} twice; all queues are empty`);
    if (figures.lost > 0 || figures.duplicated > 0) throw new Error(`mail was lost or doubled: ${JSON.stringify(figures)}`);
    return figures;
  } finally {
    clients.close();
  }
}

async function leftInQueues(lab: Lab, keys: readonly string[]): Promise<number> {
  const counts = await Promise.all(keys.map((key) => queued(lab, hostNamed(lab, key))));
  return counts.reduce((sum, count) => sum + count, 0);
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);

function person(mailboxes: { readonly [address: string]: { readonly password?: string } }): [string, string] {
  for (const [address, { password }] of Object.entries(mailboxes)) if (password !== undefined) return [address, password];
  throw new Error("the failover needs a mailbox with a password; the lab's stack has none");
}

async function fromOutside(lab: Lab, from: string, to: string, token: string): Promise<void> {
  const text = `From: ${from}\nTo: ${to}\nSubject: ${token}\n\nSent by a Postfix that knows of this mail system only what DNS says.\n`;
  const { exitCode, stderr } = await runOn(lab, "outside", ["sendmail", "-f", from, to], text);
  if (exitCode !== 0) throw new Error(`outside could not send: ${stderr}`);
}

/** `mail -s` on the host itself, to an account of the host, who reads it there with mailutils. Left out where the stack has no system user. */
async function toSystemUser(lab: Lab, primary: string, tag: string, say: (line: string) => void): Promise<void> {
  const user = planOf(lab)?.systemUsers[0]?.name;
  if (user === undefined) return;
  const host = hostNamed(lab, primary);
  const subject = `from-the-host-${tag}`;
  await runOn(lab, host, ["mail", "-s", subject, user], "Written on the host.\n");
  await until(`the mail to ${user}`, 30, async () => {
    const { stdout } = await runOn(lab, host, ["su", "-", user, "-c", "mail -H"]);
    return stdout.includes(subject);
  });
  say(`${primary}: mail -s from the host to ${user}, who sees it with: su - ${user} -c mail`);
}
