import type { MailPlan } from "../../plan/types";
import type { Account } from "../clients/imap";
import { planOf } from "../command/plan-of";
import { statusOf } from "../command/status";
import type { Lab } from "../lab";
import { OUTSIDE_DOMAIN } from "../services/zone-file";

export interface Exchanger {
  readonly key: string;
  readonly fqdn: string;
  readonly ipv4: string;
  readonly preference: number;
}

/** Who takes part in a drill. */
export interface Cast {
  readonly primary: Exchanger;
  /** The one that senders try next. */
  readonly backup: Exchanger;
  /** A person with a mailbox and a password. */
  readonly person: Account;
  /** Another one, where the stack has one; never the postmaster. */
  readonly neighbour: Account | undefined;
  /** Somebody at the outside host. */
  readonly sender: string;
  readonly plan: MailPlan;
}

/** The cast that the lab's stack offers; an error where somebody is missing. */
export function castOf(lab: Lab): Cast {
  const { hosts, mailboxes } = statusOf(lab, true);
  const exchangers = Object.entries(hosts)
    .filter(([, { kind }]) => kind === "exchanger")
    .map(([key, { role, fqdn, ipv4, preference = 0 }]) => ({ key, role, fqdn, ipv4, preference }))
    .sort((one, other) => one.preference - other.preference);
  const named = (role: string): Exchanger => {
    const found = exchangers.find((it) => it.role === role);
    if (found === undefined) throw new Error(`a drill needs a ${role}; the lab's stack has none`);
    return found;
  };
  const primary = named("primary");
  const plan = planOf(lab);
  const [person, ...others] = Object.entries(mailboxes).flatMap(([user, { password }]) =>
    password === undefined ? [] : [{ host: primary.ipv4, user, password }],
  );
  if (person === undefined || plan === undefined) throw new Error("a drill needs a mailbox with a password; the lab's stack has none");
  const neighbour = others.find(({ user }) => user !== plan.postmaster);
  return { primary, backup: named("backup"), person, neighbour, sender: `anna@${OUTSIDE_DOMAIN}`, plan };
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
