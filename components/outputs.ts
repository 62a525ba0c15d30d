import { MailPlan } from "../plan/types";
import { quotaNotes } from "./limits";

/** An exchanger as it is. */
export interface ExchangerEndpoint {
  /** Its key in the declaration. */
  key: string;
  /** Its fully qualified name. */
  name: string;
  /** Its public address. */
  address: string;
  /** MX preference, lower first. */
  preference: number;
  /** `primary` or `backup`. */
  role: string;
  /** How the operator logs in. */
  ssh: string;
}

/** Where a mail client connects. */
export interface ClientEndpoint {
  /** Host name. */
  host: string;
  /** TCP port. */
  port: number;
  /** `TLS` (from the first byte) or `STARTTLS`. */
  security: string;
}

/** What a person types into a mail client. */
export interface ClientSettings {
  /** Form of the user name. */
  userName: string;
  /** The preferred way first (RFC 8314 section 3.3), as in the others. */
  imap: ClientEndpoint[];
  pop3: ClientEndpoint[];
  submission: ClientEndpoint[];
  /** Filters of one's own (ManageSieve, RFC 5804). */
  sieve: ClientEndpoint[];
}

/** All services for people are on the primary. */
export function clientSettings(plan: MailPlan): ClientSettings {
  const primary = plan.exchangers.find(({ role }) => role === "primary");
  const host = primary?.fqdn ?? "";
  const tls = (port: number): ClientEndpoint => ({ host, port, security: "TLS" });
  const startTls = (port: number): ClientEndpoint => ({ host, port, security: "STARTTLS" });
  return {
    userName: `the whole address, for instance ${plan.postmaster}`,
    imap: [tls(993), startTls(143)],
    pop3: [tls(995), startTls(110)],
    submission: [tls(465), startTls(587)],
    sieve: [startTls(4190)],
  };
}

/** What no API does. */
export function todo(plan: MailPlan): string[] {
  return [
    ...quotaNotes(plan),
    "Outbound port 25: AWS closes it for every account until it is asked to open it, region by region " +
      "(https://repost.aws/knowledge-center/ec2-port-25-throttle). Until then mail comes in and is read, and what you send waits in the queue.",
    `Name servers: the registrar of ${[...new Set([plan.hostZone.name, ...plan.domains.map(({ zone }) => zone.name)])].join(", ")} must point to Cloudflare's.`,
    "Certificates: the hosts have self-signed ones; mail clients ask once whether to trust them.",
  ];
}
