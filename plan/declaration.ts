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
  /**
   * The TLS key that the host will have next: SHA-256 of its SubjectPublicKeyInfo, 64 hexadecimal digits, as
   * `openssl pkey -in KEY -pubout -outform DER | sha256sum` prints it. Its TLSA record then stands beside that of the present key, as it must for two TTLs
   * before the host changes (RFC 7672 section 8.1). The hosts do not change keys by themselves. Only where `dnssec` has the zone of the hosts' names.
   * Default: none.
   */
  nextTlsKey?: string;
}

/** A password of a mailbox besides its own, for one device or program. Its hash is in `passwordHashes`, under `ADDRESS/NAME`; without one nobody can use it. */
export interface AppPasswordDeclaration {
  /** What it is good for: `imap`, `pop3`, `submission` (465 and 587), `sieve` (ManageSieve). Default: all of them. */
  services?: string[];
}

/** How much one account may send. */
export interface SendingLimitsDeclaration {
  /** Messages within an hour, 1 to 100000; who has sent as many is put off until the hour is over (451 4.7.1). Default: that of the domain, of the whole system, else 200. */
  messagesPerHour?: number;
  /** Recipients of one message, 1 to 1000; those beyond are put off (452 4.5.3). Default: that of the domain, of the whole system, else 100. */
  recipientsPerMessage?: number;
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
  /**
   * Whom it may send as besides, in the envelope and in the `From:` line: declared addresses, or declared domains as a whole, which then holds for every address of
   * the domain, also those of others. Default: nobody.
   */
  sendsAs?: string[];
  /** How much it may send. Default: the domain's. */
  sendingLimits?: SendingLimitsDeclaration;
  /** Whether it takes mail. With `false` senders are refused on every exchanger (550 5.2.1), and no alias may lead to it. Default: true. */
  receives?: boolean;
  /**
   * Whether nobody can log in to it for now, on any service; open sessions end. Its mail goes on arriving and waits; together with `receives: false` senders are
   * put off (450 4.2.1) and not refused. The hash stays in `passwordHashes`. Default: false.
   */
  closed?: boolean;
  /**
   * Further passwords, at most 16, each for one device or program, by a name of your choice such as `phone` (lower-case letters, digits and `-`). One that is taken
   * out, or loses its hash, ends its own sessions and touches nothing else. `mailserver passwd ADDRESS --app NAME` makes it. Default: none.
   */
  appPasswords?: { [name: string]: AppPasswordDeclaration };
}

/** Who may send as a domain, besides the primary (SPF, RFC 7208). */
export interface SpfDeclaration {
  /**
   * Others that send as the domain, each by the domain under which it publishes its own senders: a smarthost, a newsletter provider (`include`, section 5.2).
   * Each is one of the ten look-ups that receivers allow (section 4.6.4), and those in its own record count too, which is not looked at. Default: none.
   */
  include?: string[];
  /**
   * Further mechanisms (section 5), such as `ip4:192.0.2.0/28`, `ip6:2001:db8::25`, `a:web.example.org` or `mx:example.net`, without `all` and `redirect`.
   * Default: none.
   */
  terms?: string[];
  /** What receivers do with mail from anybody else: `fail` (`-all`) or `softfail` (`~all`), which many take for no answer. Default: `fail`. */
  others?: string;
}

/** A key that signs a domain's mail (DKIM, RFC 6376). Its name is the selector. */
export interface DkimKeyDeclaration {
  /** `rsa` (of 2048 bits) or `ed25519` (RFC 8463), which not every receiver knows: have an `rsa` one beside it. Default: `rsa`. */
  type?: string;
  /**
   * Public half of a key that somebody else made, a provider or a signer of your own: as a record has it in `p=`, base64 without blanks. Default: the primary
   * makes the key on its volume, in `identity/dkim/DOMAIN/SELECTOR.pem`.
   */
  publicKey?: string;
  /** The key signs no more, and what it signed is no longer to be believed: its record stays, with nothing in `p=` (section 3.6.1). Default: false. */
  revoked?: boolean;
}

