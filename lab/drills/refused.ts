import type { Drill } from "./drill";
import { type Outcome, outcomeLabels } from "./outcome";
import type { Stage } from "./stage";

const MAILS = 6;
const MAP = "/etc/postfix/mailboxes";
const SAFE = "/etc/postfix/mailboxes.before-the-drill";
const REPORT = "Held mail needs a look";

export interface RefusedFigures extends Outcome {
  /** The primary's answer to what the backup held. */
  readonly answer: string;
  /** Mails that it refused, as the backup's queue and its report say. */
  readonly refused: number;
  readonly reported: number;
  readonly bounces: number;
  /** Seconds from the repair until what was refused was in the mailbox. */
  readonly home: number;
}

export const refused: Drill<RefusedFigures> = {
  name: "refused",
  description: "the primary refuses for good what the backup holds; nothing bounces, it is reported, and comes home after the repair",
  labels: {
    ...outcomeLabels,
    answer: "the primary's answer to held mail",
    refused: "held mails that it refused",
    reported: "of these, in the report to the postmaster",
    bounces: "bounces",
    home: "seconds from the repair to all mail in the mailbox",
  },
  play,
};

async function play(stage: Stage): Promise<RefusedFigures> {
  const { primary, backup, person, neighbour, plan } = stage.cast;
  if (neighbour === undefined) throw new Error("this drill needs two mailboxes, one of them not the postmaster's; the lab's stack has not");
  const bouncesBefore = await stage.bounces();

  await stage.breaks(primary, "systemctl stop postfix.service", "systemctl start postfix.service");
  const back = stage.lasts("primary", "bad", "Postfix stopped");
  stage.say("primary", "an operator stops Postfix");
  const patient = await stage.fromOutside("outside", neighbour.user);
  const sent = await Promise.all(
    Array.from({ length: MAILS }, (_, index) => stage.byMx(`held-${index}`, index % 2 === 0 ? person.user : neighbour.user)),
  );
  stage.expect(
    "backup",
    `${MAILS} mails answered 250`,
    sent.every(({ by }) => by === backup),
    sent,
  );
  const to = (rest: number): string[] => sent.filter(({ by }, index) => by === backup && index % 2 === rest).map(({ token }) => token);
  const persons = to(0);
  const neighbours = [patient, ...to(1)];
  await stage.until("outside's Postfix to hand its mail to the backup", 60, async () => (await stage.queues("outside")) === 0);
  stage.accepted(patient);
  stage.say("backup", `holds ${await stage.queues(backup.key)} mails, ${neighbours.length} of them for ${neighbour.user}`);

  await stage.breaks(
    primary,
    `cp -p ${MAP} ${SAFE}; sed -i '/^${neighbour.user.replaceAll(".", "\\.")} /d' ${MAP}`,
    `[ ! -e ${SAFE} ] || { mv ${SAFE} ${MAP}; postfix reload 2>/dev/null; }`,
  );
  const repaired = stage.lasts("backup", "bad", "held mail refused");
  stage.say("primary", `the operator edits ${MAP} by hand, and loses the line of ${neighbour.user}`);
  await stage.sh(primary.key, "systemctl start postfix.service");
  back();
  stage.say("primary", "Postfix runs again, and asks for held mail");
  await stage.home(persons, 60);
  stage.say("person", `${person.user} has hers: ${persons.length} mails`);
  const reasons = await stage.until(`${neighbours.length} refusals in the backup's queue`, 60, async () => {
    const found = [...(await stage.sh(backup.key, "postqueue -j")).matchAll(/said: (5\d\d [^"]*)/g)].map(([, text = ""]) => text);
    return found.length === neighbours.length && found;
  });
  const answer = reasons[0] ?? "";
  stage.say("primary", `refuses the others: ${answer}`);

  await stage.sh(backup.key, "systemctl start mailserver-report.service");
  const journal = await stage.sh(backup.key, "journalctl -u mailserver-report.service -o cat --since -1min");
  const reported = Number(new RegExp(`${REPORT}: (\\d+) refused`).exec(journal)?.[1] ?? 0);
  stage.expect("backup", "the report to count them, in the journal", reported === neighbours.length, journal);
  await stage.until("the report in the postmaster's mailbox", 30, async () => {
    const since = Math.floor(stage.began.getTime() / 1000);
    return (
      (await stage.sh(
        primary.key,
        `find /srv/mailserver/mail /srv/mailserver/homes -type f -newermt @${since} -exec grep -h '^Subject: ${REPORT}' {} + || :`,
      )) !== ""
    );
  });
  stage.say("backup", `mailserver-report: ${reported} refused, in the journal and by mail to ${plan.postmaster}`);
  const told = (await stage.bounces()) - bouncesBefore;
  stage.expect("sender", "no bounce", told === 0, told);
  stage.say("sender", "nobody was told that a mail could not be delivered");

  await stage.sh(primary.key, `mv ${SAFE} ${MAP}; postfix reload 2>/dev/null`);
  repaired();
  const since = Date.now();
  stage.say("primary", "the line is back; the backup tries again by itself, after a wait that doubles up to 15 minutes");
  await stage.home(neighbours, 120, neighbour);
  const home = (Date.now() - since) / 1000;
  stage.say("person", `${neighbour.user} has hers too: ${neighbours.length} mails, ${home.toFixed(1)} s after the repair`);
  return {
    ...(await stage.settle({ tokens: persons }, { tokens: neighbours, account: neighbour })),
    answer,
    refused: reasons.length,
    reported,
    bounces: told,
    home,
  };
}
