import { mailAddress } from "./mail-address";
import { nearest } from "./nearest";
import { Property, show } from "./property";
import type { MailPlan, Problem } from "./types";

/**
 * Hashes as Dovecot's password schemes have them, each with its scheme in braces before it (Dovecot, "Password schemes"; crypt(5)):
 * bcrypt, Argon2id, and crypt's SHA-512. None can hold a line end, a blank or a colon, which separate fields in a passwd-file.
 */
const hash =
  /^(?:\{BLF-CRYPT\}\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}|\{ARGON2ID\}\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+|\{SHA512-CRYPT\}\$6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86})$/;

/**
 * What is wrong with the map of password hashes: a key that is not the address of a mailbox or system user in its one spelling (as in the plan), or a value
 * that is not a hash. No message ever has a value in it.
 *
 * @param hashes address -> hash; `undefined` is an empty one
 */
export function checkPasswordHashes(plan: MailPlan, hashes: unknown): Problem[] {
  const problems: Problem[] = [];
  const root = new Property("passwordHashes", hashes, problems);
  const accounts = new Set([...plan.domains.flatMap(({ mailboxes }) => mailboxes), ...plan.systemUsers].map(({ address }) => address));
  const aliases = new Set(plan.domains.flatMap((domain) => domain.aliases.map((alias) => alias.address)));
  for (const { key, property } of root.isAbsent ? [] : (root.members("{address: hash}") ?? [])) {
    const address = mailAddress(key);
    if (address === undefined) {
      // It may be a password in the wrong place.
      root.report("One of its keys is not a mail address (not shown here: it may be a password); write ADDRESS: HASH.");
      continue;
    }
    if (aliases.has(address)) property.report(`${address} is an alias, and nobody logs in as one; take a mailbox or a system user.`);
    else if (!accounts.has(address))
      property.report(`${address} is not a declared mailbox or system user; ${wayOut(address, [...accounts])}`);
    else if (address !== key) property.report(`${show(key)} is not the address as it is kept; write ${address}.`);
    property.secret(hash, refusal);
  }
  return problems;
}

const refusal =
  "The value is not a hash that Dovecot takes: {BLF-CRYPT}$2y$…, {ARGON2ID}$argon2id$… or {SHA512-CRYPT}$6$…, in one line without blanks. " +
  "A plain password is never stored; `mailserver passwd` makes a hash of it.";

function wayOut(address: string, accounts: readonly string[]): string {
  const guess = nearest(address, accounts);
  return guess === undefined ? "declare the mailbox, or take the hash out." : `did you mean "${guess}"?`;
}
