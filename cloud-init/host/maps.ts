import type { Mailbox, MailPlan } from "../../plan/types";

/**
 * The lists of accounts that Postfix and Dovecot read, from the plan. Each is a text of lines `KEY VALUE`, sorted as the plan is. Addresses are
 * what the parser lets through; `address` looks again, so that no other caller can put a line of its own into a map.
 */

/** Domains that mail is taken for (`virtual_mailbox_domains`, on a backup `relay_domains`). */
export function domainMap(plan: MailPlan): string {
  return map(plan.domains.map(({ name }) => [word(name), "OK"]));
}

/** Recipients that have a mailbox: mailboxes and system users (`virtual_mailbox_maps`). */
export function mailboxMap(plan: MailPlan): string {
  return map(accounts(plan).map((account) => [account, "OK"]));
}

/** Those with a quota, to the class of restrictions that asks Dovecot for it (`check_recipient_access`). */
export function limitedMap(plan: MailPlan): string {
  return map(limited(plan).map(({ address }) => [address, "mailbox_quota"]));
}

/** Whoever may not hold as much as comes. */
export function limited(plan: MailPlan): readonly { readonly address: string }[] {
  return holders(plan).filter(({ quotaMiB }) => quotaMiB !== undefined);
}

/** Alias -> targets (`virtual_alias_maps`); whatever is sent to the host's own name goes to the first domain's postmaster. */
export function aliasMap(plan: MailPlan, fqdn: string): string {
  return map([
    ...ownNames(plan, fqdn),
    ...aliases(plan).map(({ address, targets }) => [address, targets.map(checked).join(", ")] as const),
  ]);
}

/** A backup rewrites only what is sent to its own name; the primary knows the aliases. */
export function ownNameMap(plan: MailPlan, fqdn: string): string {
  return map(ownNames(plan, fqdn));
}

/** Exactly what the primary takes (`relay_recipient_maps`). */
export function recipientMap(plan: MailPlan): string {
  return map([...accounts(plan), ...aliases(plan).map(({ address }) => address)].sort().map((address) => [address, "OK"]));
}

/** Sender address -> accounts that own it (`smtpd_sender_login_maps`): a mailbox its own, and of an alias everybody whom it reaches in the end. */
export function ownerMap(plan: MailPlan): string {
  const targets = new Map(aliases(plan).map((alias) => [alias.address, alias.targets]));
  const reached = (address: string, seen: Set<string>): string[] => {
    const next = targets.get(address);
    if (next === undefined) return [address];
    if (seen.has(address)) return [];
    seen.add(address);
    return next.flatMap((target) => reached(target, seen));
  };
  return map(
    [...accounts(plan), ...targets.keys()].map((address) => [
      address,
      [...new Set(reached(address, new Set()))].sort().map(checked).join(", "),
    ]),
  );
}

/** Dovecot's accounts (passwd-file): mailboxes with the defaults of dovecot.conf, system users with the uid and home of their own. */
export function userFile(plan: MailPlan): string {
  const mailboxes = plan.domains
    .flatMap((domain) => domain.mailboxes)
    .map((mailbox) => `${checked(mailbox.address)}:::::::${fieldsOf(mailbox)}\n`);
  const system = plan.systemUsers.map(
    ({ name, address, quotaMiB }) =>
      `${checked(address)}::${word(name)}:${word(name)}::/srv/mailserver/homes/${word(name)}::${quotaField(quotaMiB)}\n`,
  );
  return [...mailboxes, ...system].join("");
}

/** What of dovecot.conf is otherwise for this mailbox (Dovecot, "Userdb extra fields"). */
function fieldsOf({ quotaMiB, plusFolders }: Mailbox): string {
  // The second is read by plus.sieve.
  return [quotaField(quotaMiB), plusFolders ? "userdb_sieve_environment/plus_folders=yes" : ""].filter((field) => field !== "").join(" ");
}

const quotaField = (quotaMiB?: number): string => (quotaMiB === undefined ? "" : `userdb_quota_storage_size=${quotaMiB}M`);

/** Dovecot's passwords (passwd-file): address -> hash. Whoever has none cannot log in. Throws on an address that no account has; never shows a hash. */
export function passwordFile(plan: MailPlan, hashes: Readonly<Record<string, string>>): string {
  const known = new Set(accounts(plan));
  return Object.keys(hashes)
    .sort()
    .map((address) => {
      if (!known.has(address))
        throw new Error(`passwordHashes: ${JSON.stringify(address)} is not a mailbox or system user of the declaration`);
      const hash = hashes[address] ?? "";
      // A scheme in braces first: without one Dovecot would take a plain password for a crypt hash, and never match it.
      if (!/^\{[A-Z0-9.-]+\}[!-9;-~]+$/.test(hash))
        throw new Error(`passwordHashes[${JSON.stringify(address)}] is not a password hash; \`mailserver passwd\` makes one`);
      return `${checked(address)}:${hash}\n`;
    })
    .join("");
}

function accounts(plan: MailPlan): readonly string[] {
  return holders(plan).map(({ address }) => address);
}

function holders(plan: MailPlan): readonly { readonly address: string; readonly quotaMiB?: number }[] {
  return [...plan.domains.flatMap(({ mailboxes }) => mailboxes), ...plan.systemUsers];
}

function aliases(plan: MailPlan): readonly { address: string; targets: readonly string[] }[] {
  return plan.domains.flatMap((domain) => domain.aliases);
}

function ownNames(plan: MailPlan, fqdn: string): readonly (readonly [string, string])[] {
  const postmaster = `postmaster@${plan.domains[0].name}`;
  return [fqdn, "localhost"].map((name) => [`@${word(name)}`, checked(postmaster)] as const);
}

function map(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([key, value]) => `${key.includes("@", 1) ? checked(key) : key} ${value}\n`).join("");
}

function checked(address: string): string {
  if (!/^[a-z0-9._-]+@[a-z0-9.-]+$/.test(address)) throw new Error(`${JSON.stringify(address)} cannot stand in a map`);
  return address;
}

function word(text: string): string {
  if (!/^[a-z0-9._-]+$/.test(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a map`);
  return text;
}