/** What receivers do with mail that only claims to be a domain's (DMARC, RFC 9989 section 4.7). The keys are the record's tags. */
export interface DmarcDeclaration {
  /** `none` (only report), `quarantine` or `reject`. Default: `none`, which large receivers ask of everybody who sends; begin with it, and read reports. */
  p?: string;
  /** The same for names below the domain. Default: as `p`. */
  sp?: string;
  /** The same for names below the domain that do not exist. Default: as `sp`. */
  np?: string;
  /** How near the name in a DKIM signature must be: `r` (the same organisation) or `s` (the same name). Default: `r`. */
  adkim?: string;
  /** How near the name that SPF has checked must be: `r` or `s`. Default: `r`. */
  aspf?: string;
  /**
   * Addresses that get aggregate reports. Another domain than this one must take them by a record of its own (RFC 9990 section 4): a domain of this declaration
   * gets it, for others the output `todo` says what to ask for. Default: none.
   */
  rua?: string[];
  /** Addresses that get reports of single failures, which few receivers send. Default: none. */
  ruf?: string[];
  /** When a failure is reported: `0` (nothing aligned passed), `1` (anything failed), `d` (DKIM failed), `s` (SPF failed), several with `:` between. Default: `0`. */
  fo?: string;
  /** Whether the policy is on trial: receivers do the next milder thing (`t=y`). Default: false. */
  t?: boolean;
}

/** That senders use TLS, and check certificates (MTA-STS, RFC 8461). The hosts have self-signed certificates until you give them others: keep `testing` until then. */
export interface MtaStsDeclaration {
  /** `enforce`, `testing` (only report, see `tlsReports`) or `none` (to leave, with a small `maxAge`; section 8.3). Default: `testing`. */
  mode?: string;
  /** Seconds for which senders keep the policy, 60 to 31557600 (section 3.2). Default: 604800, a week. */
  maxAge?: number;
  /**
   * Web host that has the policy at `https://mta-sts.DOMAIN/.well-known/mta-sts.txt`, with a certificate for that name; the hosts of this module have no web
   * server. `mta-sts.DOMAIN` becomes an alias of it. The text is in the output `mtaStsPolicies`: bring it there before `pulumi up` tells of it.
   * Default: that name's record is made elsewhere.
   */
  host?: string;
}

/** What a domain's records say besides where its mail goes. */
export interface DomainPoliciesDeclaration {
  /** Who may send as the domain. Default: the primary, nobody else. */
  spf?: SpfDeclaration;
  /**
   * Keys that sign the domain's mail, by selector, a label such as `s1`. The hosts of this module do not sign yet: this is for a provider that sends for you, or
   * for a signer that you run, which finds its keys on the primary's volume. Default: none.
   */
  dkim?: { [selector: string]: DkimKeyDeclaration };
  /** What receivers do with mail that only claims to be the domain's. Default: `p: none` where the domain has a zone of its own; in another's zone, none, so that the policy of that zone's domain counts. */
  dmarc?: DmarcDeclaration;
  /** That senders use TLS and check certificates. Default: none. */
  mtaSts?: MtaStsDeclaration;
  /** Whom senders tell how TLS went (TLS-RPT, RFC 8460): addresses, or `https:` URIs. Default: nobody. */
  tlsReports?: string[];
  /**
   * Services for mail clients that DNS tells of by SRV records (RFC 6186, RFC 8314): `imaps`, `imap`, `pop3s`, `pop3`, `submissions`, `submission`, `sieve`. Those
   * that are not in the list are told to be not offered. Default: all, which the primary has; of hosts that somebody else runs (`MailDns`), DNS tells nothing.
   */
  services?: string[];
  /** Web host that tells mail clients their settings, for Thunderbird at `https://autoconfig.DOMAIN/mail/config-v1.1.xml`, for Outlook at its own `/autodiscover/autodiscover.xml`; the hosts of this module have no web server. Default: none. */
  autoconfig?: string;
  /** Families of records that are made elsewhere and not here: `spf`, `dmarc`, `srv`. Default: none. */
  without?: string[];
  /**
   * For the first deployment of a domain whose zone has its records already, made by hand or by somebody else: those that are the planned ones by name, type and
   * purpose (an SPF, the MX of one of these hosts) are taken over as they are; the others are made, and none is changed or deleted. Take it out then: the next
   * preview shows what becomes of each that was taken over. It is refused where this mail system has records already. Default: false.
   */
  adoptRecords?: boolean;
}

