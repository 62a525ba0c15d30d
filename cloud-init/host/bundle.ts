import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mostAppPasswords } from "../../plan/app-passwords";
import { freeMessages } from "../../plan/message-size";
import type { Exchanger, MailPlan } from "../../plan/types";
import { PEER_PORT, ports } from "../ports";
import { fill, type View } from "../template";
import type { Bundle, BundleFile, HostFacts } from "../types";
import {
  aliasMap,
  appPasswordFile,
  directSenderMap,
  domainMap,
  limited,
  limitedMap,
  mailboxMap,
  ownerMap,
  ownNameMap,
  passwordFile,
  recipientMap,
  refusedMap,
  sendingLimitMap,
  silentMap,
  userFile,
} from "./maps";
import { courierFiles } from "./courier-maps";
import { relayFiles, relayingClients } from "./relaying";
import { displacedPackages, OPERATOR, packages, services, systemAccounts, tellersOfPasswords, volumeLabel } from "./system";

/**
 * What a machine installs at its first boot. There is no account in it, and it never serves. It has to fit into user data, so comments, the programs of a
 * serving host and the configuration of its services are left out.
 */
export function hostBundle(plan: MailPlan, exchanger: Exchanger, facts: HostFacts): Bundle {
  const files = staticFiles(plan, exchanger, facts).filter(
    ({ path }) => path.startsWith("etc/systemd/") || (path.startsWith("lib/") && !SERVING_PROGRAMS.has(path)),
  );
  return bundle(
    plan,
    exchanger,
    files.map((file) => ({ ...file, content: withoutComments(file.content) })),
    false,
  );
}

const SERVING_PROGRAMS = new Set([
  "lib/probe",
  "lib/proof.py",
  "lib/dkim",
  "lib/handover",
  "lib/hold",
  "lib/checks.py",
  "lib/report",
  "lib/sending",
  "lib/nearly-full",
  "lib/srs.py",
  "lib/quota-warning",
  "lib/store.py",
  "lib/maildirs",
  "lib/conversion",
  "lib/mail.py",
  "lib/drain",
  "lib/identity.py",
  "lib/logins.py",
  "lib/peers.py",
  "lib/migrate",
  "lib/folders.py",
  "lib/folder_copy.py",
  "lib/copied.py",
  "lib/volume.py",
]);

