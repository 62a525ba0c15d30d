import { figure, type Figure } from "./figure";
import { largest, memoryByProcess, sum } from "./host-cost";
import type { Measurement } from "./measurement";
import { startExchanger, stopExchanger } from "../lab/command/power";
import { until } from "../lab/until";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { STORES, storeOf } from "./stores";

export const memory: Measurement = {
  name: "memory",
  title: "idle memory of the exchangers",
  async run(bench) {
    const it = await bench.hosts();
    const idle = (what: string, key: string, goal: number): Figure => {
      const sizes = memoryByProcess(it.lab, key);
      return figure({ what, unit: "MiB PSS", goal, bound: `the guest's processes, most of all ${largest(sizes)}` }, [sum(sizes)]);
    };
    const figures = [idle("idle memory of a backup", "mx2", 40)];
    for (const store of STORES) {
      bench.say(`a primary with ${store.title}, switched on and left alone`);
      await storeOf(it, store);
      await stopExchanger(it.lab, "mx1");
      await startExchanger(it.lab, "mx1");
      await it.greets("mx1");
      await quiet(it);
      figures.push(idle(`idle memory of a primary with ${store.title}`, "mx1", store.goals.memory));
    }
    await storeOf(it, STORES[0]);
    return figures;
  },
};

/** Returns when the primary has needed less and less memory and then no less for half a minute: what a start needs is over, and Postfix's daemons have left. */
async function quiet(it: LabUnderTest): Promise<void> {
  let least = Infinity;
  let since = Date.now();
  await until(
    "the primary to be idle",
    300,
    async () => {
      const now = sum(memoryByProcess(it.lab, "mx1"));
      if (now < least - 1) [least, since] = [now, Date.now()];
      return Date.now() - since > 30_000;
    },
    5000,
  );
}
