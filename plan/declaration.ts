/**
 * What a user writes: the same shape in `Pulumi.<stack>.yaml` and in the arguments of `MailServer`.
 * `parse` turns it into a `MailPlan`; every default is decided there and nowhere else.
 *
 * Only interfaces, maps, lists and scalars, and no union types, so that Pulumi's analyzer can offer the same shape to other languages.
 */

/** A DNS zone at Cloudflare. */
export interface ZoneDeclaration {
  /** The zone's name, for instance `example.org`. */
  name: string;
  /** The zone's id at Cloudflare. Default: looked up by name. */
  id?: string;
}

/** One mail exchanger: a host that takes mail. Its key in `exchangers` is its identity and never changes with its settings. */
export interface ExchangerDeclaration {
  /** `primary` (holds the mailboxes; exactly one) or `backup` (takes mail when the primary cannot and hands it over). */
  role: string;
  /** MX preference, 0 to 65535; the lower number is tried first (RFC 5321 section 5.1). Default: 10 for the primary, 20 for a backup. */
  preference?: number;
  /** Host name inside `hostZone`, without the zone. Default: the exchanger's key. */
  hostname?: string;
  /** AWS region. Default: the provider's. */
  region?: string;
  /** Id of the subnet. Default: a default subnet of the default VPC; backups get another availability zone than the primary. */
  subnet?: string;
  /** EC2 instance type; the architecture follows from it. Default: `t4g.small` for the primary, `t4g.micro` for a backup. */
  instanceType?: string;
  /** Size of the volume with mail, queue and keys, in GiB; it may grow and never shrinks. Default: 20 for the primary, 8 for a backup. */
  volumeSize?: number;
  /** Raise it to rebuild the machine with the newest image; address, volume and records stay. Default: 1. */
  generation?: number;
  /** Keys that this exchanger had before. With them a renamed exchanger is the same one; without, the old one is removed and a new one made. Default: none. */
  aliases?: string[];
  /**
   * Whether its removal waits until senders have forgotten its MX and its queue is empty, and fails while it is not. `false` is for one that can no longer
   * be reached, or whose mail may be lost: set it, run `pulumi up`, and remove the exchanger then. Default: true.
   */
  drain?: boolean;
}

/** A mailbox. Its password hash is not here but in `passwordHashes`, under its address; without one it takes mail and nobody can log in. */
export interface MailboxDeclaration {
  /**
   * How much mail it may hold, such as `500 MiB` or `2 GiB` (powers of 1024; also `TiB`), or `unlimited`. Its owner gets a mail at nine tenths. When it is full, senders
   * are refused at once (552 5.2.2), and what was accepted already waits and is reported. Default: the domain's.
   */
  quota?: string;
  /**
   * Whether mail to `NAME+FOLDER@domain` goes into that folder where the mailbox has it (in the same spelling; not into Drafts, Sent and Trash), unless the
   * person's own Sieve script files it. Otherwise it goes into the inbox. Default: false.
   */
  plusFolders?: boolean;
  /** Whether it may send, as itself and as its aliases. Default: true. */
  sends?: boolean;
  /** Whether it takes mail. With `false` senders are refused on every exchanger (550 5.2.1), and no alias may lead to it. Default: true. */
  receives?: boolean;
  /**
   * Whether nobody can log in to it for now, on any service; open sessions end. Its mail goes on arriving and waits; together with `receives: false` senders are
   * put off (450 4.2.1) and not refused. The hash stays in `passwordHashes`. Default: false.
   */
  closed?: boolean;
}

/** A mail domain. */
export interface DomainDeclaration {
  /** The domain, for instance `example.org`; one with other letters in either form, `bücher.example` or `xn--bcher-kva.example`. The first one in the list names system users and gets the hosts' own mail. */
  name: string;
  /** The DNS zone that holds it. Default: a zone of the domain's own name. */
  zone?: ZoneDeclaration;
  /** What each of its mailboxes may hold where the mailbox has no `quota` of its own. Default: that of the whole system. */
  quota?: string;
  /** Mailboxes by local part. */
  mailboxes?: { [localPart: string]: MailboxDeclaration };
  /** Aliases by local part, each to one or more local parts of this domain or addresses of declared domains. */
  aliases?: { [localPart: string]: string[] };
  /** Who gets mail for every address of this domain that is not declared: a local part of this domain or an address of a declared domain. It gives nobody the right to send as such an address. Default: nobody, and such mail is refused. */
  catchAll?: string;
}

/** An account of the primary itself, with a shell and a home of its own. Its address is NAME@first domain. */
export interface SystemUserDeclaration {
  /** The home directory; it is kept on the volume. Default: `/home/NAME`. */
  home?: string;
  /** As of a mailbox. Default: that of the whole system. */
  quota?: string;
}

/** Printers, scanners and applications that send through the primary without logging in: on its port 25, known by their addresses alone. */
export interface RelayClientDeclaration {
  /** IPv4 address ranges (CIDR) that it connects from, none wider than a /16. Behind one address there may be many machines: all of them may send. */
  addresses: string[];
  /**
   * What it may send as, in the envelope (`MAIL FROM`): declared addresses, or declared domains as a whole. The `From:` line inside the message is not compared
   * with it, nor is that of people who log in: Postfix's restrictions end before the message comes.
   */
  senders: string[];
}

/** Who may log in to the hosts. */
export interface OperatorDeclaration {
  /**
   * Public SSH keys, each one line in `authorized_keys` format. To change the key that the program itself logs in with: add the new one, run `pulumi up`,
   * change `operatorPrivateKey`, and take the old one out. A host refuses a list without the key that brought it.
   */
  publicKeys: string[];
  /** Address ranges (CIDR) from which SSH is open. */
  addresses: string[];
}

/** A whole mail system. */
export interface Declaration {
  /** The DNS zone that the hosts' names are in. */
  hostZone: ZoneDeclaration;
  /** Exchangers by key. One primary; any number of backups, though many senders try five addresses at most. */
  exchangers: { [key: string]: ExchangerDeclaration };
  /** Mail domains; at least one. */
  domains: DomainDeclaration[];
  /** System users of the primary, by name. */
  systemUsers?: { [name: string]: SystemUserDeclaration };
  /** Time to live of every record, in seconds, 60 to 86400 (Cloudflare's range). Moving or removing an exchanger waits as long. Default: 300. */
  ttl?: number;
  /** Address that gets what `postmaster`, `abuse` and `root` of every domain get where these are not declared. Default: the first mailbox, by name, of the first domain, else the first system user. */
  postmaster?: string;
  /** What each mailbox may hold where neither it nor its domain has a `quota`. Default: `unlimited`. */
  quota?: string;
  /**
   * Text of a Sieve script (RFC 5228) for all mail that comes in, run after spam is filed and before a person's own script, which does not run when this one
   * has filed a mail. One that does not compile is refused by the primary, which keeps the one before. Default: none.
   */
  sieve?: string;
  /** Clients that may relay through the primary without logging in, by a name of your choice. Default: none. */
  relayClients?: { [name: string]: RelayClientDeclaration };
  /** Who may log in to the hosts. */
  operator: OperatorDeclaration;
}
