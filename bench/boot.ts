import { startExchanger, stopExchanger } from "../lab/command/power";
import { until } from "../lab/until";
import { bareBoot } from "./bare-boot";
import { figure, median, seconds } from "./figure";
import type { Measurement } from "./measurement";

const PAIRS = 3;

export const boot: Measurement = {
  name: "boot",
  title: "from power-on to a greeting on port 25, over a bare boot of the same image",
  async run(bench) {
    const it = await bench.hosts();
    const over: number[] = [];
    const bares: number[] = [];
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      bench.say(`boot ${pair} of ${PAIRS}: a bare machine, then the primary`);
      const bare = await bareBoot(it.lab);
      await stopExchanger(it.lab, "mx1");
      const serving = await seconds(async () => {
        await startExchanger(it.lab, "mx1");
        await until("a greeting of the primary", 120, () => it.clients.greeting(it.address("mx1"), 25, 1000), 20);
      });
      bares.push(bare);
      over.push(serving - bare);
    }
    return [
      figure(
        {
          what: "boot to serving, over a bare boot",
          unit: "s",
          goal: 5,
          bound: `the volume's bundle checked (postfix check, doveconf), Postfix's start; a bare boot: ${median(bares).toFixed(1)} s`,
        },
        over,
      ),
    ];
  },
};
