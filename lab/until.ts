import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until there is an answer; an error that says what it waited for when there is none in time. Returns the answer. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined | false>, everyMs = 200): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${seconds} s for ${what}${last instanceof Error ? `; last it said: ${last.message}` : ""}`);
    }
    await sleep(everyMs);
  }
}
