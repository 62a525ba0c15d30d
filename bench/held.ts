/** Mail that the backup held for a dead primary, beside mail that the primary takes itself: as many, as large, from the same sender, into mailboxes alike. */
import { killExchanger, startExchanger } from "../lab/command/power";
import { until } from "../lab/until";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { figure, type Figure } from "./figure";
import { costOfHolding } from "./holding";
import { cpuOf } from "./host-cost";
import { lmtpAnswers, mailsOf, messagesIn } from "./host-files";
import { introduce, send } from "./load";
import type { Bench, Measurement } from "./measurement";

const FEW = 10;
const FEW_PAIRS = 3;
const MANY = 10_000;
const DIRECT = "alice@example.test";
const HELD = "bob@example.test";
/** Seconds that the slowest of these may take. */
const PATIENCE = 1800;

interface Delivery {
  readonly seconds: number;
  /** CPU seconds of the exchangers that took part. */
  readonly cpu: number;
}

interface Handover extends Delivery {
  /** Seconds from the first answer of the primary's LMTP. */
  readonly first: number;
}

export const held: Measurement = {
  name: "held",
  title: `${FEW} and ${MANY} held mails beside direct delivery of as many; what a backup needs while it holds ${MANY}`,
  async run(bench) {
    const it = await bench.hosts();
    for (const key of ["mx1", "mx2"]) await introduce(it, key, "carol@club.test");
    const few: { readonly direct: Delivery; readonly home: Handover }[] = [];
    for (let pair = 1; pair <= FEW_PAIRS; pair += 1) {
      bench.say(`${FEW} mails, pair ${pair} of ${FEW_PAIRS}: direct, then over a dead primary`);
      const direct = await deliver(bench, it, FEW);
      few.push({ direct, home: await handOver(bench, it, FEW) });
    }
    bench.say(`${MANY} mails: direct`);
    const direct = await deliver(bench, it, MANY);
    bench.say(`${MANY} mails: ${direct.seconds.toFixed(0)} s direct; now over a dead primary`);
    let cost: Figure[] = [];
    const many = await handOver(bench, it, MANY, async () => {
      cost = await costOfHolding(bench, it, "mx2", MANY, () => settled(it, MANY));
    });
    return [
      figure(
        {
          what: "first held mail after the primary's LMTP answers",
          unit: "s",
          goal: 2,
          bound: "Postfix's own queue is flushed, ETRN to the backup over TLS, one TLS handshake back",
        },
        few.map(({ home }) => home.first),
      ),
      ...beside(
        FEW,
        few.map(({ home }) => home),
        few.map((pair) => pair.direct),
        "Postfix's own queue is flushed and ETRN sent before the first mail",
      ),
      ...beside(MANY, [many], [direct], "each mail goes through two Postfixes, with a queue file synced and removed by each, then Dovecot"),
      ...cost,
    ];
  },
};

function beside(count: number, home: readonly Delivery[], direct: readonly Delivery[], bound: string): Figure[] {
  const ratios = (part: keyof Delivery): number[] => home.map((each, index) => each[part] / (direct[index]?.[part] ?? NaN));
  return [
    figure(
      { what: `${count} held mails home, after the primary's LMTP answers`, unit: "s", bound },
      home.map(({ seconds }) => seconds),
    ),
    figure(
      { what: `  ${count} mails sent directly`, unit: "s", bound: "Dovecot's LMTP, which needs as much CPU as Postfix" },
      direct.map(({ seconds }) => seconds),
    ),
    figure({ what: "  held over direct, time", unit: "x", bound }, ratios("seconds")),
    figure({ what: "  held over direct, CPU of both exchangers", unit: "x", bound }, ratios("cpu")),
  ];
}

/** From the first connection to the primary until the last mail is in the mailbox. */
async function deliver(bench: Bench, it: LabUnderTest, count: number): Promise<Delivery> {
  await introduce(it, "mx1", "carol@club.test");
  const before = mailsOf(it, DIRECT);
  const since = stopwatch(it);
  const sending = send(it, "mx1", DIRECT, count);
  await home(bench, it, DIRECT, before, count);
  const took = since();
  await sending;
  return took;
}

/** The backup is given mail for a primary that is dead. Then the primary is switched on. From the first answer of its LMTP until the last mail is in the mailbox. */
async function handOver(bench: Bench, it: LabUnderTest, count: number, meanwhile = async (): Promise<void> => {}): Promise<Handover> {
  const before = mailsOf(it, HELD);
  await killExchanger(it.lab, "mx1");
  await send(it, "mx2", HELD, count);
  await settled(it, count);
  await meanwhile();
  await startExchanger(it.lab, "mx1");
  await until("the primary's LMTP", 120, () => lmtpAnswers(it), 20);
  const since = stopwatch(it);
  await home(bench, it, HELD, before, 1);
  const first = since().seconds;
  await home(bench, it, HELD, before, count);
  return { first, ...since() };
}

function stopwatch(it: LabUnderTest): () => Delivery {
  const cpu = (): number => cpuOf(it.lab, "mx1") + cpuOf(it.lab, "mx2");
  const start = { at: Date.now(), cpu: cpu() };
  return () => ({ seconds: (Date.now() - start.at) / 1000, cpu: cpu() - start.cpu });
}

/** Everything is deferred: the backup has found out that the primary is dead. */
async function settled(it: LabUnderTest, count: number): Promise<void> {
  const tried = (): boolean =>
    messagesIn(it, "mx2", "deferred") === count && messagesIn(it, "mx2", "active") + messagesIn(it, "mx2", "incoming") === 0;
  await until(`the backup to hold ${count} mails and try none`, PATIENCE, async () => tried());
}

async function home(bench: Bench, it: LabUnderTest, address: string, before: number, count: number): Promise<void> {
  let said = Date.now();
  await until(
    `${count} mails in the mailbox of ${address}`,
    PATIENCE,
    async () => {
      const here = mailsOf(it, address) - before;
      if (Date.now() - said > 10_000) {
        said = Date.now();
        bench.say(`${here} of ${count} mails are in the mailbox`);
      }
      return here >= count;
    },
    count > 100 ? 250 : 10,
  );
}
