/** The plan: what a declaration means, as plain frozen data with every default in it. Everything after `parse` reads only this. */

export type Role = "primary" | "backup";
export type Architecture = "amd64" | "arm64";

export interface Zone {
  readonly name: string;
  /** Cloudflare's id, where the declaration gave it. */
  readonly id?: string;
}

export interface Exchanger {
  /** The user's key: the identity in resource names, on the volume and in the state. */
  readonly key: string;
  readonly role: Role;
  readonly preference: number;
  /** Fully qualified host name, lower case, no trailing dot. Also the HELO name and the PTR. */
  readonly fqdn: string;
  readonly region?: string;
  readonly subnet?: string;
  readonly instanceType: string;
  readonly architecture: Architecture;
  readonly volumeSizeGiB: number;
  readonly generation: number;
  /** Keys that it had before. */
  readonly aliases: readonly string[];
  /** Whether its removal waits for its queue. */
  readonly drain: boolean;
}

/** An exchanger as records know it. */
export type MailHost = Pick<Exchanger, "key" | "role" | "preference" | "fqdn" | "aliases">;

export interface Alias {
  readonly address: string;
  /** Full addresses, each declared; never empty. */
  readonly targets: readonly string[];
}

export interface Mailbox {
  readonly address: string;
  /** How much it may hold; absent where there is no limit. */
  readonly quotaMiB?: number;
  /** Whether mail to an extended address goes into the folder of that name. */
  readonly plusFolders: boolean;
  readonly sends: boolean;
  readonly receives: boolean;
  /** Nobody can log in to it for now. */
  readonly closed: boolean;
}

export interface Domain {
  readonly name: string;
  readonly zone: Zone;
  /** Sorted by address. System users are not among them. */
  readonly mailboxes: readonly Mailbox[];
  /** Sorted by address; has `postmaster`, `abuse` and `root` unless they are mailboxes or system users. */
  readonly aliases: readonly Alias[];
  /** The declared address that gets what is for nobody. */
  readonly catchAll?: string;
}

export interface SystemUser {
  readonly name: string;
  readonly home: string;
  /** NAME@first domain. */
  readonly address: string;
  /** As of a mailbox. */
  readonly quotaMiB?: number;
}

/** May relay through the primary without logging in. */
export interface RelayClient {
  readonly name: string;
  /** IPv4 CIDR ranges, sorted; none has an address in common with another, of any client. */
  readonly addresses: readonly string[];
  /** Declared domains and full addresses in them, sorted; never empty. */
  readonly senders: readonly string[];
}

export interface Operator {
  /** Each one line in `authorized_keys` format; never empty. */
  readonly publicKeys: readonly string[];
  /** CIDR ranges. */
  readonly addresses: readonly string[];
}

export interface MailPlan {
  readonly hostZone: Zone;
  /** By preference, then key. */
  readonly exchangers: readonly Exchanger[];
  /** In the order declared; `domains[0]` is the first domain. */
  readonly domains: readonly [Domain, ...Domain[]];
  /** Sorted by name. */
  readonly systemUsers: readonly SystemUser[];
  /** Of every record, in seconds. */
  readonly ttl: number;
  /** Where the hosts' own mail goes. */
  readonly postmaster: string;
  /** Text of the script for everybody's mail, with a line end. */
  readonly sieve?: string;
  /** Sorted by name. */
  readonly relayClients: readonly RelayClient[];
  readonly operator: Operator;
}

/** Something wrong with the declaration, for a person to mend. */
export interface Problem {
  /** Property path, for instance `exchangers.mx1.preference` or `domains[0].aliases.sales`. */
  readonly path: string;
  /** What is wrong, with the value, and the way out. One sentence or two. */
  readonly message: string;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };
