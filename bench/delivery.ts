/** What the delivery of one mail costs the primary, beside a stock Debian Postfix that delivers into Maildirs by itself, and beside the least there is. */
import { until } from "../lab/until";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { figure, type Figure } from "./figure";
import { cpuOf } from "./host-cost";
import { mailsOf, messagesIn } from "./host-files";
import { introduceInternet, sendFromInternet } from "./load";
import type { Bench, Measurement } from "./measurement";
import { STORES, storeOf } from "./stores";
import { StockHost } from "./stock-host";

/** Neighbouring chunks differ by a fifth on a busy machine; the median of so many pairs by less. */
const ROUNDS = 5;
/** Mails of one chunk, for each of the recipients. */
const EACH = 100;
const RECIPIENTS = ["alice@example.test", "bob@example.test", "carol@club.test", "dora@club.test"] as const;
/** Seconds that a chunk may take. */
const PATIENCE = 300;

export const delivery: Measurement = {
  name: "delivery",
  title: "CPU of a delivered mail beside a stock Debian Postfix, for both stores",
  async run(bench) {
    const it = await bench.hosts();
    it.config["mailserver:quota"] = "1 GiB";
    it.config["mailserver:domains"][1]!.mailboxes.dora = {};
    const stock = await StockHost.on(it, RECIPIENTS.length);
    const figures: Figure[] = [];
    try {
      for (const store of STORES) {
        bench.say(`${store.title}: pulumi up`);
        await storeOf(it, store);
        await introduceInternet(it, it.address("mx1"), RECIPIENTS[0]);
        await emptyQueue(it);
        figures.push(...(await beside(bench, it, stock, store.title, store.goals.delivery)));
      }
    } finally {
      delete it.config["mailserver:quota"];
      await storeOf(it, STORES[0]);
    }
    return figures;
  },
};

async function beside(bench: Bench, it: LabUnderTest, stock: StockHost, store: string, goal: number | undefined): Promise<Figure[]> {
  const rounds: { readonly ours: number; readonly stock: number; readonly floor: number }[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    bench.say(
      `${store}, round ${round} of ${ROUNDS}: ${EACH * RECIPIENTS.length} mails each to the primary, to stock Postfix, and into a sink`,
    );
    const ours = await costOf(it, "mx1", () => deliveredByUs(it));
    await stock.into("maildir");
    const plain = await costOf(it, "outside", () => stock.take(EACH));
    await stock.into("sink");
    rounds.push({ ours, stock: plain, floor: await costOf(it, "outside", () => stock.take(EACH)) });
  }
  const milliseconds = (part: keyof (typeof rounds)[0]): number[] => rounds.map((round) => round[part] * 1000);
  return [
    figure(
      {
        what: `CPU of a delivered mail with ${store}, over stock Postfix`,
        unit: "x",
        ...(goal === undefined ? {} : { goal }),
        bound: "the agent that delivers, which costs about one stock delivery, and the sum of the quota",
      },
      rounds.map((round) => round.ours / round.stock),
    ),
    figure(
      {
        what: "  of 4 kB, with Sieve where there is one and a quota",
        unit: "ms CPU",
        bound: "the three processes of Postfix, and the agent",
      },
      milliseconds("ours"),
    ),
    figure(
      { what: "  stock Postfix into Maildirs", unit: "ms CPU", bound: "local(8), as the owner of the mailbox" },
      milliseconds("stock"),
    ),
    figure(
      { what: "  the floor: stock Postfix over LMTP into a sink", unit: "ms CPU", bound: "the queue file, written and synced" },
      milliseconds("floor"),
    ),
  ];
}

/** CPU seconds of a machine for each mail that it takes. */
async function costOf(it: LabUnderTest, key: string, take: () => Promise<void>): Promise<number> {
  const before = cpuOf(it.lab, key);
  await take();
  return (cpuOf(it.lab, key) - before) / (EACH * RECIPIENTS.length);
}

/** Returns when everything is in the mailboxes, and the queue is empty. */
async function deliveredByUs(it: LabUnderTest): Promise<void> {
  const before = RECIPIENTS.map((address) => mailsOf(it, address));
  await Promise.all(RECIPIENTS.map((address) => sendFromInternet(it, it.address("mx1"), address, EACH)));
  await emptyQueue(it);
  const arrived = RECIPIENTS.map((address, index) => mailsOf(it, address) - (before[index] ?? 0));
  if (arrived.some((count) => count !== EACH)) throw new Error(`of ${EACH} mails each ${arrived.join(", ")} have arrived`);
}

const emptyQueue = (it: LabUnderTest): Promise<unknown> =>
  until(
    "an empty queue of the primary",
    PATIENCE,
    async () => (["incoming", "active", "deferred"] as const).every((queue) => messagesIn(it, "mx1", queue) === 0),
    20,
  );
