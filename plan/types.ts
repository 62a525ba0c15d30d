/** The plan: what a declaration means, as plain frozen data with every default in it. Everything after `parse` reads only this. */

export type Role = "primary" | "backup";
/** Programs that keep the mailboxes, and check their passwords. */
export type MailboxServer = "dovecot" | "courier";
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
  /** Exchangers of this module have no IPv6 address. */
  readonly hasIPv6: false;
  /** SHA-256 of the SubjectPublicKeyInfo of the TLS key that it will have next, in lower-case hex. */
  readonly nextTlsKey?: string;
}

/** A host that takes mail, as records know it, whoever runs it. */
export interface MailHost extends Pick<Exchanger, "key" | "role" | "preference" | "fqdn" | "aliases"> {
  readonly hasIPv6: boolean;
}

export interface Alias {
  readonly address: string;
  /** Full addresses, each declared or outside of the declared domains; never empty. */
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
  /** Sorted by name. */
  readonly appPasswords: readonly AppPassword[];
  /** Declared domains and full addresses that it may send as, besides itself and its aliases, sorted. */
  readonly sendsAs: readonly string[];
  readonly sendingLimits: SendingLimits;
}

/** A password of a mailbox for one device or program. */
export interface AppPassword {
  readonly name: string;
  /** Of `appServices`, sorted; never empty. */
  readonly services: readonly string[];
}

export interface SendingLimits {
  readonly messagesPerHour: number;
  readonly recipientsPerMessage: number;
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
  readonly policies: DomainPolicies;
}

/** What a domain's records say besides where its mail goes. A family that is absent has no record. */
export interface DomainPolicies {
  readonly spf?: Spf;
  /** Sorted by selector. */
  readonly dkim: readonly DkimKey[];
  readonly dmarc?: Dmarc;
  readonly mtaSts?: MtaSts;
  /** URIs, as TLS-RPT has them. */
  readonly tlsReports: readonly string[];
  /** Names of services for mail clients that are offered, of `clientServices`. */
  readonly services?: readonly string[];
  /** Web host that tells mail clients their settings. */
  readonly autoconfig?: string;
  /** Other domains whose DMARC reports are taken by an address of this one, sorted. */
  readonly reportsFor: readonly string[];
  /** Whether records that the zone has already are taken over as they are. */
  readonly adoptRecords: boolean;
}

export interface Spf {
  /** Mechanisms besides the primary's address, each in its one spelling. */
  readonly terms: readonly string[];
  /** `-all` or `~all`. */
  readonly all: string;
}

export interface DkimKey {
  readonly selector: string;
  readonly type: "rsa" | "ed25519";
  /** As a record has it in `p=`; absent where the primary makes the key, or where it is revoked. */
  readonly publicKey?: string;
  readonly revoked: boolean;
}

export interface Dmarc {
  /** Tags and their values, `p` first, without `v`. */
  readonly tags: readonly (readonly [tag: string, value: string])[];
}

export interface MtaSts {
  readonly mode: string;
  /** Seconds for which senders may keep the policy. */
  readonly maxAge: number;
  /** Web host that has the policy, to which `mta-sts.DOMAIN` leads; absent where that name's record is made elsewhere. */
  readonly host?: string;
}

/** Who may make certificates for the hosts. */
export interface Caa {
  readonly issuer: string;
  readonly accountUri?: string;
  /** URI. */
  readonly iodef?: string;
}

/** A domain that takes no mail and sends none. */
export interface ParkedDomain {
  readonly name: string;
  readonly zone: Zone;
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
  readonly parkedDomains: readonly ParkedDomain[];
  /** Zones that Cloudflare signs, sorted by name. */
  readonly signedZones: readonly Zone[];
  readonly caa?: Caa;
  /** Sorted by name. */
  readonly systemUsers: readonly SystemUser[];
  /** Of every record, in seconds. */
  readonly ttl: number;
  /** Where the hosts' own mail goes. */
  readonly postmaster: string;
  /** Of whoever has no mailbox of its own: system users. */
  readonly sendingLimits: SendingLimits;
  /** The largest message that every exchanger takes. */
  readonly messageSizeMiB: number;
  /** What keeps the mailboxes on the primary. */
  readonly mailboxServer: MailboxServer;
  /** Whether new mail is compressed. */
  readonly compression: boolean;
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
