/** Mails sent by many clients at once, and what became of them. */
import { randomBytes } from "node:crypto";
import type { Answer } from "../../lab/clients/smtp";
import { until } from "../../lab/until";
import { OUTSIDE_DOMAIN } from "../../lab/services/zone-file";
import type { LabUnderTest } from "./lab-under-test";

export const SENDER = `anna@${OUTSIDE_DOMAIN}`;

/** One message each: no alias that reaches two people. */
export const RECIPIENTS = ["alice@example.test", "bob@example.test", "carol@club.test", "master@example.test", "alice+news@example.test"];

export const recipient = (index: number): string => RECIPIENTS[index % RECIPIENTS.length] ?? "";

export const newToken = (): string => randomBytes(8).toString("hex");

/** Works on the jobs, `width` at a time. */
export async function inParallel<T>(width: number, jobs: Iterable<T>, work: (job: T) => Promise<void>): Promise<void> {
  const left = jobs[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let job = left.next(); job.done !== true; job = left.next()) await work(job.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** One mail to an exchanger's port 25. Undefined where nobody answers there, or the session breaks. */
export async function offer(it: LabUnderTest, host: string, to: string, token: string): Promise<Answer | undefined> {
  // A dead host is passed over sooner than a greeting may take: postscreen lets a new client wait for it.
  if (!(await it.clients.connects(host, 25, 1000))) return undefined;
  return it.clients.send({ host, port: 25 }, { from: SENDER, to, token }).catch(() => undefined);
}

/** Subjects of every message in every Maildir on the volume, as often as they are there. */
export async function inMaildirs(it: LabUnderTest, key: string): Promise<Map<string, number>> {
  const found = await it.sh(
    key,
    `cd /srv/mailserver
    find mail homes -type f \\( -path '*/Maildir/new/*' -o -path '*/Maildir/cur/*' \\) -exec grep -h -m 1 '^Subject: ' {} + || :`,
  );
  const counts = new Map<string, number>();
  for (const line of found.split("\n")) {
    const subject = line.replace(/^Subject: /, "").trim();
    if (subject !== "") counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  return counts;
}

/** Waits until a mail is in a Maildir; says in whose, and in which folder of it: `example.test/alice .Junk`, with nothing after the account for the inbox. */
export async function folderOf(it: LabUnderTest, token: string): Promise<string> {
  const path = await until(`mail ${token} in a Maildir`, 60, async () => {
    // What is in tmp is on its way.
    const found = await it.sh(
      "mx1",
      `cd /srv/mailserver && grep -rlE --include='*,S=*' '^Subject: ${token}' mail homes | grep -v /tmp/ || :`,
    );
    return found === "" ? undefined : found.trim();
  });
  const [, account = path, folder = ""] = /^(?:mail|homes)\/(.+)\/Maildir\/(?:(.+)\/)?(?:new|cur)\/[^/]+$/.exec(path) ?? [];
  return `${account} ${folder}`.trim();
}

/** Waits until these hosts' queues are empty. */
export async function emptyQueues(it: LabUnderTest, ...keys: string[]): Promise<void> {
  for (const key of keys) await until(`an empty queue on ${key}`, 120, async () => (await it.sh(key, "postqueue -j")) === "");
}

/** Sends one mail and waits until it is in a Maildir. */
export async function arrives(it: LabUnderTest, via: string, to: string): Promise<void> {
  const token = newToken();
  const answer = await it.clients.send({ host: it.address(via), port: 25 }, { from: SENDER, to, token });
  if (answer.code !== 250) throw new Error(`${via} did not take a mail for ${to}: ${answer.text}`);
  await lands(it, token);
}

export const lands = (it: LabUnderTest, token: string): Promise<number> =>
  until(`mail ${token} in a Maildir`, 60, async () => (await inMaildirs(it, "mx1")).get(token));
