import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import type { Lab } from "../lab";
import { writeWhole } from "../whole-file";
import { initialState } from "./initial-state";
import type { CloudState } from "./state";

const folder = (lab: Lab): string => join(lab.dir, "cloud");
const stateFile = (lab: Lab): string => join(folder(lab), "state.json");
const pastFile = (lab: Lab): string => join(folder(lab), "past.json");

/** A file's content, parsed, and which of its versions that is. With thousands of records each parsing would take longer than all the rest. */
interface Parsed {
  readonly version: string;
  readonly state: CloudState;
}

/** What was read last, and what this process wrote last; by file. The first is given to readers, the second is only ever changed here. */
const lastRead = new Map<string, Parsed>();
const lastWritten = new Map<string, Parsed>();

/** Every write replaces the file, so a version is told by these. */
function versionOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "none" : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

const parse = (file: string): CloudState => (existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CloudState) : initialState());

/** What the lab's cloud holds now; not to be changed. Readers need no lock: the file is replaced as a whole. */
export function readState(lab: Lab): CloudState {
  const file = stateFile(lab);
  const version = versionOf(file);
  const known = lastRead.get(file);
  if (known?.version === version) return known.state;
  const state = parse(file);
  lastRead.set(file, { version, state });
  return state;
}

/** A state that was replaced, and when. */
interface Past {
  readonly until: number;
  readonly state: CloudState;
}

const readPast = (lab: Lab): Past[] => (existsSync(pastFile(lab)) ? (JSON.parse(readFileSync(pastFile(lab), "utf8")) as Past[]) : []);

/** What the lab's cloud held so long ago, as far as it was kept; a copy. */
export const readPastState = (lab: Lab, milliseconds: number): CloudState =>
  readPast(lab).find(({ until }) => until > Date.now() - milliseconds)?.state ?? structuredClone(readState(lab));

/** One after the other in this process; the file lock orders processes. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Changes the state under its lock. Nothing is written where `change` throws; what it returns is a copy.
 * The aws, cloudflare and command plugins and the lab's command are processes of their own, so the lock is a file.
 * `keepFor`: milliseconds for which the state before can still be read.
 */
export function changeState<T>(lab: Lab, change: (state: CloudState) => T | Promise<T>, keepFor = 0): Promise<T> {
  const file = stateFile(lab);
  const turn = previous.then(async () => {
    mkdirSync(folder(lab), { recursive: true });
    const release = await lock(folder(lab), { retries: { retries: 600, factor: 1.2, minTimeout: 5, maxTimeout: 100 } });
    try {
      const known = lastWritten.get(file);
      const state = known?.version === versionOf(file) ? known.state : parse(file);
      // Half changed, should it throw: it must not be used again.
      lastWritten.delete(file);
      const result = structuredClone(await change(state));
      if (keepFor > 0) {
        const kept = readPast(lab).filter(({ until }) => until > Date.now() - keepFor);
        write(pastFile(lab), [...kept, { until: Date.now(), state: readState(lab) }]);
      }
      write(file, state);
      lastWritten.set(file, { version: versionOf(file), state });
      return result;
    } finally {
      await release();
    }
  });
  previous = turn.catch(() => {});
  return turn;
}

const write = (file: string, content: unknown): void => writeWhole(file, `${JSON.stringify(content)}\n`, 0o600);
