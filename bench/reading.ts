/** What a mail program waits for when it opens a large mailbox, with either store. */
import type { ImapReading } from "../lab/clients/imap-reading";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { figure, type Figure } from "./figure";
import { cpuOf } from "./host-cost";
import type { Bench, Measurement } from "./measurement";
import { STORES, storeOf } from "./stores";

const MESSAGES = 10_000;
const TIMES = 5;
const ADDRESS = "large@club.test";

interface Visit extends ImapReading {
  /** CPU seconds of the primary. */
  readonly cpu: number;
}

export const reading: Measurement = {
  name: "reading",
  title: `IMAP: log-in, list of ${MESSAGES} messages, fetch of 100, for both stores`,
  async run(bench) {
    const it = await bench.hosts();
    it.config["mailserver:domains"][1]!.mailboxes.large = {};
    const figures: Figure[] = [];
    for (const [index, store] of STORES.entries()) {
      bench.say(`${store.title}: pulumi up`);
      await storeOf(it, store);
      // The later store finds the same mailbox.
      if (index === 0) await fill(bench, it);
      const first = await visit(it);
      const later: Visit[] = [];
      for (let time = 1; time <= TIMES; time += 1) later.push(await visit(it));
      const all = (each: Visit): number => (each.logIn + each.list + each.fetch) / 1000;
      figures.push(
        figure(
          {
            what: `IMAP with ${store.title}: log-in, list of ${MESSAGES}, fetch of 100`,
            unit: "s",
            bound: "its parts, below; the client parses what it is told",
          },
          later.map(all),
        ),
        figure(
          { what: "  log-in", unit: "ms", bound: "TLS, and the password's hash, which is slow on purpose" },
          later.map(({ logIn }) => logIn),
        ),
        figure(
          { what: "  list, with flags", unit: "ms", bound: "the client, which parses a line a message" },
          later.map(({ list }) => list),
        ),
        figure(
          { what: "  fetch of 100", unit: "ms", bound: "100 files opened and sent" },
          later.map(({ fetch }) => fetch),
        ),
        figure(
          { what: "  CPU of the primary", unit: "ms CPU", bound: "as the parts" },
          later.map(({ cpu }) => 1000 * cpu),
        ),
        figure({ what: "  the very first visit", unit: "s", bound: "each file of the Maildir is looked at, and a list of them made" }, [
          all(first),
        ]),
      );
    }
    await storeOf(it, STORES[0]);
    return figures;
  },
};

async function visit(it: LabUnderTest): Promise<Visit> {
  const before = cpuOf(it.lab, "mx1");
  const seen = await it.clients.readInbox({ host: it.address("mx1"), user: ADDRESS, password: it.password(ADDRESS) });
  const [listed, fetched] = seen.counts;
  if (listed !== MESSAGES || fetched !== 100) throw new Error(`${listed} messages were listed and ${fetched} fetched`);
  return { ...seen, cpu: cpuOf(it.lab, "mx1") - before };
}

/** Ten thousand files as a delivery makes them. */
async function fill(bench: Bench, it: LabUnderTest): Promise<void> {
  bench.say(`${MESSAGES} messages of 4 kB into ${ADDRESS}`);
  await it.sh(
    "mx1",
    `cat > /tmp/fill.py && setpriv --reuid vmail --regid vmail --clear-groups python3 /tmp/fill.py`,
    `import os
maildir = "/srv/mailserver/mail/club.test/large/Maildir"
for folder in ("cur", "new", "tmp"):
    os.makedirs(f"{maildir}/{folder}", mode=0o700, exist_ok=True)
for number in range(${MESSAGES}):
    text = f"From: anna@outside.test\\nTo: ${ADDRESS}\\nSubject: message {number}\\nDate: Mon, 2 Nov 2026 10:00:00 +0000\\nMessage-ID: <{number}@outside.test>\\n\\n" + "A line of the text of a usual mail, as long as such lines are.\\n" * 60
    name = f"{1793613600 + number}.M{number}P1.mx1,S={len(text)},W={len(text) + text.count(chr(10))}:2,S"
    with open(f"{maildir}/cur/{name}", "w", encoding="ascii") as file:
        file.write(text)
`,
  );
}
