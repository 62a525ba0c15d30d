import { randomBytes } from "node:crypto";
import { type InternetClient, internetClient } from "../clients/internet-client";
import type { Account } from "../clients/imap";
import type { Answer } from "../clients/smtp";
import { hostNamed } from "../command/hosts-of";
import { statusOf } from "../command/status";
import { queued } from "../hosts/mail-queue";
import { runOn } from "../hosts/run-on";
import type { Lab } from "../lab";
import { until } from "../until";
import { type Cast, castOf, type Exchanger } from "./cast";
import { type Remedy, rememberRemedy } from "./remedies";
import type { Outcome } from "./outcome";
import type { Document, Event, Lane, Sample, Span, Timeline } from "./timeline";

const SAMPLE_MS = 250;

/** Where a drill is played: the lab, its people and their mail, a clock, and the book of what happened. */
export class Stage {
  readonly cast: Cast;
  readonly clients: InternetClient;
  /** In the subject of every mail of this run. */
  readonly tag = randomBytes(3).toString("hex");

  readonly began = new Date();
  readonly #events: Event[] = [];
  readonly #spans: Span[] = [];
  readonly #lasting = new Set<Omit<Span, "to">>();
  readonly #samples: Sample[] = [];
  readonly #unmet: string[] = [];
  readonly #documents: Document[] = [];
  readonly #interrupted: Promise<never>;
  readonly #accepted = new Set<string>();
  #sampling: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly lab: Lab,
    private readonly report: (line: string) => void,
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {
    this.cast = castOf(lab);
    this.clients = internetClient(lab);
    this.#interrupted = new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("interrupted"))));
    this.#interrupted.catch(() => {});
  }

