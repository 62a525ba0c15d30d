import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import type { Lab } from "../lab";
import { sshKeyPair } from "../ssh-key-pair";
import { writeWhole } from "../whole-file";

/** What a person would keep in a password manager: made once a lab, kept in its folder, mode 0600. */
export interface LabSecrets {
  readonly passphrase: string;
  readonly operator: { readonly publicKey: string; readonly privateKey: string };
  /** By address, or address/name for an app password. */
  readonly mailboxes: { readonly [address: string]: { readonly password: string; readonly hash: string } };
}

/** The lab's passwords protect nothing but the lab, and many are hashed at once. */
const BCRYPT_COST = 5;

const file = (lab: Lab): string => join(lab.dir, "secrets.json");

const read = (lab: Lab): LabSecrets | undefined =>
  existsSync(file(lab)) ? (JSON.parse(readFileSync(file(lab), "utf8")) as LabSecrets) : undefined;

/** The lab's secrets, with one for each of these log-ins; what is missing is made. */
export function ensureSecrets(lab: Lab, logins: readonly string[]): LabSecrets {
  const before = read(lab);
  const missing = logins.filter((login) => before?.mailboxes[login] === undefined);
  if (before !== undefined && missing.length === 0) return before;
  const secrets: LabSecrets = {
    passphrase: before?.passphrase ?? randomBytes(18).toString("base64url"),
    operator: before?.operator ?? newOperator(lab),
    mailboxes: { ...before?.mailboxes, ...Object.fromEntries(missing.map((login) => [login, newPassword()])) },
  };
  mkdirSync(lab.dir, { recursive: true });
  writeWhole(file(lab), `${JSON.stringify(secrets, null, 1)}\n`, 0o600);
  return secrets;
}

function newOperator(lab: Lab): LabSecrets["operator"] {
  const pair = sshKeyPair(`operator@lab-${lab.name}`);
  return { publicKey: pair.public.trim(), privateKey: pair.private };
}

function newPassword(): { password: string; hash: string } {
  const password = randomBytes(12).toString("base64url");
  return { password, hash: `{BLF-CRYPT}${hashSync(password, BCRYPT_COST)}` };
}

/** Passwords of the lab's mailboxes and system users by address, app passwords by address/name; empty before the first run of the engine. */
export const mailboxPasswords = (lab: Lab): { [address: string]: string } =>
  Object.fromEntries(Object.entries(read(lab)?.mailboxes ?? {}).map(([address, { password }]) => [address, password]));
