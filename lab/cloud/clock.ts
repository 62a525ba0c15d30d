import type { CloudState } from "./state";

/** The time in the lab's cloud, in milliseconds: this machine's, and what was let pass behind the program's back. */
export const now = (state: CloudState): number => Date.now() + state.clockAheadSeconds * 1000;
