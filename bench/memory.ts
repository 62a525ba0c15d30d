import { figure, type Figure } from "./figure";
import { largest, memoryByProcess, sum } from "./host-cost";
import type { Measurement } from "./measurement";

/** MiB. */
const GOALS = [
  ["primary", "mx1", 90],
  ["backup", "mx2", 40],
] as const;

export const memory: Measurement = {
  name: "memory",
  title: "idle memory of the exchangers",
  async run(bench) {
    const { lab } = await bench.hosts();
    return GOALS.map(([role, key, goal]): Figure => {
      const sizes = memoryByProcess(lab, key);
      return figure(
        { what: `idle memory of the ${role}`, unit: "MiB PSS", goal, bound: `the guest's processes, most of all ${largest(sizes)}` },
        [sum(sizes)],
      );
    });
  },
};
