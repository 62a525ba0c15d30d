import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Lab } from "../lab";
import { REGION } from "../cloud/initial-state";
import { writeWhole } from "../whole-file";
import { ensureSecrets } from "./secrets";

/** A stack's configuration file, as far as the lab looks into it. */
interface StackFile {
  encryptionsalt?: string;
  config?: { [key: string]: unknown };
}

/** Sets a secret in the configuration file with the real CLI; the value goes through standard input. */
export type SetSecret = (key: string, value: string, configFile: string) => Promise<void>;

const HASHES = "mailserver:passwordHashes";
const PRIVATE_KEY = "mailserver:operatorPrivateKey";

const composed = (lab: Lab): string => join(lab.dir, "Pulumi.lab.yaml");
const deployed = (lab: Lab): string => join(lab.dir, "deployed.lab.yaml");
const stamp = (lab: Lab): string => join(lab.dir, "stack-file.sha256");

const load = (file: string): StackFile => (existsSync(file) ? ((parse(readFileSync(file, "utf8")) as StackFile | null) ?? {}) : {});

/** Keeps the configuration that an `up` has just brought about: what a person edits afterwards is not there yet. */
export const recordDeployed = (lab: Lab): void => writeWhole(deployed(lab), readFileSync(composed(lab)), 0o600);

/** Settings of the stack as they were brought about last; before the first time, as they were given. Nothing secret in them is readable. */
export function deployedConfig(lab: Lab): { readonly [key: string]: unknown } {
  return load(existsSync(deployed(lab)) ? deployed(lab) : composed(lab)).config ?? {};
}

/** Whether the salt of the lab's passphrase is kept. */
export const hasSalt = (lab: Lab): boolean => load(composed(lab)).encryptionsalt !== undefined;

/** Keeps the salt of the lab's passphrase, which a new stack got, for every later configuration. */
export function keepSalt(lab: Lab, from: string): void {
  const { encryptionsalt } = load(from);
  rmSync(stamp(lab), { force: true });
  writeWhole(composed(lab), stringify({ encryptionsalt }), 0o600);
}

/**
 * What the engine reads: the file that a person edits, and what differs from lab to lab — region, operator, and the secrets, encrypted.
 * Written only when one of them changed. Returns its path.
 */
export async function composeStackFile(lab: Lab, source: string, setSecret: SetSecret): Promise<string> {
  const edited = load(source);
  const config = edited.config ?? {};
  const logins = loginsOf(config);
  const secrets = ensureSecrets(lab, logins);
  const hashes = Object.fromEntries(logins.map((login) => [login, secrets.mailboxes[login]?.hash]));
  const edits = asObject(config["mailserver:operator"]);
  const operator = {
    ...edits,
    // A copy of a composed file has them already.
    publicKeys: [...new Set([secrets.operator.publicKey, ...asArray(edits.publicKeys)])],
    addresses: [...new Set([`${lab.addresses.operator}/32`, ...asArray(edits.addresses)])],
  };
  const wanted = createHash("sha256")
    .update(JSON.stringify([edited, operator, hashes]))
    .digest("hex");
  if (existsSync(composed(lab)) && existsSync(stamp(lab)) && readFileSync(stamp(lab), "utf8") === wanted) return composed(lab);

  rmSync(stamp(lab), { force: true });
  // What is encrypted already stays as it is: a secret of the lab never changes, and each costs a run of the CLI.
  const before = load(composed(lab));
  const known = before.encryptionsalt === (edited.encryptionsalt ?? before.encryptionsalt) ? asObject(before.config) : {};
  const encrypted = Object.fromEntries(Object.entries(asObject(known[HASHES])).filter(([login]) => logins.includes(login)));
  const encryptionsalt = edited.encryptionsalt ?? before.encryptionsalt;
  const plain: StackFile = {
    ...(encryptionsalt === undefined ? {} : { encryptionsalt }),
    config: {
      "aws:region": REGION,
      ...config,
      "mailserver:operator": operator,
      ...(known[PRIVATE_KEY] === undefined ? {} : { [PRIVATE_KEY]: known[PRIVATE_KEY] }),
      [HASHES]: encrypted,
    },
  };
  writeWhole(composed(lab), stringify(plain), 0o600);
  if (known[PRIVATE_KEY] === undefined) await setSecret(PRIVATE_KEY, secrets.operator.privateKey, composed(lab));
  for (const login of logins) {
    const hash = hashes[login];
    if (encrypted[login] === undefined && hash !== undefined) await setSecret(`${HASHES}["${login}"]`, hash, composed(lab));
  }
  writeWhole(stamp(lab), wanted);
  return composed(lab);
}

/** Keys of `passwordHashes`: mailboxes, their app passwords, and system users at the first domain. A malformed declaration has none here; the program reports it. */
function loginsOf(config: { [key: string]: unknown }): string[] {
  const domains = asArray(config["mailserver:domains"]).map(asObject);
  const mailboxes = domains.flatMap((domain) =>
    Object.entries(asObject(domain.mailboxes)).flatMap(([local, settings]) => {
      const address = `${local}@${String(domain.name)}`;
      return [address, ...Object.keys(asObject(asObject(settings).appPasswords)).map((name) => `${address}/${name}`)];
    }),
  );
  const first = domains[0]?.name;
  const users =
    first === undefined ? [] : Object.keys(asObject(config["mailserver:systemUsers"])).map((name) => `${name}@${String(first)}`);
  return [...new Set([...mailboxes, ...users].map((address) => address.toLowerCase()))].sort();
}

const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asObject = (value: unknown): { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as { [key: string]: unknown }) : {};
