#!/usr/bin/env node
import { Command } from "commander";
import { passwdCommand } from "./passwd";

/** The program `mailserver`: commands for people and for CI, one a file. */
async function main(): Promise<void> {
  const program = new Command("mailserver").description("Commands for a mail system that is declared as code");
  program.addCommand(passwdCommand());
  await program.parseAsync();
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
