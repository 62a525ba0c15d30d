import { Command } from "commander";
import { HOSTS_VARIABLE, LAB_VARIABLE } from "../cloud/plugin-environment";
import { unfitness } from "../hosts/machine-packages";
import { addAccount } from "./account";
import { addDown } from "./down";
import { addDrill } from "./drill";
import { addExec } from "./exec";
import { addInternet } from "./internet";
import { addPower } from "./power";
import { addPulumi } from "./pulumi";
import { addStatus } from "./status";
import { addUp } from "./up";

async function main(): Promise<void> {
  const program = new Command("lab")
    .description("two real mail exchangers, their cloud and their internet on this machine")
    .option("--lab <name>", `which lab; several may run at once (environment: ${LAB_VARIABLE})`, process.env[LAB_VARIABLE] ?? "main")
    // What follows a command's name is that command's, `--` or not.
    .enablePositionalOptions();
  for (const add of [addUp, addStatus, addPulumi, addExec, addInternet, addPower, addAccount, addDrill, addDown]) add(program);
  const reason = unfitness();
  if (reason !== undefined && !process.argv.slice(2).some((word) => word === "--help" || word === "help")) throw new Error(reason);
  // What this command changes in the cloud, the hosts follow.
  process.env[HOSTS_VARIABLE] = "1";
  await program.parseAsync();
}

main().catch((error: unknown) => {
  process.stderr.write(`lab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