/** A mail domain. */
export interface DomainDeclaration extends DomainPoliciesDeclaration {
  /** The domain, for instance `example.org`; one with other letters in either form, `bücher.example` or `xn--bcher-kva.example`. The first one in the list names system users and gets the hosts' own mail. */
  name: string;
  /** The DNS zone that holds it. Default: a zone of the domain's own name. */
  zone?: ZoneDeclaration;
  /** What each of its mailboxes may hold where the mailbox has no `quota` of its own. Default: that of the whole system. */
  quota?: string;
  /** How much each of its mailboxes may send where the mailbox has no limit of its own. Default: that of the whole system. */
  sendingLimits?: SendingLimitsDeclaration;
  /** Mailboxes by local part. */
  mailboxes?: { [localPart: string]: MailboxDeclaration };
  /**
   * Aliases by local part, each to one or more local parts of this domain, addresses of declared domains, or addresses elsewhere, to which mail is forwarded
   * with a sender of the first domain that leads back to the original one (SRS).
   */
  aliases?: { [localPart: string]: string[] };
  /** Who gets mail for every address of this domain that is not declared: a local part of this domain or an address of a declared domain. It gives nobody the right to send as such an address. Default: nobody, and such mail is refused. */
  catchAll?: string;
}

/** A domain that takes no mail and sends none: a null MX (RFC 7505), an SPF of nobody, and a DMARC policy that refuses what claims to be from it. */
export interface ParkedDomainDeclaration {
  /** The domain, for instance `example.net`. */
  name: string;
  /** The DNS zone that holds it. Default: a zone of the domain's own name. */
  zone?: ZoneDeclaration;
}

/** Who may make certificates for the hosts' names (CAA, RFC 8659). */
export interface CaaDeclaration {
  /** The certificate authority, by the name that it says for this, for instance `letsencrypt.org`. */
  issuer: string;
  /** Only for this account of it (RFC 8657 section 3), for instance `https://acme-v02.api.letsencrypt.org/acme/acct/1`. Default: for anybody's. */
  accountUri?: string;
  /** Whom to tell when somebody asked in vain: an address or an `https:` URI. Default: nobody. */
  iodef?: string;
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
   * What it may send as, in the envelope (`MAIL FROM`) and in the `From:` line: declared addresses, or declared domains as a whole.
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
  /** Domains that take no mail and send none. Default: none. */
  parkedDomains?: ParkedDomainDeclaration[];
  /**
   * Zones that Cloudflare signs (DNSSEC), by name. A zone is signed when its registrar has the DS record too, which is in the output `ds`; to leave, have it
   * taken out there first, and wait a day. Where the zone of the hosts' names is among them, each host's TLS key is in a TLSA record (DANE, RFC 7672). Default: none.
   */
  dnssec?: string[];
  /** Who may make certificates for the hosts' names. Default: any certificate authority. */
  caa?: CaaDeclaration;
  /** System users of the primary, by name. */
  systemUsers?: { [name: string]: SystemUserDeclaration };
  /** Time to live of every record, in seconds, 60 to 86400 (Cloudflare's range). Moving or removing an exchanger waits as long. Default: 300. */
  ttl?: number;
  /** Address that gets what `postmaster`, `abuse` and `root` of every domain get where these are not declared. Default: the first mailbox, by name, of the first domain, else the first system user. */
  postmaster?: string;
  /**
   * What keeps the mailboxes on the primary: `dovecot`, or `courier`, which needs less memory and has no Sieve, no full-text search and no compression. What it
   * cannot do is refused where it is declared. A change keeps all mail (docs/mailboxes.md). Default: `dovecot`.
   */
  mailboxServer?: string;
  /** What each mailbox may hold where neither it nor its domain has a `quota`. Default: `unlimited`. */
  quota?: string;
  /** How much each account may send where neither its mailbox nor its domain says. Default: 200 messages an hour, 100 recipients a message. */
  sendingLimits?: SendingLimitsDeclaration;
  /**
   * The largest message that is taken, as `SIZE` tells clients (RFC 1870), on every exchanger and from everybody: `1 MiB` to `1 GiB`, whole numbers. Attachments
   * grow by more than a third when they are sent (base64), so 50 MiB are files of 36. Each volume keeps one and a half times as much free. Default: `50 MiB`.
   */
  messageSizeLimit?: string;
  /** Whether new mail is compressed (zstd) on the volume; about half the room, for a little more CPU. Mail that lies there stays as it is, and both are read. Default: false. */
  compression?: boolean;
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
