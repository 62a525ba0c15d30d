import type { Drill } from "./drill";
import { type Outcome, outcomeLabels } from "./outcome";
import type { Stage } from "./stage";

const MAILS = 10;
/** Slow clients from each address of the crowd: less than one address may have, together more than the primary's processes and their waiting room. */
const FROM_EACH = 16;
/** Of postscreen: "All server ports are busy" to a new connection, "No system resources" to one that has just passed its tests. */
const BUSY = /^421 4\.3\.2 /;

export interface BusyFigures extends Outcome {
  /** Slow clients with a session on port 25, and what the others heard. */
  readonly slowSessions: number;
  readonly turnedAway: number;
  /** Mails that senders gave to the backup; whoever finds a place in the waiting room may be served by the primary after all. */
  readonly byBackup: number;
  /** The primary's answer to senders while it was busy. */
  readonly answer: string;
  /** Seconds that port 25 was full. */
  readonly full: number;
  /** Seconds from the first attempt of the senders until all their mail was in the mailbox, through the backup, while port 25 was still full. */
  readonly homeWhileFull: number;
  /** A log-in and a mail on port 465 meanwhile: milliseconds until its 250. */
  readonly submission: number;
  /** Of the IMAP session that a person had open all the time. */
  readonly sessionBreaks: number;
  /** Milliseconds. */
  readonly slowestAnswer: number;
}

export const busy: Drill<BusyFigures> = {
  name: "busy",
  description:
    "slow clients fill the primary's port 25 until it answers 421; senders use the backup, and people with mailboxes notice nothing",
  labels: {
    ...outcomeLabels,
    slowSessions: "sessions that slow clients kept open on port 25",
    turnedAway: "times that another of them was turned away",
    byBackup: "mails that senders gave to the backup",
    answer: "the primary's answer to senders",
    full: "seconds that port 25 was full",
    homeWhileFull: "seconds until mail was home through the backup, port 25 still full",
    submission: "milliseconds to log in and send on port 465 meanwhile",
    sessionBreaks: "breaks of the IMAP session that was open all the time",
    slowestAnswer: "milliseconds of its longest wait for an answer",
  },
  play,
};

