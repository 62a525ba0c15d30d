import { Argument, type Command } from "commander";
import { setPort25 } from "../cloud/behind-the-program";
import { namedLab } from "./named-lab";

/** What AWS support does to the account. */
export function addAccount(program: Command): void {
  const account = program.command("account").description("the simulated AWS account");
  account
    .command("port25")
    .description("outbound port 25 to the internet: closed, as for a new account, until AWS opens it on request")
    .addArgument(new Argument("<restriction>").choices(["open", "closed"]))
    .action(async (restriction: "open" | "closed") => {
      await setPort25(namedLab(program), restriction);
    });
}
