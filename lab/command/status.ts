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

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("hosts, domains and mailboxes")
    .option("--json", "as JSON, for scripts")
    .option("--show-secrets", "with the mailboxes' passwords")
    .action(({ json, showSecrets }: { json?: boolean; showSecrets?: boolean }) => {
      const lab = namedLab(program);
      const status = statusOf(lab, showSecrets === true);
      const plan = planOf(lab);
      process.stdout.write(
        json === true
          ? `${JSON.stringify(status, null, 2)}\n`
          : forPeople(status) + (plan === undefined ? "" : forMailClients(clientSettings(plan))),
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

function forPeople({ hosts, domains, mailboxes }: LabStatus): string {
  const rows = Object.entries(hosts).map(([name, host]) => [
    name,
    host.power,
    host.kind === "exchanger" ? `${host.role} ${host.preference}` : "everybody else",
    host.ipv4,
    host.fqdn,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? "").length)));
  const table = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`).join("");
  const people = Object.entries(mailboxes).map(
    ([address, { password }]) => `  ${address}${password === undefined ? "" : `  ${password}`}\n`,
  );
  return `hosts\n${table}domains\n  ${domains.join(" ")}\nmailboxes\n${people.join("")}`;
}

function forMailClients({ userName, imap, pop3, submission }: ClientSettings): string {
  const way = ([preferred, ...others]: ClientEndpoint[]): string =>
    [
      `${preferred?.host} port ${preferred?.port} (${preferred?.security})`,
      ...others.map(({ port, security }) => `or ${port} (${security})`),
    ].join(", ");
  return `mail clients\n  user name   ${userName}\n  IMAP        ${way(imap)}\n  POP3        ${way(pop3)}\n  submission  ${way(submission)}\n`;
}
