import type { MailboxServer, Role } from "../plan/types";

/**
 * The peer port: everything between exchangers. Not 25, which a new AWS account may not send to; in no registry (IANA, Service Name and Transport
 * Protocol Port Number Registry), below the kernel's ephemeral range (32768 and up), and easy to know again: the 25 of the peers.
 */
export const PEER_PORT = 4625;

/** What speaks on a port, and so how it is proved: `cloud-init/host/both/lib/proof.py`. */
export type Protocol = "smtp" | "submission" | "submissions" | "imap" | "imaps" | "pop3" | "pop3s" | "managesieve" | "peer";

/** A TCP port that is open to everybody. */
export interface MailPort {
  readonly port: number;
  readonly protocol: Protocol;
  /** For a firewall rule. */
  readonly description: string;
}

const everywhere: readonly MailPort[] = [{ port: 25, protocol: "smtp", description: "SMTP" }];

const primary: readonly MailPort[] = [
  { port: 465, protocol: "submissions", description: "Submission over TLS" },
  { port: 587, protocol: "submission", description: "Submission with STARTTLS" },
  { port: 993, protocol: "imaps", description: "IMAP over TLS" },
  { port: 143, protocol: "imap", description: "IMAP with STARTTLS" },
  { port: 995, protocol: "pop3s", description: "POP3 over TLS" },
  { port: 110, protocol: "pop3", description: "POP3 with STARTTLS" },
  { port: 4190, protocol: "managesieve", description: "ManageSieve with STARTTLS" },
];

/** The ports of a role that are open to everybody; the peer port is not among them. Courier has no ManageSieve. */
export function ports(role: Role, mailboxServer: MailboxServer): readonly MailPort[] {
  if (role === "backup") return everywhere;
  return [...everywhere, ...primary.filter(({ protocol }) => mailboxServer === "dovecot" || protocol !== "managesieve")];
}
