import type { Exchanger } from "./cast";
import type { Drill } from "./drill";
import { type Outcome, outcomeLabels } from "./outcome";
import type { Stage } from "./stage";

const MAILS = 10;
/** Mails that are in the primary's own queue when its volume fills. */
const CAUGHT = 3;
const FULL = /^452 4\.3\.1 Insufficient system storage/;
const FILLER = "/srv/mailserver/filler";
/**
 * A queue manager that ended for want of a block is not started again for a minute (master(8), service_throttle_time), and what it deferred waits five
 * (minimal_backoff_time). After a restart it runs, and mailserver-handover has the queue tried at once.
 */
const RESTART = "systemctl restart postfix.service";

export interface DiskFullFigures extends Outcome {
  /** What a sender heard from each exchanger while its volume was full. */
  readonly primaryAnswer: string;
  readonly backupAnswer: string;
  /** Accepted mails that Dovecot had no room for, which stayed in the primary's queue. */
  readonly deferred: number;
  /** Seconds that the primary's volume was full, and from the room made there until all mail was in the mailbox. */
  readonly full: number;
  readonly home: number;
  /** Of mails to senders that say that theirs could not be delivered. */
  readonly bounces: number;
  /** Of the IMAP session that a person had open all the time. */
  readonly sessionBreaks: number;
  /** Milliseconds. */
  readonly slowestAnswer: number;
}

export const diskFull: Drill<DiskFullFigures> = {
  name: "disk-full",
  description:
    "the primary's volume is full, then the backup's too; nobody is told 5xx, IMAP goes on, and all mail comes home once there is room",
  labels: {
    ...outcomeLabels,
    primaryAnswer: "the primary's answer to senders",
    backupAnswer: "the backup's, when its volume was full too",
    deferred: "mails that waited in the primary's own queue",
    full: "seconds that the primary's volume was full",
    home: "seconds from the room made there to all mail in the mailbox",
    bounces: "bounces",
    sessionBreaks: "breaks of the IMAP session that was open all the time",
    slowestAnswer: "milliseconds of its longest wait for an answer",
  },
  play,
};

