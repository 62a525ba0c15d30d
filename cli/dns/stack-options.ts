import type { Command } from "commander";

/** Options by which a stack is found. */
export const withStackOptions = (command: Command): Command =>
  command
    .option("--stack <name>", "the stack (default: the only one that has a file Pulumi.NAME.yaml)")
    .option("--program <folder>", "where Pulumi.yaml is", ".");

export const withStackFile = (command: Command): Command =>
  withStackOptions(command).option("--stack-file <file>", "a file that holds the whole declaration; no program is run then");

export const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value];
