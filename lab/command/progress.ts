const start = Date.now();

/** A line for the person who waits, with the seconds since the command began. On standard error: standard output is for results. */
export const progress = (line: string): void => {
  process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};
