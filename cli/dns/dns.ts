import { Command } from "commander";
import { adoptCommand } from "./adopt";
import { driftCommand } from "./drift";
import { previewCommand } from "./preview";
import { rulesCommand } from "./rules";

/** `mailserver dns`: what the mail system's records are, will be, and ought to be. */
export function dnsCommand(): Command {
  const dns = new Command("dns").description("Records of a mail system: what a change does to them, whether they are as they ought to be");
  for (const command of [previewCommand(), rulesCommand(), driftCommand(), adoptCommand()]) dns.addCommand(command);
  return dns;
}
