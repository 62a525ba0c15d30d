import { isLabel } from "./names";
import { mailAddress } from "./mail-address";
import { nearest } from "./nearest";
import { Property, show } from "./property";
import type { MailboxServer, MailPlan, Problem } from "./types";

/** Hashes that crypt(3) knows, bcrypt and its SHA-512, as Dovecot's password schemes have them: each with its scheme in braces before it (Dovecot, "Password schemes"; crypt(5)). */
const crypt = String.raw`\{BLF-CRYPT\}\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}|\{SHA512-CRYPT\}\$6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}`;
const argon2id = String.raw`\{ARGON2ID\}\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+`;

/** By mailbox server. No hash can hold a line end, a blank, a colon or a bar, which separate fields in their files. */
const hash: Record<MailboxServer, RegExp> = { dovecot: new RegExp(`^(?:${crypt}|${argon2id})$`), courier: new RegExp(`^(?:${crypt})$`) };

/** An account's own password, or one of its app passwords. */
export interface Login {
  readonly address: string;
  readonly app?: string | undefined;
}

/** What a key of the map names, `ADDRESS` or `ADDRESS/NAME`; `undefined` if it is neither. No address of ours has a `/` in it. */
export function loginOf(key: string): Login | undefined {
  const [before = "", app, ...rest] = key.split("/");
  const address = mailAddress(before);
  if (address === undefined || rest.length > 0 || (app !== undefined && !isLabel(app))) return undefined;
  return { address, ...(app === undefined ? {} : { app }) };
}

/** The key of a log-in in the map. */
export const hashKey = ({ address, app }: Login): string => (app === undefined ? address : `${address}/${app}`);

/**
 * What is wrong with the map of password hashes: a key that is not the address of a mailbox or system user in its one spelling (as in the plan), alone or with
 * the name of one of its app passwords, or a value that is not a hash. No message ever has a value in it.
 *
 * @param hashes address, or address/name -> hash; `undefined` is an empty one
 */
export function checkPasswordHashes(plan: MailPlan, hashes: unknown): Problem[] {
  const problems: Problem[] = [];
  const root = new Property("passwordHashes", hashes, problems);
  const accounts = new Map<string, readonly string[]>([
    ...plan.domains.flatMap(({ mailboxes }) =>
      mailboxes.map(({ address, appPasswords }) => [address, appPasswords.map(({ name }) => name)] as const),
    ),
    ...plan.systemUsers.map(({ address }) => [address, []] as const),
  ]);
  const systemUsers = new Set(plan.systemUsers.map(({ address }) => address));
  const aliases = new Set(plan.domains.flatMap((domain) => domain.aliases.map((alias) => alias.address)));
  for (const { key, property } of root.isAbsent ? [] : (root.members("{address: hash}") ?? [])) {
    const login = loginOf(key);
    if (login === undefined) {
      // It may be a password in the wrong place.
      root.report(
        "One of its keys is not a mail address (not shown here: it may be a password); write ADDRESS: HASH, or ADDRESS/NAME: HASH for an app password.",
      );
      continue;
    }
    const { address, app } = login;
    const apps = accounts.get(address);
    if (aliases.has(address)) property.report(`${address} is an alias, and nobody logs in as one; take a mailbox or a system user.`);
    else if (apps === undefined)
      property.report(
        `${address} is not a declared mailbox or system user; ${wayOut(address, [...accounts.keys()], "declare the mailbox")}`,
      );
    else if (app !== undefined && systemUsers.has(address))
      property.report(`${address} is a system user, and app passwords are of mailboxes; take the hash out.`);
    else if (app !== undefined && !apps.includes(app))
      property.report(`${address} has no app password "${app}"; ${wayOut(app, apps, "declare it in the mailbox's appPasswords")}`);
    else if (hashKey(login) !== key) property.report(`${show(key)} is not the address as it is kept; write ${hashKey(login)}.`);
    property.secret(hash[plan.mailboxServer], refusal[plan.mailboxServer]);
  }
  return problems;
}

const noPlainPassword = "in one line without blanks. A plain password is never stored; `mailserver passwd` makes a hash of it";

const refusal: Record<MailboxServer, string> = {
  dovecot: `The value is not a hash that Dovecot takes: {BLF-CRYPT}$2y$…, {ARGON2ID}$argon2id$… or {SHA512-CRYPT}$6$…, ${noPlainPassword}.`,
  courier: `The value is not a hash that Courier takes: {BLF-CRYPT}$2y$… or {SHA512-CRYPT}$6$… ({ARGON2ID} is Dovecot's alone), ${noPlainPassword} that both take.`,
};

function wayOut(name: string, known: readonly string[], declaring: string): string {
  const guess = nearest(name, known);
  return guess === undefined ? `${declaring}, or take the hash out.` : `did you mean "${guess}"?`;
}