async function play(stage: Stage): Promise<DiskFullFigures> {
  const { clients } = stage;
  const { primary, backup, person } = stage.cast;

  await clients.openImapSession(person);
  const loggedOut = stage.lasts("person", "good", "IMAP session");
  stage.say("person", `${person.user} is logged in by IMAP and stays so`);
  const before = await stage.fromOutside("before");
  await stage.home([before], 30);
  stage.accepted(before);
  stage.say("sender", `outside: a mail through ${primary.fqdn}, as on every day`);
  const bouncesBefore = await stage.bounces();

  // Mail that was taken and is not delivered yet when the last block goes: the queue manager is stopped for that moment.
  await stage.breaks(primary, "pkill -STOP -x qmgr", `pkill -CONT -x qmgr || :; ${RESTART}`);
  const caught = await Promise.all(Array.from({ length: CAUGHT }, (_, index) => stage.byMx(`caught-${index}`)));
  stage.expect(
    "primary",
    `${CAUGHT} mails answered 250`,
    caught.every(({ by }) => by === primary),
    caught,
  );
  await fill(stage, primary);
  const since = Date.now();
  const room = stage.lasts("primary", "bad", "volume full");
  await stage.sh(primary.key, "pkill -CONT -x qmgr");
  stage.say("primary", `its volume is full to the last block, with ${caught.length} mails in the queue that it has taken`);
  const log = (host: Exchanger): Promise<string> => stage.sh(host.key, "journalctl -u 'postfix*' -o cat --since -2min");
  await stage.until("Dovecot to have no room for them", 30, async () => /status=deferred .*said: 4\d\d/.test(await log(primary)));
  const deferred = await stage.queues(primary.key);
  stage.expect("primary", "the mails to stay in its queue", deferred === CAUGHT, deferred);
  stage.say("primary", `Dovecot has no room for them; ${deferred} mails stay in its queue`);

  const patient = await stage.fromOutside("outside");
  const sent = await Promise.all(Array.from({ length: MAILS }, (_, index) => stage.byMx(`held-${index}`)));
  const primaryAnswer = sent[0]?.answers[0]?.text ?? "";
  stage.expect(
    "primary",
    "452 to every sender",
    sent.every(({ answers: [it] }) => it !== undefined && FULL.test(it.text)),
    sent,
  );
  stage.say("primary", `answers senders: ${primaryAnswer}`);
  stage.expect(
    "backup",
    `${MAILS} mails answered 250`,
    sent.every(({ by }) => by === backup),
    sent,
  );
  stage.say("backup", `${MAILS} mails taken, each answered 250`);
  await stage.until("outside's Postfix to hand its mail to the backup", 60, async () => (await stage.queues("outside")) === 0);
  stage.accepted(patient);
  const tokens = [patient, ...[...caught, ...sent].filter(({ by }) => by !== undefined).map(({ token }) => token)];
  await stage.until("the peer port's 452", 30, async () => /relay=\S+:4625, .*said: 452 4\.3\.1/.test(await log(backup)));
  stage.say("backup", `holds ${await stage.queues(backup.key)} mails: the primary's peer port, too, says 452`);

  const seen = await stage.copies([before]);
  const session = await clients.imapSessionNow();
  stage.expect("person", "both sessions to read mail", seen[0] === 1 && session.inbox.includes(before), { seen, session });
  stage.say("person", "reads mail, in the session of before and in a new one");

  await fill(stage, backup);
  const backupsRoom = stage.lasts("backup", "bad", "volume full");
  stage.say("backup", "its volume is full too");
  const late = await stage.fromOutside("late");
  const refused = await stage.byMx("nowhere");
  const backupAnswer = refused.answers[1]?.text ?? "";
  stage.expect("backup", "452 to every sender", FULL.test(backupAnswer), refused);
  stage.say("backup", `answers senders: ${backupAnswer}`);
  await stage.until("outside's Postfix to have tried both", 60, async () =>
    /\[452|said: 452/.test(await stage.sh("outside", "postqueue -j")),
  );
  stage.say("sender", "outside: its Postfix keeps its mail and will try again");

  await stage.sh(backup.key, `rm ${FILLER}`);
  backupsRoom();
  stage.say("backup", "room again");
  await stage.sh("outside", "postqueue -f");
  await stage.until("outside's Postfix to hand its mail to the backup", 60, async () => (await stage.queues("outside")) === 0);
  stage.accepted(late);
  stage.say("sender", "outside: its next try is taken");

  await stage.sh(primary.key, `rm ${FILLER}`);
  const emptied = Date.now();
  room();
  const full = (emptied - since) / 1000;
  stage.say("primary", "room again");
  await stage.until("the backup to hand over what it holds", 60, async () => (await stage.queues(backup.key)) === 0);
  stage.say("backup", "has handed over everything, by itself");
  await stage.sh(primary.key, RESTART);
  stage.say("primary", `${RESTART}: its own queue is delivered now and not in five minutes`);
  const wanted = [late, ...tokens];
  await stage.home(wanted, 60);
  const home = (Date.now() - emptied) / 1000;
  stage.say("person", `all ${wanted.length} mails are in the mailbox, ${home.toFixed(1)} s after there was room`);

  const afterwards = await clients.imapSessionNow();
  loggedOut();
  stage.expect("person", "the session to be open still", afterwards.open, afterwards);
  const told = (await stage.bounces()) - bouncesBefore;
  stage.expect("sender", "no bounce", told === 0, told);
  return {
    ...(await stage.settle({ tokens: wanted })),
    primaryAnswer,
    backupAnswer,
    deferred,
    full,
    home,
    bounces: told,
    sessionBreaks: afterwards.open ? 0 : 1,
    slowestAnswer: afterwards.slowestMs,
  };
}

/** Takes every block that programs can have. */
const fill = (stage: Stage, host: Exchanger): Promise<string> =>
  stage.breaks(host, `fallocate -l "$(df -B1 --output=avail /srv/mailserver | tail -n 1)" ${FILLER}`, `rm -f ${FILLER}`);
