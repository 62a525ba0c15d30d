import { Argument, InvalidArgumentError, type Command } from "commander";
import { setPort25, setVcpuQuota } from "../cloud/behind-the-program";
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
  account
    .command("vcpus")
    .description("quota of virtual CPUs that run at once in a region: 5 for a new account, until AWS raises it on request")
    .addArgument(new Argument("<number>").argParser(wholeNumber))
    .action(async (vcpus: number) => {
      await setVcpuQuota(namedLab(program), vcpus);
    });
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError("It is not a whole number.");
  return Number(text);
}
