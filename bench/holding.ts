/** What a backup needs while it holds many mails for a dead primary. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { figure, type Figure, seconds } from "./figure";
import { cpuOf, largest, memoryByProcess, sum } from "./host-cost";
import type { Bench } from "./measurement";

/** Seconds of quiet to look at; longer than the 100 that Postfix's daemons stay when there is nothing to do (max_idle), for memory is looked at after it. */
const QUIET = 120;
/** Percent of a core. */
const GOAL = 1;

/**
 * Between two of Postfix's own retries little happens, and a retry costs something for each mail. They come once in `maximal_backoff_time`, which is longer
 * than a bench; so both are measured apart, and the share of a core follows. `retry` makes one and returns when it is over.
 */
export async function costOfHolding(
  bench: Bench,
  it: LabUnderTest,
  key: string,
  count: number,
  retry: () => Promise<void>,
): Promise<Figure[]> {
  bench.say(`the backup holds ${count} mails; ${QUIET} s to see what that costs it`);
  const before = cpuOf(it.lab, key);
  await sleep(QUIET * 1000);
  const quiet = (cpuOf(it.lab, key) - before) / QUIET;
  const memory = memoryByProcess(it.lab, key);
  const pinned = sum(memoryByProcess(it.lab, key, "Pss_Anon"));
  bench.say("now one retry of all of them");
  const start = cpuOf(it.lab, key);
  await it.sh(key, "postqueue -f");
  const took = await seconds(retry);
  const cost = cpuOf(it.lab, key) - start;
  const interval = Number.parseInt(await it.sh(key, "postconf -h maximal_backoff_time"), 10);
  bench.say(`it took ${took.toFixed(0)} s`);
  return [
    figure({ what: `CPU of a backup that holds ${count} mails`, unit: "% core", goal: GOAL, bound: "the two lines below together" }, [
      100 * (quiet + cost / interval),
    ]),
    figure({ what: "  between retries", unit: "% core", bound: "the look for the primary every 3 s, and Postfix's daemons waking" }, [
      100 * quiet,
    ]),
    figure({ what: `  one retry of all, every ${interval} s`, unit: "s CPU", bound: "Postfix opens, defers and logs each mail" }, [cost]),
    figure({ what: `memory of a backup that holds ${count} mails`, unit: "MiB PSS", bound: `most of all ${largest(memory)}` }, [
      sum(memory),
    ]),
    figure(
      { what: "  without pages of files, which the kernel may drop", unit: "MiB PSS", bound: "the difference is mostly journald's log" },
      [pinned],
    ),
  ];
}
