import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import type { Lab } from "../lab";
import { initialState } from "./initial-state";
import type { CloudState } from "./state";

const folder = (lab: Lab): string => join(lab.dir, "cloud");
const stateFile = (lab: Lab): string => join(folder(lab), "state.json");

/** What the lab's cloud holds now. Readers need no lock: the file is replaced as a whole. */
export function readState(lab: Lab): CloudState {
  return existsSync(stateFile(lab)) ? (JSON.parse(readFileSync(stateFile(lab), "utf8")) as CloudState) : initialState();
}

/** One after the other in this process; the file lock orders processes. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Changes the state under its lock. `change` gets a copy of its own; nothing is written where it throws.
 * The aws, cloudflare and command plugins and the lab's command are processes of their own, so the lock is a file.
 */
export function changeState<T>(lab: Lab, change: (state: CloudState) => T | Promise<T>): Promise<T> {
  const turn = previous.then(async () => {
    mkdirSync(folder(lab), { recursive: true });
    const release = await lock(folder(lab), { retries: { retries: 600, factor: 1.2, minTimeout: 5, maxTimeout: 100 } });
    try {
      const state = readState(lab);
      const result = await change(state);
      const draft = `${stateFile(lab)}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600 });
      renameSync(draft, stateFile(lab));
      return result;
    } finally {
      await release();
    }
  });
  previous = turn.catch(() => {});
  return turn;
}
