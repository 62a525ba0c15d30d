import { figure } from "./figure";
import type { Measurement } from "./measurement";

export const up: Measurement = {
  name: "up",
  title: "a lab from nothing to serving, everything cached",
  async run(bench) {
    return [
      figure(
        {
          what: "lab up, everything cached",
          unit: "s",
          goal: 40,
          bound: "two first boots after one another (backups first), Postfix's and Dovecot's start, the engine's own start",
        },
        [await bench.secondsToUp()],
      ),
    ];
  },
};
