import type { LabUnderTest } from "../test/lab/lab-under-test";
import type { Figure } from "./figure";

/** What `npm run bench -- NAME` runs. */
export interface Measurement {
  readonly name: string;
  /** For the list: what is measured. */
  readonly title: string;
  run(bench: Bench): Promise<Figure[]>;
}

/** What a measurement works with. */
export interface Bench {
  /** Tells a person what is going on, and what long work waits for. */
  say(line: string): void;
  /** The bench's lab on real hosts. The first who asks waits for `up`. */
  hosts(): Promise<LabUnderTest>;
  /** A lab that keeps books and makes no machines. */
  books(): Promise<LabUnderTest>;
  /** Seconds that `npm run lab -- up` of the hosts took, with everything cached. */
  secondsToUp(): Promise<number>;
}
