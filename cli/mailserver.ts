#!/usr/bin/env node
import { Command } from "commander";
import { dnsCommand } from "./dns/dns";
import { EXIT, exitStatusOf } from "./exit-status";
import { passwdCommand } from "./passwd";

/** The program `mailserver`: commands for people and for CI, one a file. */
async function main(): Promise<void> {
  const program = new Command("mailserver").description("Commands for a mail system that is declared as code");
  program.addCommand(passwdCommand());
  program.addCommand(dnsCommand());
  everyCommand(program, (command) => command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.invalid)));
  // Who reads the output may have read enough.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? EXIT.ok : EXIT.failed));
  await program.parseAsync();
}

/** Commander hands settings down only to commands that it makes itself. */
function everyCommand(command: Command, set: (command: Command) => void): void {
  set(command);
  for (const each of command.commands) everyCommand(each, set);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitStatusOf(error);
});
