import { hashKey } from "../../plan/password-hashes";
import type { Mailbox, MailPlan, SendingLimits } from "../../plan/types";

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

/**
 * Those about whom Postfix asks Dovecot for each mail, to the class of restrictions that does (`check_recipient_access`): the last tenth of their quota is less than the
 * largest mail. The others are asked about while they are nearly full (`dovecot/lib/nearly-full`).
 */
export function limitedMap(plan: MailPlan): string {
  return map(
    limited(plan)
      .filter(({ quotaMiB = Infinity }) => quotaMiB < 10 * plan.messageSizeMiB)
      .map(({ address }) => [address, "mailbox_quota"]),
  );
}

/** Whoever may not hold as much as comes. */
export function limited(plan: MailPlan): readonly Holder[] {
  return holders(plan).filter(({ quotaMiB }) => quotaMiB !== undefined);
}

/** Alias -> targets (`virtual_alias_maps`); whatever is sent to the host's own name goes to the first domain's postmaster. */
export function aliasMap(plan: MailPlan, fqdn: string): string {
  return map([
    ...ownNames(plan, fqdn),
    ...aliases(plan).map(({ address, targets }) => [address, targets.map(checked).join(", ")] as const),
    // Postfix looks for the whole domain before it looks for a mailbox: an account stays itself by a line of its own (virtual(5), "TABLE SEARCH ORDER").
    ...caught(plan).flatMap(({ name, target }) => [
      ...accounts(plan)
        .filter((account) => account.endsWith(`@${name}`))
        .map((account) => [account, checked(account)] as const),
      [`@${word(name)}`, checked(target)] as const,
    ]),
  ]);
}

/** A backup rewrites only what is sent to its own name; the primary knows the aliases. */
export function ownNameMap(plan: MailPlan, fqdn: string): string {
  return map(ownNames(plan, fqdn));
}

/** Exactly what the primary takes (`relay_recipient_maps`); what is refused all the same is in `refusedMap`. */
export function recipientMap(plan: MailPlan): string {
  const addresses = [...accounts(plan), ...aliases(plan).map(({ address }) => address)].sort();
  return map([...addresses, ...caught(plan).map(({ name }) => `@${word(name)}`)].map((address) => [address, "OK"]));
}

/** Mailboxes that take no mail, with what senders are told (`check_recipient_access`; RFC 3463, X.2.1). What was accepted before still reaches them. */
export function refusedMap(plan: MailPlan): string {
  return map(
    mailboxes(plan)
      .filter(({ receives }) => !receives)
      .map(({ address, closed }) => [
        address,
        closed ? "450 4.2.1 This mailbox is closed for now" : "550 5.2.1 This mailbox takes no mail",
      ]),
  );
}

/** Mailboxes that may not send, by the name that they log in with (`check_sasl_access`). */
export function silentMap(plan: MailPlan): string {
  return map(
    mailboxes(plan)
      .filter(({ sends }) => !sends)
      .map(({ address }) => [address, "553 5.7.1 This mailbox may only receive"]),
  );
}

/**
 * Sender address, or @domain for those with no line of their own -> accounts that own it (`smtpd_sender_login_maps`): a mailbox its own, of an alias everybody
 * whom it reaches in the end, and those to whom it or its domain is granted (`sendsAs`); nobody who may not send. A catch-all is no alias.
 */
export function ownerMap(plan: MailPlan): string {
  const targets = new Map(aliases(plan).map((alias) => [alias.address, alias.targets]));
  const reached = (address: string, seen: Set<string>): string[] => {
    const next = targets.get(address);
    if (next === undefined) return [address];
    if (seen.has(address)) return [];
    seen.add(address);
    return next.flatMap((target) => reached(target, seen));
  };
  const silent = new Set(mailboxes(plan).flatMap(({ address, sends }) => (sends ? [] : [address])));
  const granted = new Map<string, string[]>();
  for (const { address, sendsAs } of mailboxes(plan))
    for (const sender of sendsAs) granted.set(sender, [...(granted.get(sender) ?? []), address]);
  const grantees = (sender: string): readonly string[] => granted.get(sender) ?? [];
  const here = new Set(accounts(plan));
  const owners = (address: string): string[] => [
    // Whom an alias reaches elsewhere cannot log in.
    ...reached(address, new Set()).filter((target) => here.has(target)),
    ...grantees(address),
    // Postfix stops at the address's own line.
    ...grantees(address.slice(address.lastIndexOf("@") + 1)),
  ];
  return map(
    [
      ...[...accounts(plan), ...targets.keys()].map((address) => [address, owners(address)] as const),
      ...plan.domains.map(({ name }) => [`@${word(name)}`, grantees(name)] as const),
    ]
      .map(([sender, every]) => [sender, [...new Set(every)].filter((owner) => !silent.has(owner)).sort()] as const)
      .filter(([, every]) => every.length > 0)
      .map(([sender, every]) => [sender, every.map(checked).join(", ")]),
  );
}

/** Senders whose mail goes to its recipients' hosts as it is (`sender_dependent_default_transport_maps`): our domains, the host itself, the null sender. */
export function directSenderMap(plan: MailPlan, fqdn: string): string {
  return map([...[...plan.domains.map(({ name }) => name), fqdn].map((name) => `@${word(name)}`), "<>"].map((sender) => [sender, "smtp:"]));
}

