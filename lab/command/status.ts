import type { Command } from "commander";
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
      const status = statusOf(namedLab(program), showSecrets === true);
      process.stdout.write(json === true ? `${JSON.stringify(status, null, 2)}\n` : forPeople(status));
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