  /** Every exchanger on and answering, no mail under way, and the counting begun. */
  async open(): Promise<void> {
    const { primary, backup } = this.cast;
    for (const { key, fqdn, ipv4 } of [primary, backup]) {
      if (statusOf(this.lab, false).hosts[key]?.power === "off")
        throw new Error(`${key} is off; switch it on first: npm run lab -- start ${key}`);
      await this.until(`a greeting of ${fqdn}`, 60, () => this.clients.greeting(ipv4, 25, 2000));
    }
    const hosts = [primary.key, backup.key, "outside"];
    for (const host of hosts) await this.sh(host, "postqueue -f");
    await this.until("empty queues before the drill", 60, async () => (await this.queues(...hosts)) === 0);
    const count = async (): Promise<void> => {
      await this.#sample();
      if (!this.#closed) this.#sampling = setTimeout(() => void count(), SAMPLE_MS);
    };
    await count();
  }

  /** The book, once nothing more happens. */
  close(): { readonly unmet: readonly string[]; readonly timeline: Timeline; readonly documents: readonly Document[] } {
    this.#closed = true;
    clearTimeout(this.#sampling);
    this.clients.close();
    const lasted = this.#now();
    for (const span of this.#lasting) this.#spans.push({ ...span, to: lasted });
    const timeline = { began: this.began, lasted, events: this.#events, spans: this.#spans, samples: this.#samples };
    return { unmet: this.#unmet, timeline, documents: this.#documents };
  }

  say(lane: Lane, text: string): void {
    this.signal.throwIfAborted();
    this.#write({ at: this.#now(), lane, text });
  }

  /** Keeps a text beside the page of the drill, under this name. */
  keep(name: string, text: string): void {
    this.#documents.push({ name, text });
  }

  /** Something that lasts until the function that it gives back is called, or the drill ends. */
  lasts(lane: Lane, tone: Span["tone"], text: string): () => void {
    const span = { lane, tone, text, from: this.#now() };
    this.#lasting.add(span);
    return () => {
      if (this.#lasting.delete(span)) this.#spans.push({ ...span, to: this.#now() });
    };
  }

  /** Notes an expectation that is not met, with what was seen instead; the drill goes on. */
  expect(lane: Lane, what: string, met: boolean, seen: unknown): void {
    if (!met) this.fail(`expected ${what}; seen: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`, lane);
  }

  fail(text: string, lane: Lane = "sender"): void {
    this.#unmet.push(text);
    this.#write({ at: this.#now(), lane, text, unmet: true });
  }

  /** Breaks something on a host by a script; `remedy` takes it back. */
  async breaks(exchanger: Exchanger, script: string, remedy: string): Promise<string> {
    this.willNeed({ on: exchanger.key, script: remedy });
    return this.sh(exchanger.key, script);
  }

  willNeed(remedy: Remedy): void {
    rememberRemedy(this.lab, remedy);
  }

  /** What a shell script on a host prints; the script must succeed. */
  async sh(host: string, script: string, input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await runOn(this.lab, hostNamed(this.lab, host), ["sh", "-euc", script], input);
    if (exitCode !== 0) throw new Error(`on ${host}, status ${exitCode}: ${script.trim()}\n${stderr.trim()}`);
    return stdout;
  }

  until<T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>, everyMs = 100): Promise<T> {
    return Promise.race([this.#interrupted, until(what, seconds, ask, everyMs)]);
  }

  /** Seconds until it is done. */
  async seconds(work: () => Promise<unknown>): Promise<number> {
    const start = this.#now();
    await work();
    return (this.#now() - start) / 1000;
  }

  /** A mail that the outside host's own Postfix takes and sends on; it knows of this mail system only what DNS says. */
  async fromOutside(name: string, to = this.cast.person.user): Promise<string> {
    const token = this.#token(name);
    const text = `From: ${this.cast.sender}\nTo: ${to}\nSubject: ${token}\n\nSent by a stock Postfix.\n`;
    await this.sh("outside", `sendmail -f ${this.cast.sender} ${to}`, text);
    return token;
  }

  /** Tells the count of a mail that somebody else's server took and has handed on. */
  accepted(token: string): void {
    this.#accepted.add(token);
  }

  /** One mail from a client that behaves as a sending MTA: each exchanger by preference until one takes it or refuses for good (RFC 5321 section 5.1). */
  async byMx(
    name: string,
    to = this.cast.person.user,
  ): Promise<{ readonly token: string; readonly by?: Exchanger; readonly answers: readonly Answer[] }> {
    const token = this.#token(name);
    const answers: Answer[] = [];
    for (const exchanger of [this.cast.primary, this.cast.backup]) {
      const answer = await this.#offer(exchanger, to, token);
      answers.push(answer);
      if (answer.code === 250) {
        this.#accepted.add(token);
        return { token, by: exchanger, answers };
      }
      if (answer.code >= 500) break;
    }
    return { token, answers };
  }

  async #offer({ ipv4 }: Exchanger, to: string, token: string): Promise<Answer> {
    // A dead host is passed over sooner than a greeting may take: postscreen lets a new client wait for it.
    if (!(await this.clients.connects(ipv4, 25, 1500))) return { code: 0, text: "nobody answers" };
    return this.clients
      .send({ host: ipv4, port: 25 }, { from: this.cast.sender, to, token })
      .catch((error: Error) => ({ code: 0, text: error.message }));
  }

  /** How often each of these mails is in an inbox, over a session of its own. */
  async copies(tokens: readonly string[], account: Account = this.cast.person): Promise<number[]> {
    const inbox = await this.clients.inboxByImap(account);
    return tokens.map((token) => inbox.filter((subject) => subject === token).length);
  }

  /** Waits until all of these are in an inbox. */
  async home(tokens: readonly string[], seconds: number, account: Account = this.cast.person): Promise<void> {
    await this.until(`${tokens.length} mails in the mailbox of ${account.user}`, seconds, async () =>
      (await this.copies(tokens, account)).every((copies) => copies > 0),
    );
  }

  /** The end of every drill: what was answered 250 is in a mailbox, once, and nothing is left in a queue. */
  async settle(...sent: readonly { readonly tokens: readonly string[]; readonly account?: Account }[]): Promise<Outcome> {
    const { primary, backup } = this.cast;
    await this.until("empty queues", 60, async () => (await this.queues(primary.key, backup.key)) === 0);
    const copies = (await Promise.all(sent.map(({ tokens, account }) => this.copies(tokens, account)))).flat();
    const outcome = {
      accepted: copies.length,
      delivered: copies.filter((count) => count > 0).length,
      lost: copies.filter((count) => count === 0).length,
      duplicated: copies.filter((count) => count > 1).length,
      held: this.mostHeld,
      leftInQueues: await this.queues(primary.key, backup.key),
    };
    this.expect("person", "every mail once", outcome.lost === 0 && outcome.duplicated === 0, outcome);
    this.say("sender", `${outcome.accepted} taken, ${outcome.lost} lost, ${outcome.duplicated} twice; all queues are empty`);
    await this.#sample();
    return outcome;
  }

  /** Messages in the queues of these hosts. */
  async queues(...hosts: readonly string[]): Promise<number> {
    const counts = await Promise.all(hosts.map((host) => queued(this.lab, hostNamed(this.lab, host))));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Mails of mail systems in the sender's mailbox. */
  async bounces(): Promise<number> {
    const mailbox = `/var/mail/${this.cast.sender.replace(/@.*/, "")}`;
    return Number(await this.sh("outside", `grep -c '^From MAILER-DAEMON' ${mailbox} 2>/dev/null || :`));
  }

  /** Most that the backup was seen to hold at once. */
  get mostHeld(): number {
    return Math.max(0, ...this.#samples.map(({ held }) => held));
  }

  #token = (name: string): string => `${name}-${this.tag}`;

  #now = (): number => Date.now() - this.began.getTime();

  #write(event: Event): void {
    this.#events.push(event);
    const label = this.#label(event.lane);
    this.report(`${(event.at / 1000).toFixed(1).padStart(6)} s  ${event.unmet ? "NOT MET  " : ""}${label}: ${event.text}`);
  }

  #label = (lane: Lane): string => (lane === "primary" || lane === "backup" ? this.cast[lane].key : lane);

  /** A host that is off, or has no room for an answer, keeps the count that it had. */
  async #sample(): Promise<void> {
    const before = this.#samples.at(-1);
    const count = (key: string, script: string): Promise<number | undefined> => this.sh(key, script).then(Number, () => undefined);
    const [held, delivered] = await Promise.all([
      count(this.cast.backup.key, "cd /srv/mailserver/spool/postfix; find incoming active deferred -type f | wc -l"),
      count(
        this.cast.primary.key,
        `cd /srv/mailserver; find mail homes -type f -newermt @${Math.floor(this.began.getTime() / 1000)} \\
          \\( -path '*/Maildir/new/*' -o -path '*/Maildir/cur/*' \\) -exec grep -lm 1 '^Subject: .*-${this.tag}$' {} + | wc -l`,
      ),
    ]);
    if (this.#closed) return;
    this.#samples.push({
      at: this.#now(),
      accepted: this.#accepted.size,
      held: held ?? before?.held ?? 0,
      delivered: delivered ?? before?.delivered ?? 0,
    });
  }
}
