/** Tells a person what a command waits for. On standard error, so that standard output is the result alone. */
export type Say = (line: string) => void;

export const say: Say = (line) => void process.stderr.write(`${line}\n`);
