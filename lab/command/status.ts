import type { Command } from "commander";
import { type ClientEndpoint, type ClientSettings, clientSettings } from "../../components/outputs";
import { readState } from "../cloud/store";
import { mailboxPasswords } from "../engine/secrets";
import { isOn } from "../hosts/host";
import type { Lab } from "../lab";
import { OUTSIDE_FQDN } from "../services/zone-file";
import { namedLab } from "./named-lab";
import { planOf } from "./plan-of";
import { labStatus, type LabStatus } from "./lab-status";
import { drawing } from "./status-drawing";
import { lookedAt } from "./status-look";

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("hosts, domains and mailboxes")
    .option("--json", "as JSON, for scripts")
    .option("--show-secrets", "with the mailboxes' passwords")
    .action(async ({ json, showSecrets }: { json?: boolean; showSecrets?: boolean }) => {
      const lab = namedLab(program);
      const status = await lookedAt(lab, statusOf(lab, showSecrets === true));
      const plan = planOf(lab);
      const { isTTY, columns = 80 } = process.stdout;
      // https://no-color.org: whoever sets it, to anything, wants none.
      const colour = isTTY && (process.env.NO_COLOR ?? "") === "";
      process.stdout.write(
        json === true
          ? `${JSON.stringify(status, null, 2)}\n`
          : drawing(status, { columns, colour }) + (plan === undefined ? "" : forMailClients(clientSettings(plan))),
      );
    });
}

export function statusOf(lab: Lab, showSecrets: boolean): LabStatus {
  return labStatus({
    stack: "lab",
    plan: planOf(lab),
    state: readState(lab),
    outside: { fqdn: OUTSIDE_FQDN, ipv4: lab.addresses.outside },
    isOn: (host) => isOn(lab, host),
    passwords: showSecrets ? mailboxPasswords(lab) : undefined,
  });
}

function forMailClients({ userName, imap, pop3, submission }: ClientSettings): string {
  const way = ([preferred, ...others]: ClientEndpoint[]): string =>
    [
      `${preferred?.host} port ${preferred?.port} (${preferred?.security})`,
      ...others.map(({ port, security }) => `or ${port} (${security})`),
    ].join(", ");
  return `\nmail clients\n  user name   ${userName}\n  IMAP        ${way(imap)}\n  POP3        ${way(pop3)}\n  submission  ${way(submission)}\n`;
}
