/** For `--help`. `blocked` says what makes a command end with 3. */
export const exitStatusHelp = (blocked: string, changes?: string): string =>
  [
    "",
    "Exit status:",
    "  0  nothing is in the way",
    "  1  it could not be found out: a network, a service, a program that broke off",
    "  2  what was given is no good, with every problem: a declaration, a file, an option",
    `  3  ${blocked}`,
    ...(changes === undefined ? [] : [`  4  ${changes}`]),
  ].join("\n");
