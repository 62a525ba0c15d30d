import { createHash } from "node:crypto";
import type { MailboxServer, Role } from "../../plan/types";

/** The account that the operator and the program log in with; it may become root without a password. */
export const OPERATOR = { name: "mailops" } as const;

/** What a mailbox server brings to a primary; its files are in the folder of its name. */
interface MailboxServerParts {
  readonly packages: readonly string[];
  readonly accounts: readonly SystemAccount[];
  /** In the order in which they start, after Postfix. */
  readonly services: readonly string[];
  /** Packages that all of its others depend on. */
  readonly base: readonly string[];
  /** Units whose journal tells of wrong passwords; in its lines of `filter.d/mailserver.conf`. */
  readonly tellsOfPasswords: readonly string[];
}

const MAILBOX_SERVERS: Record<MailboxServer, MailboxServerParts> = {
  dovecot: {
    packages: ["dovecot-imapd", "dovecot-pop3d", "dovecot-lmtpd", "dovecot-sieve", "dovecot-managesieved", "dovecot-flatcurve"],
    accounts: [
      { name: "dovecot", id: 703, home: "/usr/lib/dovecot" },
      { name: "dovenull", id: 704, home: "/nonexistent" },
    ],
    services: ["dovecot.service"],
    base: ["dovecot-core"],
    tellsOfPasswords: ["dovecot.service"],
  },
  courier: {
    // libsasl2-modules: PLAIN and LOGIN, for Postfix. zstd: for mail that Dovecot has compressed.
    packages: ["courier-imap", "courier-pop", "courier-authdaemon", "courier-authlib-userdb", "maildrop", "libsasl2-modules", "zstd"],
    accounts: [{ name: "courier", id: 705, home: "/var/lib/courier" }],
    services: [
      "courier-authdaemon.service",
      "courier-imap.service",
      "courier-imap-ssl.service",
      "courier-pop.service",
      "courier-pop-ssl.service",
    ],
    base: ["courier-base", "courier-authdaemon"],
    // Postfix asks authdaemond itself.
    tellsOfPasswords: [
      "postfix.service",
      "courier-imap.service",
      "courier-imap-ssl.service",
      "courier-pop.service",
      "courier-pop-ssl.service",
    ],
  },
};

/** fail2ban, what it reads the journal with, and what it bans with. */
const GUARD = ["fail2ban", "python3-systemd", "nftables"];

/** Debian packages by role, installed without recommended ones. */
const PACKAGES: Record<Role, readonly string[]> = {
  primary: ["postfix", "postfix-lmdb", "python3-milter", "postsrsd", "mailutils", "openssl", "ca-certificates", ...GUARD],
  backup: ["postfix", "postfix-lmdb", "openssl", "ca-certificates", ...GUARD],
};

export function packages(role: Role, mailboxServer: MailboxServer): readonly string[] {
  return [...PACKAGES[role], ...(role === "primary" ? MAILBOX_SERVERS[mailboxServer].packages : [])];
}

/** Packages that go when the others come: the other mailbox server, which would want the same ports and names of programs. */
export function displacedPackages(mailboxServer: MailboxServer): readonly string[] {
  return MAILBOX_SERVERS[mailboxServer === "dovecot" ? "courier" : "dovecot"].base;
}

/** Units in whose journal the guard looks for wrong passwords, besides `ssh.service`. */
export function tellersOfPasswords(role: Role, mailboxServer: MailboxServer): readonly string[] {
  return role === "primary" ? MAILBOX_SERVERS[mailboxServer].tellsOfPasswords : [];
}

/** An account that owns files on the volume. */
export interface SystemAccount {
  readonly name: string;
  /** User and group id. In 700 to 719: Debian's `adduser` gives numbers from 100 up, systemd-sysusers from 999 down. */
  readonly id: number;
  /** A group only, where it is absent. */
  readonly home?: string;
}

/** The same numbers on every machine. Made before the packages, which would take any free ones; an image that has them with others is refused. */
const SYSTEM_ACCOUNTS: Record<Role, readonly SystemAccount[]> = {
  primary: [
    { name: "vmail", id: 700, home: "/srv/mailserver/mail" },
    { name: "postfix", id: 701, home: "/var/spool/postfix" },
    { name: "postdrop", id: 702 },
  ],
  backup: [
    { name: "postfix", id: 701, home: "/var/spool/postfix" },
    { name: "postdrop", id: 702 },
  ],
};

export function systemAccounts(role: Role, mailboxServer: MailboxServer): readonly SystemAccount[] {
  return [...SYSTEM_ACCOUNTS[role], ...(role === "primary" ? MAILBOX_SERVERS[mailboxServer].accounts : [])];
}

/** Mail services by role, in the order in which they start; those of the mailbox server come after Postfix. */
const SERVICES: Record<Role, readonly string[]> = {
  primary: ["postsrsd.service", "mailserver-sending.service", "postfix.service", "mailserver-report.timer", "fail2ban.service"],
  backup: ["postfix.service", "mailserver-hold.service", "mailserver-report.timer", "fail2ban.service"],
};

export function services(role: Role, mailboxServer: MailboxServer): readonly string[] {
  const more = role === "primary" ? MAILBOX_SERVERS[mailboxServer].services : [];
  return SERVICES[role].flatMap((service) => (service === "postfix.service" ? [service, ...more] : [service]));
}

/** Label of an exchanger's file system, at most 16 bytes (ext4(5)): tells whose volume it is before it is mounted. */
export function volumeLabel(key: string): string {
  const plain = `ms-${key}`;
  return plain.length <= 16 ? plain : `ms-${createHash("sha256").update(key).digest("hex").slice(0, 13)}`;
}