/** Account, or `*` for all others -> messages an hour, recipients a message; for the milter of submission. */
export function sendingLimitMap(plan: MailPlan): string {
  const line = ({ messagesPerHour, recipientsPerMessage }: SendingLimits): string => `${messagesPerHour} ${recipientsPerMessage}`;
  const usual = line(plan.sendingLimits);
  const others = mailboxes(plan).map(({ address, sendingLimits }) => [address, line(sendingLimits)] as const);
  return map([["*", usual], ...others.filter(([, limits]) => limits !== usual)]);
}

/** Dovecot's accounts (passwd-file): mailboxes with the defaults of dovecot.conf, system users with the uid and home of their own. */
export function userFile(plan: MailPlan): string {
  const virtual = mailboxes(plan).map((mailbox) => `${checked(mailbox.address)}:::::::${fieldsOf(mailbox)}\n`);
  const system = plan.systemUsers.map(
    ({ name, address, quotaMiB }) =>
      `${checked(address)}::${word(name)}:${word(name)}::/srv/mailserver/homes/${word(name)}::${quotaField(quotaMiB)}\n`,
  );
  return [...virtual, ...system].join("");
}

/** What of dovecot.conf is otherwise for this mailbox (Dovecot, "Userdb extra fields"). */
function fieldsOf({ quotaMiB, plusFolders }: Mailbox): string {
  // The second is read by plus.sieve.
  return [quotaField(quotaMiB), plusFolders ? "userdb_sieve_environment/plus_folders=yes" : ""].filter((field) => field !== "").join(" ");
}

const quotaField = (quotaMiB?: number): string => (quotaMiB === undefined ? "" : `userdb_quota_storage_size=${quotaMiB}M`);

/** Dovecot's passwords (passwd-file): address -> hash. Whoever has none, or is closed, cannot log in. Throws on an address that no account has; never shows a hash. */
export function passwordFile(plan: MailPlan, hashes: Readonly<Record<string, string>>): string {
  const known = new Set([
    ...accounts(plan),
    ...mailboxes(plan).flatMap(({ address, appPasswords }) => appPasswords.map(({ name }) => hashKey({ address, app: name }))),
  ]);
  const closed = new Set(mailboxes(plan).flatMap((mailbox) => (mailbox.closed ? [mailbox.address] : [])));
  return Object.keys(hashes)
    .sort()
    .map((key) => {
      if (!known.has(key)) throw new Error(`passwordHashes: ${JSON.stringify(key)} is not a mailbox or system user of the declaration`);
      const hash = checkedHash(key, hashes[key]);
      return closed.has(key) || key.includes("/") ? "" : `${checked(key)}:${hash}\n`;
    })
    .join("");
}

/** Dovecot's names of our services (`%{protocol}`). */
const PROTOCOLS: { readonly [service: string]: string } = { imap: "imap", pop3: "pop3", submission: "smtp", sieve: "sieve" };

/**
 * App passwords (passwd-file): address/protocol/number -> hash. A passwd-file has one password for a name, so each of a mailbox's has a number, and dovecot.conf
 * a passdb for each number that there may be. The name is a field of its sessions, by which they are known in the log and ended.
 */
export function appPasswordFile(plan: MailPlan, hashes: Readonly<Record<string, string>>): string {
  return mailboxes(plan)
    .flatMap(({ address, appPasswords, closed }) =>
      appPasswords.flatMap(({ name, services }, index) => {
        const key = hashKey({ address, app: name });
        const hash = hashes[key];
        if (hash === undefined || closed) return [];
        const fields = `app=${word(name)} userdb_user_app=${checked(address)}/${word(name)}`;
        return services.map(
          (service) => `${checked(address)}/${PROTOCOLS[service] ?? ""}/${index + 1}:${checkedHash(key, hash)}::::::${fields}\n`,
        );
      }),
    )
    .join("");
}

/** Throws on what is no hash, without showing it. */
function checkedHash(key: string, hash = ""): string {
  // A scheme in braces first: without one Dovecot would take a plain password for a crypt hash, and never match it.
  if (!/^\{[A-Z0-9.-]+\}[!-9;-~]+$/.test(hash))
    throw new Error(`passwordHashes[${JSON.stringify(key)}] is not a password hash; \`mailserver passwd\` makes one`);
  return hash;
}

function accounts(plan: MailPlan): readonly string[] {
  return holders(plan).map(({ address }) => address);
}

type Holder = Pick<Mailbox, "address" | "quotaMiB">;

function holders(plan: MailPlan): readonly Holder[] {
  return [...mailboxes(plan), ...plan.systemUsers];
}

function mailboxes(plan: MailPlan): readonly Mailbox[] {
  return plan.domains.flatMap((domain) => domain.mailboxes);
}

/** Domains with a catch-all. */
function caught(plan: MailPlan): readonly { readonly name: string; readonly target: string }[] {
  return plan.domains.flatMap(({ name, catchAll }) => (catchAll === undefined ? [] : [{ name, target: catchAll }]));
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

export function checked(address: string): string {
  // Upper case, "+" and "=" are in addresses elsewhere.
  if (!/^[A-Za-z0-9._+=-]+@[a-z0-9.-]+$/.test(address)) throw new Error(`${JSON.stringify(address)} cannot stand in a map`);
  return address;
}

export function word(text: string): string {
  if (!/^[a-z0-9._-]+$/.test(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a map`);
  return text;
}
