/** What a command ends with, so that a script can tell why. Stable: scripts and workflows of others read it. */
export const EXIT = {
  /** Nothing is in the way. */
  ok: 0,
  /** It could not be found out: a network, a service, a program that broke off. */
  failed: 1,
  /** What was given is no good: a declaration, a file, an option. */
  invalid: 2,
  /** Found out, and it must not go on: a rule blocks, or something differs that was to be the same. */
  blocked: 3,
  /** With `--detailed-exitcode`: there are changes, and nothing blocks them. */
  changes: 4,
} as const;

/** What a person gave is no good; the message says what, where, and the way out. */
export class InvalidInput extends Error {}

export const exitStatusOf = (error: unknown): number => (error instanceof InvalidInput ? EXIT.invalid : EXIT.failed);

/** The problems of one input, each on a line of its own. */
export function invalid(what: string, problems: readonly string[]): InvalidInput {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return new InvalidInput([`${what} has ${count}:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
}
