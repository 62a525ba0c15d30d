import { readState } from "../cloud/store";
import { killExchanger, startExchanger } from "../command/power";
import { hostNamed } from "../command/hosts-of";
import { runOn } from "../hosts/run-on";
import { domainOf } from "./cast";
import type { Drill } from "./drill";
import { type Outcome, outcomeLabels } from "./outcome";
import type { Stage } from "./stage";

/** Mails sent to the backup by clients, besides the one that the outside world's own Postfix sends. */
const MAILS = 10;

export interface FailoverFigures extends Outcome {
  /** The backup's answer to an unknown recipient while the primary was dead, and how long it took. */
  readonly unknownRecipient: { readonly code: number; readonly milliseconds: number };
  /** Seconds between the plug and the primary's next greeting. */
  readonly primaryAway: number;
  /** Seconds from the primary's greeting until held mail was in the mailbox. */
  readonly firstHeldMail: number;
  readonly allHeldMail: number;
  readonly outboundPort25: "open" | "closed";
}

export const failover: Drill<FailoverFigures> = {
  name: "failover",
  description: "the primary's plug is pulled; the backup takes the mail and hands it over when the primary is back",
  labels: {
    ...outcomeLabels,
    unknownRecipient: "the backup's answer to an unknown recipient",
    primaryAway: "seconds from the plug to the primary's next greeting",
    firstHeldMail: "seconds from that greeting to the first held mail in the mailbox",
    allHeldMail: "seconds from that greeting to all of it",
    outboundPort25: "the account's outbound port 25",
  },
  play,
};

async function play(stage: Stage): Promise<FailoverFigures> {
  const { lab, clients } = stage;
  const { primary, backup, person, sender } = stage.cast;

  const before = await stage.fromOutside("before");
  stage.say("sender", `outside: a mail from ${sender} to ${person.user}; its Postfix looks up the MX and finds ${primary.fqdn}`);
  await stage.home([before], 60);
  stage.accepted(before);
  stage.say("person", "it is in the mailbox, read by IMAP over TLS");
  const byPop3 = await clients.inboxByPop3(person);
  stage.expect("person", "the same mail by POP3", byPop3.includes(before), byPop3);
  stage.say("person", "and by POP3 over TLS");
  await toSystemUser(stage);

  stage.willNeed({ power: primary.key });
  await killExchanger(lab, primary.key);
  const plug = Date.now();
  const back = stage.lasts("primary", "bad", "off");
  stage.say("primary", "plug pulled");
  const answers = await clients.connects(primary.ipv4, 25, 1500);
  stage.expect("primary", "no answer on port 25", !answers, "a connection");
  stage.say("sender", `nobody answers at ${primary.fqdn} (MX ${primary.preference}); senders go on to ${backup.fqdn}`);

  const patient = await stage.fromOutside("outside");
  const sent = await Promise.all(Array.from({ length: MAILS }, (_, index) => stage.byMx(`held-${index}`)));
  const tokens = sent.filter(({ by }) => by === backup).map(({ token }) => token);
  stage.expect("backup", `${MAILS} mails answered 250`, tokens.length === MAILS, sent);
  stage.say("backup", `${tokens.length} mails taken, each answered 250`);
  const asked = Date.now();
  const unknown = await clients.send(
    { host: backup.ipv4, port: 25 },
    { from: sender, to: `nobody-${stage.tag}@${domainOf(person.user)}`, token: stage.tag },
  );
  const unknownRecipient = { code: unknown.code, milliseconds: Date.now() - asked };
  stage.expect("backup", "an unknown recipient refused with 550", unknown.code === 550, unknown.text);
  stage.say("backup", `an unknown recipient refused at once: ${unknown.text}`);
  stage.say("sender", "outside: its Postfix waits for the dead primary before it tries the next MX (30 s, smtp_connect_timeout)");
  await stage.until("outside's Postfix to hand its mail to the backup", 90, async () => (await stage.queues("outside")) === 0);
  stage.accepted(patient);
  stage.say("backup", `holds ${await stage.queues(backup.key)} mails on its volume`);
  const { port25 } = readState(lab);
  if (port25 === "closed") {
    const out = await runOn(lab, hostNamed(lab, backup.key), [
      "timeout",
      "3",
      "bash",
      "-c",
      `exec 3<>/dev/tcp/${lab.addresses.outside}/25`,
    ]);
    stage.expect("backup", "no way out on port 25", out.exitCode !== 0, "a connection");
    stage.say("backup", "outbound port 25 is closed, as on every new AWS account; the mail goes home on the peer port");
  }
  // That the books of the page have seen what is held.
  await stage.until("the count of what is held", 10, async () => stage.mostHeld > tokens.length);

  await startExchanger(lab, primary.key);
  stage.say("primary", "power on");
  await stage.until(`a greeting of ${primary.fqdn}`, 120, () => clients.greeting(primary.ipv4, 25, 1000), 50);
  const greeted = Date.now();
  back();
  stage.say("primary", `greets on port 25, ${((greeted - plug) / 1000).toFixed(1)} s after the plug`);
  const wanted = [patient, ...tokens];
  await stage.until("the first held mail", 300, async () => (await stage.copies(wanted)).some((copies) => copies > 0), 50);
  const firstHeldMail = (Date.now() - greeted) / 1000;
  stage.say("person", `the first held mail is in the mailbox, ${firstHeldMail.toFixed(1)} s after the greeting`);
  await stage.home(wanted, 300);
  const allHeldMail = (Date.now() - greeted) / 1000;
  stage.say("person", `all of it, ${allHeldMail.toFixed(1)} s after the greeting`);
  return {
    ...(await stage.settle({ tokens: wanted })),
    unknownRecipient,
    primaryAway: (greeted - plug) / 1000,
    firstHeldMail,
    allHeldMail,
    outboundPort25: port25,
  };
}

/** `mail -s` on the host itself, to an account of the host, who reads it there with mailutils. Left out where the stack has no system user. */
async function toSystemUser(stage: Stage): Promise<void> {
  const { primary, plan } = stage.cast;
  const user = plan.systemUsers[0]?.name;
  if (user === undefined) return;
  const subject = `from-the-host-${stage.tag}`;
  await stage.sh(primary.key, `mail -s ${subject} ${user}`, "Written on the host.\n");
  // Not by asking mail(1) again and again: its look at a Maildir takes away what Dovecot is just writing to tmp/, which then comes a minute later.
  await stage.until(
    `the mail to ${user}`,
    60,
    async () => (await stage.sh(primary.key, `grep -rs '^Subject: ${subject}' /srv/mailserver/homes/${user}/Maildir/new || :`)) !== "",
  );
  const seen = await stage.sh(primary.key, `su - ${user} -c 'mail -H'`);
  stage.accepted(subject);
  stage.expect("primary", `${user} to see it`, seen.includes(subject), seen);
  stage.say("primary", `mail -s from the host to ${user}, who sees it with: su - ${user} -c mail`);
}
