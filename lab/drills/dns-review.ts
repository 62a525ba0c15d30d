import { setTimeout as pause } from "node:timers/promises";
import type { Report } from "../../dns/review/report";
import type { Account } from "../clients/imap";
import { readState } from "../cloud/store";
import { statusOf } from "../command/status";
import { domainOf } from "./cast";
import { type DeclaredDomain, OperatorDesk } from "./operator-desk";
import type { Drill } from "./drill";
import { type Outcome, outcomeLabels } from "./outcome";
import type { Stage } from "./stage";

const RULE = "mx-last-removed";
/** What was deployed, as the branch that the change is to go into has it, and what name servers say today. */
const AGAINST = ["--against", "git:HEAD", "--against", "live"];
/** Between two mails of the sender that goes on all the time. */
const PAUSE_MS = 500;

export interface DnsReviewFigures extends Outcome {
  /** The rule that blocks the first change. */
  readonly blockedBy: string;
  /** Exit statuses of `mailserver dns`, in the order of the drill. */
  readonly statuses: string;
  /** Whether the deploy had the checksum of the review. */
  readonly checksumKept: boolean;
  /** Changes of records that were reviewed, and of these, not as reviewed in the live zone after the deploy. */
  readonly changes: number;
  readonly notLive: number;
  /** Seconds of one review, and of the deploy. */
  readonly review: number;
  readonly deploy: number;
}

export const dnsReview: Drill<DnsReviewFigures> = {
  name: "dns-review",
  description: "the last MX of a domain is to go by mistake; the review blocks it, and the repaired change is deployed by its checksum",
  labels: {
    ...outcomeLabels,
    accepted: "mails taken meanwhile",
    blockedBy: "the rule that blocks the mistake",
    statuses: "exit statuses: the mistake, repaired, changed meanwhile, as reviewed, afterwards, drift",
    checksumKept: "what was deployed has the checksum of the review",
    changes: "changes of records that were reviewed",
    notLive: "of these, not in the live zone after the deploy",
    review: "seconds of a review, against git and the live zone",
    deploy: "seconds of the deploy",
  },
  play,
};

async function play(stage: Stage): Promise<DnsReviewFigures> {
  const { old, fresh, account } = parts(stage);
  const desk = new OperatorDesk(stage.lab);
  const sending = keepSending(stage, account);
  try {
    stage.say("sender", `outside: mail to ${account.user}, one after the other, until the end`);
    const { domains, exchangers } = desk.deployed;

    desk.write({ exchangers, domains: domains.map((domain) => (domain.name === old ? renamed(domain, fresh) : domain)) });
    stage.say("operator", `${old} is to be called ${fresh}: somebody writes the new name over the old one, and asks for a review`);
    const blocked = await desk.preview(AGAINST);
    const finding = allFindings(blocked.report).find(({ rule }) => rule === RULE);
    stage.expect("operator", `exit status 3 and ${RULE}`, blocked.status === 3 && finding !== undefined, blocked.said);
    stage.say("operator", `the review ends with ${blocked.status}, ${RULE}: ${finding?.message ?? "nothing"} ${finding?.fix ?? ""}`);
    stage.keep("blocked.md", blocked.markdown);

    const repaired = domains.flatMap((domain) => (domain.name === old ? [domain, { name: fresh, aliases: toOld(domain) }] : [domain]));
    desk.write({ exchangers, domains: repaired });
    stage.say("operator", `repaired: ${old} stays, and ${fresh} leads to its mailboxes`);
    const asked = Date.now();
    const passed = await desk.preview([...AGAINST, "--json", "review.json"]);
    const review = (Date.now() - asked) / 1000;
    const changes = changesIn(passed.report);
    const checksum = passed.report?.checksum ?? "";
    stage.expect("operator", "exit status 0", passed.status === 0, passed.said);
    stage.say(
      "operator",
      `the review ends with ${passed.status}: ${changes} changes, and its checksum begins with ${checksum.slice(0, 12)}`,
    );
    stage.keep("review.md", passed.markdown);

    const { key, preference } = stage.cast.backup;
    desk.write({ exchangers: { ...exchangers, [key]: { ...exchangers[key], preference: preference + 5 } }, domains: repaired });
    const other = await desk.preview([...AGAINST, "--expect-checksum", "review.json"]);
    const difference = /^ *not reviewed: .*$/m.exec(other.said)?.[0].trim();
    stage.expect("operator", "exit status 3 and what was not reviewed", other.status === 3 && difference !== undefined, other.said);
    stage.say(
      "operator",
      `after the review somebody changes a preference; the deploy is stopped with ${other.status}, ${difference ?? "nothing"}`,
    );
    desk.write({ exchangers, domains: repaired });
    const same = await desk.preview([...AGAINST, "--expect-checksum", checksum]);
    const checksumKept = same.status === 0 && same.report?.checksum === checksum;
    stage.expect("operator", "exit status 0 with the checksum of the review", checksumKept, same.said);
    stage.say("operator", `that is taken back: ${same.status}, it is what was reviewed`);

    if (passed.status !== 0 || !checksumKept) throw new Error("what has not passed its review is not deployed");

    stage.willNeed({ deploy: "the stack file" });
    const deployed = stage.lasts("operator", "good", "pulumi up");
    const deploy = await stage.seconds(() => desk.deploy());
    deployed();
    stage.say("operator", `pulumi up is done, after ${deploy.toFixed(1)} s`);

    const after = await desk.preview(["--against", "live", "--expect-no-changes"]);
    const notLive = changesIn(after.report);
    stage.expect("operator", "the live zones to be the plan", after.status === 0 && notLive === 0, after.said);
    const drift = await desk.drift();
    stage.expect("operator", "no drift", drift.status === 0, drift.said);
    stage.say(
      "operator",
      `the live zones are the plan: ${after.status} by transfer of them whole, ${drift.status} by a stranger's queries`,
    );

    const address = `${account.user.slice(0, account.user.lastIndexOf("@"))}@${fresh}`;
    const last = await stage.fromOutside("new-name", address);
    await stage.home([last], 60, account);
    stage.accepted(last);
    stage.say("person", `a mail to ${address} is in the inbox of ${account.user}`);
    const tokens = [...(await sending.end()), last];
    await stage.home(tokens, 60, account);
    const statuses = [blocked, passed, other, same, after, drift].map(({ status }) => status).join(", ");
    return {
      ...(await stage.settle({ tokens, account })),
      blockedBy: finding?.rule ?? "nothing",
      statuses,
      checksumKept,
      changes,
      notLive,
      review,
      deploy,
    };
  } finally {
    await sending.end();
    desk.clear();
  }
}

