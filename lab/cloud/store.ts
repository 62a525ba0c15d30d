import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import type { Lab } from "../lab";
import { initialState } from "./initial-state";
import type { CloudState } from "./state";

const folder = (lab: Lab): string => join(lab.dir, "cloud");
const stateFile = (lab: Lab): string => join(folder(lab), "state.json");
const pastFile = (lab: Lab): string => join(folder(lab), "past.json");

/** What the lab's cloud holds now. Readers need no lock: the file is replaced as a whole. */
export function readState(lab: Lab): CloudState {
  return existsSync(stateFile(lab)) ? (JSON.parse(readFileSync(stateFile(lab), "utf8")) as CloudState) : initialState();
}

/** A state that was replaced, and when. */
interface Past {
  readonly until: number;
  readonly state: CloudState;
}

const readPast = (lab: Lab): Past[] => (existsSync(pastFile(lab)) ? (JSON.parse(readFileSync(pastFile(lab), "utf8")) as Past[]) : []);

/** What the lab's cloud held so long ago, as far as it was kept. */
export const readPastState = (lab: Lab, milliseconds: number): CloudState =>
  readPast(lab).find(({ until }) => until > Date.now() - milliseconds)?.state ?? readState(lab);

/** One after the other in this process; the file lock orders processes. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Changes the state under its lock. `change` gets a copy of its own; nothing is written where it throws.
 * The aws, cloudflare and command plugins and the lab's command are processes of their own, so the lock is a file.
 * `keepFor`: milliseconds for which the state before can still be read.
 */
export function changeState<T>(lab: Lab, change: (state: CloudState) => T | Promise<T>, keepFor = 0): Promise<T> {
  const turn = previous.then(async () => {
    mkdirSync(folder(lab), { recursive: true });
    const release = await lock(folder(lab), { retries: { retries: 600, factor: 1.2, minTimeout: 5, maxTimeout: 100 } });
    try {
      const state = readState(lab);
      const result = await change(state);
      if (keepFor > 0) {
        const kept = readPast(lab).filter(({ until }) => until > Date.now() - keepFor);
        write(pastFile(lab), [...kept, { until: Date.now(), state: readState(lab) }]);
      }
      write(stateFile(lab), state);
      return result;
    } finally {
      await release();
    }
  });
  previous = turn.catch(() => {});
  return turn;
}

/** Replaces the file as a whole. */
function write(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