async function play(stage: Stage): Promise<BusyFigures> {
  const { lab, clients } = stage;
  const { primary, backup, person } = stage.cast;
  /** Whether somebody who connects now is turned away, or hears nothing for a while. */
  const isFull = async (): Promise<boolean> => BUSY.test((await clients.greeting(primary.ipv4, 25, 2000)) ?? "421 4.3.2 ");

  await clients.openImapSession(person);
  const loggedOut = stage.lasts("person", "good", "IMAP session");
  stage.say("person", `${person.user} is logged in by IMAP and stays so`);
  const before = await stage.fromOutside("before");
  await stage.home([before], 30);
  stage.accepted(before);
  stage.say("sender", `outside: a mail through ${primary.fqdn}, as on every day`);

  // Postfix would stay in its stress mode for 1000 s; a reload ends it.
  stage.willNeed({ on: primary.key, script: "postfix reload 2>/dev/null" });
  await clients.gatherCrowd(primary.ipv4, lab.addresses.internetNeighbours, FROM_EACH);
  const gone = stage.lasts("sender", "bad", "slow clients");
  stage.say(
    "sender",
    `${lab.addresses.internetNeighbours.length * FROM_EACH} slow clients connect to ${primary.fqdn}, and wait for its greeting as they should`,
  );
  const processes = Number(await stage.sh(primary.key, "postconf -h default_process_limit"));
  const { greeted: slowSessions } = await stage.until(
    `${processes} sessions on port 25 of the primary, and a full waiting room`,
    60,
    async () => {
      const crowd = await clients.crowdNow();
      return crowd.greeted >= processes && (await isFull()) && crowd;
    },
  );
  const since = Date.now();
  const served = stage.lasts("primary", "bad", "port 25 full");
  stage.say("primary", `${slowSessions} sessions of slow clients take its ${processes} processes, and as many wait for one`);

  const first = Date.now();
  const sent = await Promise.all(Array.from({ length: MAILS }, (_, index) => stage.byMx(`held-${index}`)));
  const tokens = sent.filter(({ by }) => by !== undefined).map(({ token }) => token);
  const byBackup = sent.filter(({ by }) => by === backup).length;
  const answer = sent.flatMap(({ answers }) => answers.slice(0, 1)).find(({ text }) => BUSY.test(text))?.text ?? "";
  stage.expect("primary", "421 to senders", answer !== "" && byBackup > 0, sent);
  stage.say("primary", `answers senders: ${answer}`);
  stage.expect("backup", `${MAILS} mails taken`, tokens.length === MAILS, sent);
  stage.say("backup", `${byBackup} of ${MAILS} mails taken, each answered 250`);
  // One that finds a place in the waiting room is not turned away, and waits there: another mail each second until one is.
  const patient: string[] = [];
  await stage.until(
    "outside's Postfix to be told 421 and to give its mail to the backup",
    90,
    async () => {
      const heard = await stage.sh("outside", `journalctl -u 'postfix*' -o cat --since @${Math.floor(first / 1000)}`);
      if (heard.includes("refused to talk to me: 421 4.3.2") && heard.includes(`relay=${backup.fqdn}`)) return true;
      patient.push(await stage.fromOutside(`outside-${patient.length}`));
      return false;
    },
    1000,
  );
  stage.say("sender", `outside: its Postfix heard the same, and gave its mail to ${backup.fqdn}`);

  const started = Date.now();
  const mine = `submitted-${stage.tag}`;
  const submitted = await clients.send(
    { host: primary.ipv4, port: 465, security: "tls", login: { user: person.user, password: person.password } },
    { from: person.user, to: person.user, token: mine },
  );
  const submission = Date.now() - started;
  stage.expect("person", "a mail on port 465 to be taken", submitted.code === 250, submitted.text);
  if (submitted.code === 250) stage.accepted(mine);
  stage.say("person", `logs in and sends on port 465: ${submitted.code} after ${submission} ms`);

  const wanted = [mine, ...tokens];
  await stage.until("all of it in the inbox that is open", 60, async () => {
    const { inbox } = await clients.imapSessionNow();
    return wanted.every((token) => inbox.includes(token)) && patient.some((token) => inbox.includes(token));
  });
  const homeWhileFull = (Date.now() - first) / 1000;
  stage.expect("primary", "port 25 to be still full", await isFull(), "a greeting");
  stage.say("person", `${wanted.length + 1} mails are in the inbox; the backup's came on the peer port, which strangers cannot fill`);

  const { turnedAway } = await clients.crowdNow();
  await clients.sendCrowdHome();
  gone();
  stage.say("sender", "the slow clients go");
  await stage.until("a greeting of the primary", 60, async () => (await clients.greeting(primary.ipv4, 25, 2000))?.startsWith("220"));
  const full = (Date.now() - since) / 1000;
  served();
  stage.say("primary", `greets again, ${full.toFixed(1)} s after it was full`);
  await stage.until("outside's Postfix to hand the rest of its mail on", 60, async () => (await stage.queues("outside")) === 0);
  for (const token of patient) stage.accepted(token);
  const after = await stage.byMx("after");
  stage.expect("primary", "to take mail itself again", after.by === primary, after.answers);
  await stage.home([after.token], 30);
  stage.say("sender", `a mail through ${primary.fqdn} again`);

  const session = await clients.imapSessionNow();
  loggedOut();
  stage.expect("person", "the session to be open still", session.open, session);
  stage.say("person", `the session of the beginning is still open; its longest wait for an answer was ${session.slowestMs} ms`);
  return {
    ...(await stage.settle({ tokens: [...wanted, ...patient, after.token] })),
    byBackup,
    slowSessions,
    turnedAway: Object.values(turnedAway).reduce((sum, count) => sum + count, 0),
    answer,
    full,
    homeWhileFull,
    submission,
    sessionBreaks: session.open ? 0 : 1,
    slowestAnswer: session.slowestMs,
  };
}