/** The domain that is renamed, which is the last, since others seldom depend on that; somebody in it; and the name of a zone that is free. */
function parts({ lab, cast: { plan, primary } }: Stage): { readonly old: string; readonly fresh: string; readonly account: Account } {
  const passwords = Object.entries(statusOf(lab, true).mailboxes);
  const accounts = passwords.flatMap(([user, { password }]) => (password === undefined ? [] : [{ host: primary.ipv4, user, password }]));
  const old = plan.domains.map(({ name }) => name).findLast((name) => accounts.some(({ user }) => domainOf(user) === name));
  const account = accounts.find(({ user }) => domainOf(user) === old);
  if (old === undefined || account === undefined) throw new Error("this drill needs a domain with a mailbox; the lab's stack has none");
  const taken = [plan.hostZone.name, ...plan.domains.map(({ zone }) => zone.name)];
  const fresh = Object.values(readState(lab).zones).find(({ name }) => !taken.includes(name))?.name;
  if (fresh === undefined) throw new Error("this drill needs a zone that no domain is in; the lab's stack uses all of them");
  return { old, fresh, account };
}

const renamed = (domain: DeclaredDomain, name: string): DeclaredDomain => ({ ...domain, name, zone: undefined });

const toOld = ({ name, mailboxes = {} }: DeclaredDomain): { [local: string]: string[] } =>
  Object.fromEntries(Object.keys(mailboxes).map((local) => [local, [`${local}@${name}`]]));

const allFindings = (report: Report | undefined): Report["findings"] =>
  report === undefined ? [] : [...report.findings, ...report.domains.flatMap(({ findings }) => findings)];

function changesIn(report: Report | undefined): number {
  if (report === undefined) return NaN;
  const { create, update, delete: deleted } = report.summary;
  return create + update + deleted;
}

/** Mail from outside to somebody, one after the other has been handed on, until the end. */
function keepSending(stage: Stage, { user }: Account): { end(): Promise<string[]> } {
  const tokens: string[] = [];
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const token = await stage.fromOutside(`flow-${tokens.length}`, user);
      tokens.push(token);
      await stage.until("outside's Postfix to hand its mail on", 60, async () => (await stage.queues("outside")) === 0);
      stage.accepted(token);
      await pause(PAUSE_MS);
    }
  })();
  // Told to whoever waits for the end.
  sending.catch(() => {});
  return {
    end: async () => {
      isOver = true;
      await sending;
      return tokens;
    },
  };
}
