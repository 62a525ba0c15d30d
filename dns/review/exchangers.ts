import type { Exchanger, MailPlan } from "../../plan/types";
import { reverseName } from "../presentation";
import { isSame } from "./facts";
import { addressesOf } from "./path";
import type { RecordSet } from "./record-set";
import type { ExchangerReport } from "./report";
import type { MachineEffect, Side } from "./side";

/** What becomes of each exchanger, those that go last. Nothing where the head has no plan. */
export function exchangerReports(head: Side, sides: readonly Side[], after: RecordSet): ExchangerReport[] {
  const { plan } = head;
  if (plan === undefined) return [];
  const former = sides.find((side) => side.plan !== undefined)?.plan;
  const told = sides.find(({ machines }) => machines !== undefined)?.machines;
  const gone = (former?.exchangers ?? []).filter((before) => !plan.exchangers.some((now) => isSame(now, before)));
  return [
    ...plan.exchangers.map((exchanger): ExchangerReport => {
      const before = former?.exchangers.find((other) => isSame(exchanger, other));
      const machine = told?.get(exchanger.key) ?? (former === undefined ? "unknown" : effect(exchanger, before));
      return {
        key: exchanger.key,
        host: exchanger.fqdn,
        machine,
        mail: mailMeanwhile(plan, exchanger, machine),
        ...names(exchanger, after),
      };
    }),
    ...gone.map((exchanger): ExchangerReport => ({
      key: exchanger.key,
      host: exchanger.fqdn,
      machine: told?.get(exchanger.key) ?? "removed",
      mail: mailOfRemoved(plan, exchanger),
      address: "",
      reverse: "",
      helo: exchanger.fqdn,
    })),
  ];
}

function effect(now: Exchanger, before: Exchanger | undefined): MachineEffect {
  if (before === undefined) return "created";
  const isMoved = before.subnet !== undefined && now.subnet !== undefined && before.subnet !== now.subnet;
  if (before.generation !== now.generation || before.architecture !== now.architecture || before.region !== now.region || isMoved)
    return "replaced";
  // The mailboxes stay where they are, and the program refuses it; who reads the report sees that it is more than another number.
  if (before.role !== now.role) return "replaced";
  return before.instanceType === now.instanceType ? "none" : "updated";
}

/** Both a replacement and an update in place stop the machine. */
function mailMeanwhile({ exchangers }: MailPlan, { key, role }: Exchanger, machine: ExchangerReport["machine"]): string {
  if (role === "backup" || (machine !== "replaced" && machine !== "updated")) return "";
  const backups = exchangers.filter((other) => other.role === "backup").map((other) => other.key);
  return backups.length === 0 ? `waits at its senders until ${key} is back` : `held on ${backups.join(" and ")} until ${key} is back`;
}

function mailOfRemoved({ exchangers }: MailPlan, { key, role, drain }: Exchanger): string {
  const primary = exchangers.find((other) => other.role === "primary")?.key;
  if (role === "primary") return `its mailboxes go with the volume of ${key}`;
  return drain && primary !== undefined ? `held on ${key} goes to ${primary} first` : `held on ${key} is lost`;
}

function names({ fqdn }: Exchanger, after: RecordSet): Pick<ExchangerReport, "address" | "reverse" | "helo" | "consistent"> {
  const addresses = addressesOf(after, fqdn);
  const [address = ""] = addresses;
  const isKnown = after.of(fqdn, "A").every(({ content }) => !content.includes("«"));
  const reverses = isKnown
    ? addresses.filter((each) => !each.includes(":")).map((each) => after.of(reverseName(each), "PTR")[0]?.content ?? "")
    : [];
  const unknown = after.side.records.find(({ type, name, content }) => type === "PTR" && name.includes("«") && content === fqdn);
  const row = { address: addresses.join(", "), reverse: reverses[0] ?? unknown?.content ?? "", helo: fqdn };
  if (!isKnown || address === "") return row;
  return { ...row, consistent: reverses.every((reverse) => reverse === fqdn) };
}
