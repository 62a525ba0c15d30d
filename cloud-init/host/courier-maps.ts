import type { MailPlan } from "../../plan/types";
import { checked, passwordFile, word } from "./maps";

/** What Courier and its delivery read of the accounts, from the plan. The host knows the numbers of users, so its userdb is made there (lib/store.py). */

interface Account {
  readonly address: string;
  /** Who owns the mail. */
  readonly user: string;
  readonly home: string;
  /** Postfix's service that delivers it (master.cf). */
  readonly delivery: string;
  /** In bytes, or `none`. */
  readonly quota: string;
}

/** Files of a bundle, with the mode of those that not everybody may read. */
export function courierFiles(
  plan: MailPlan,
  hashes: Readonly<Record<string, string>>,
): { readonly path: string; readonly content: string; readonly mode?: number }[] {
  const accounts = accountsOf(plan);
  return [
    {
      path: "etc/courier/accounts",
      content: accounts.map(({ address, user, home, quota }) => `${address} ${user} ${home} ${quota}\n`).join(""),
    },
    { path: "etc/courier/passwords", mode: 0o600, content: passwordFile(plan, hashes) },
    // Address -> service:quota; the same for its extended addresses (transport(5)).
    {
      path: "etc/postfix/transport",
      content: accounts.map(({ address, delivery, quota }) => `${address} ${delivery}:${quota}\n`).join(""),
    },
  ];
}

function accountsOf(plan: MailPlan): Account[] {
  const virtual = plan.domains.flatMap(({ name, mailboxes }) =>
    mailboxes.map(({ address, quotaMiB }) => ({
      address: checked(address),
      user: "vmail",
      home: `/srv/mailserver/mail/${word(name)}/${word(address.slice(0, address.lastIndexOf("@")))}`,
      delivery: "maildrop",
      quota: quotaOf(quotaMiB),
    })),
  );
  const system = plan.systemUsers.map(({ name, address, quotaMiB }) => ({
    address: checked(address),
    user: word(name),
    home: `/srv/mailserver/homes/${word(name)}`,
    delivery: `maildrop-${word(name)}`,
    quota: quotaOf(quotaMiB),
  }));
  return [...virtual, ...system];
}

const quotaOf = (quotaMiB: number | undefined): string => (quotaMiB === undefined ? "none" : String(quotaMiB * 2 ** 20));