/** Whole-line comments only: all our formats have them, and no line of ours that begins with `#` is anything else but a program's first. */
function withoutComments(text: string): string {
  return text.replace(/^\s*#(?!!).*\n/gm, "");
}

/**
 * What an exchanger serves with.
 *
 * @param passwordHashes address of a mailbox or system user -> hash with its scheme, as `{BLF-CRYPT}$2y$…`. Only the primary gets them.
 */
export function servingBundle(
  plan: MailPlan,
  exchanger: Exchanger,
  facts: HostFacts,
  passwordHashes: Readonly<Record<string, string>>,
): Bundle {
  return bundle(plan, exchanger, [...staticFiles(plan, exchanger, facts), ...accountFiles(plan, exchanger, facts, passwordHashes)], true);
}

function bundle(plan: MailPlan, exchanger: Exchanger, files: readonly File[], accounts: boolean): Bundle {
  const { role } = exchanger;
  const text = JSON.stringify({
    exchanger: exchanger.key,
    role,
    accounts,
    ...(accounts
      ? {
          aliases: exchanger.aliases,
          label: volumeLabel(exchanger.key),
          fqdn: exchanger.fqdn,
          volumeSizeGiB: exchanger.volumeSizeGiB,
          domains: plan.domains.map((domain) => domain.name),
          catchAll: plan.domains.flatMap(({ name, catchAll }) => (catchAll === undefined ? [] : [name])),
        }
      : {}),
    ...(role === "primary" ? { mailboxServer: plan.mailboxServer, displaced: displacedPackages(plan.mailboxServer) } : {}),
    packages: packages(role, plan.mailboxServer),
    services: services(role, plan.mailboxServer),
    ports: [...ports(role, plan.mailboxServer).map(({ port, protocol }) => [port, protocol]), [PEER_PORT, "peer"]],
    systemAccounts: systemAccounts(role, plan.mailboxServer),
    systemUsers: accounts && role === "primary" ? plan.systemUsers.map(({ name, home }) => ({ name, home })) : [],
    files: [...files].sort((one, other) => (one.path < other.path ? -1 : 1)),
  });
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}

/** A file with the group that may read it, where that is not root. */
interface File extends BundleFile {
  readonly group?: string;
}

const PUBLIC = 0o644;

/** Only where somebody has a quota. */
const LIMITED = "etc/postfix/limited";

function accountFiles(plan: MailPlan, { role, fqdn }: Exchanger, { peers }: HostFacts, hashes: Readonly<Record<string, string>>): File[] {
  const files: File[] =
    role === "primary"
      ? [
          { path: "etc/postfix/domains", mode: PUBLIC, content: domainMap(plan) },
          { path: "etc/postfix/mailboxes", mode: PUBLIC, content: mailboxMap(plan) },
          { path: "etc/postfix/aliases", mode: PUBLIC, content: aliasMap(plan, fqdn) },
          { path: "etc/postfix/direct_senders", mode: PUBLIC, content: directSenderMap(plan, fqdn) },
          { path: "etc/postfix/owners", mode: PUBLIC, content: ownerMap(plan) },
          { path: "etc/mailserver/sending_limits", mode: PUBLIC, content: sendingLimitMap(plan) },
          { path: "etc/postfix/silent", mode: PUBLIC, content: silentMap(plan) },
          ...(plan.mailboxServer === "dovecot"
            ? dovecotFiles(plan, hashes)
            : courierFiles(plan, hashes).map((file) => ({ mode: PUBLIC, ...file }))),
          ...relayFiles(plan, peers).map((file) => ({ ...file, mode: PUBLIC })),
        ]
      : [
          { path: "etc/postfix/domains", mode: PUBLIC, content: domainMap(plan) },
          { path: "etc/postfix/relay_recipients", mode: PUBLIC, content: recipientMap(plan) },
          { path: "etc/postfix/aliases", mode: PUBLIC, content: ownNameMap(plan, fqdn) },
        ];
  return [
    ...files,
    { path: "etc/postfix/refused", mode: PUBLIC, content: refusedMap(plan) },
    { path: `etc/ssh/${OPERATOR.name}_keys`, mode: PUBLIC, content: operatorKeys(plan) },
  ];
}

function dovecotFiles(plan: MailPlan, hashes: Readonly<Record<string, string>>): File[] {
  return [
    { path: "etc/dovecot/users", mode: PUBLIC, content: userFile(plan) },
    { path: "etc/dovecot/passwords", mode: 0o640, group: "dovecot", content: passwordFile(plan, hashes) },
    { path: "etc/dovecot/app-passwords", mode: 0o640, group: "dovecot", content: appPasswordFile(plan, hashes) },
    ...(plan.sieve === undefined ? [] : [{ path: "etc/dovecot/sieve/declared.sieve", mode: PUBLIC, content: plan.sieve }]),
    ...(limited(plan).length === 0 ? [] : [{ path: LIMITED, mode: PUBLIC, content: limitedMap(plan) }]),
  ];
}

/** `authorized_keys` of the operator's account. */
export function operatorKeys(plan: MailPlan): string {
  return plan.operator.publicKeys.map((key) => `${line(key)}\n`).join("");
}

/** Everything under `both/`, the role's folder and, on a primary, that of its mailbox server; a file that is in several is one after the other. */
function staticFiles(plan: MailPlan, exchanger: Exchanger, facts: HostFacts): File[] {
  const view = viewOf(plan, exchanger, facts);
  const contents = new Map<string, string>();
  for (const folder of ["both", exchanger.role, ...(exchanger.role === "primary" ? [plan.mailboxServer] : [])]) {
    for (const path of pathsUnder(join(__dirname, folder))) {
      const text = readFileSync(join(__dirname, folder, path), "utf8");
      // Programs have no holes: they read what differs from files.
      const content = path.startsWith("lib/") ? text : fill(text, view);
      contents.set(path, (contents.get(path) ?? "") + content);
    }
  }
  return [...contents].map(([path, content]) => ({ path, mode: content.startsWith("#!") ? 0o755 : PUBLIC, content }));
}

function pathsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function viewOf(plan: MailPlan, exchanger: Exchanger, facts: HostFacts): View {
  // The primary is called by backups, a backup only by the primary.
  const callers = facts.peers.filter((peer) => peer.role !== exchanger.role);
  const primary = facts.peers.find((peer) => peer.role === "primary");
  return {
    fqdn: exchanger.fqdn,
    address: facts.address,
    firstDomain: plan.domains[0].name,
    peerPort: PEER_PORT,
    peers: facts.peers.map(({ key, role, fqdn, address, fingerprint }) => ({ key, role, fqdn, address, fingerprint })),
    operators: plan.operator.addresses.map((range) => ({ range })),
    tellers: tellersOfPasswords(exchanger.role, plan.mailboxServer).map((unit) => ({ unit })),
    passwordPorts: ports(exchanger.role, plan.mailboxServer).flatMap(({ port, protocol }) => (protocol === "smtp" ? [] : [{ port }])),
    callers: callers.map(({ address, fingerprint }, index) => ({ address, fingerprint, class: `peer_${index + 1}` })),
    holding: exchanger.role === "backup" ? {} : undefined,
    messageSizeLimit: plan.messageSizeMiB << 20,
    queueMinFree: (plan.messageSizeMiB << 20) * freeMessages,
    // Dovecot is asked at RCPT; maildrop lets wait.
    quotas: exchanger.role === "primary" && plan.mailboxServer === "dovecot" && limited(plan).length > 0 ? {} : undefined,
    systemUsers: plan.systemUsers.map(({ name }) => ({ name })),
    compression: plan.compression ? {} : undefined,
    appPasswords: Array.from({ length: mostAppPasswords }, (_, index) => ({ number: index + 1 })),
    sieve: plan.sieve === undefined ? undefined : {},
    relaying: exchanger.role === "primary" ? relayingClients(plan) : undefined,
    primary: primary === undefined ? undefined : { address: primary.address, fingerprint: primary.fingerprint },
  };
}

function line(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must not be in it
  if (/[\x00-\x1f\x7f]/.test(text)) throw new Error(`${JSON.stringify(text)} is not one line`);
  return text;
}
