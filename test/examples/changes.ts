/**
 * Every key of the declaration, changed alone: what the preview of the lab's system shows, and what becomes of running hosts. `docs/operating.md` says the same
 * to people, and a test compares.
 */

import { hashSync } from "bcryptjs";
import { initialState } from "../../lab/cloud/initial-state";
import type { LabSecrets } from "../../lab/engine/secrets";
import { sshKeyPair } from "../../lab/ssh-key-pair";

/** The configuration of the lab's stack, as far as it is changed here. */
export interface StackConfig {
  "mailserver:hostZone": { name: string; id?: string | undefined };
  "mailserver:exchangers": { [key: string]: { role: string; [setting: string]: unknown } };
  "mailserver:domains": {
    name: string;
    zone?: object;
    mailboxes: { [local: string]: object };
    aliases?: { [local: string]: string[] };
    catchAll?: string;
    [policy: string]: unknown;
  }[];
  "mailserver:systemUsers": { [name: string]: { home?: string } };
  [key: string]: unknown;
}

export interface Change {
  /** The key, as the declaration's documentation has it. */
  readonly key: string;
  readonly what: string;
  change?(config: StackConfig): void;
  /** Where what changes is secret. */
  secrets?(before: LabSecrets): LabSecrets;
  /** What the preview shows: operation, then resources without the `mail-` before them. Or what it says when it refuses. */
  readonly preview: { readonly [operation: string]: string } | RegExp;
  /** What becomes of the machines. (`mailserver-hold` looks whether the primary answers, on backups; nobody speaks to it.) */
  readonly hosts: string;
  /** Why it cannot be looked at on the lab's hosts. */
  readonly onlyPreviewed?: string;
}

/** What the subjects of the other lab do to mailboxes, they look at themselves. */
const IN_LAB = "test/lab/lab.test.ts changes it and looks at the hosts";

/** The operator's second key. */
const second = sshKeyPair("second@example.test");
/** Of the machine that plays the operator's bastion, if a test starts one: the same on which the engine runs. */
export const bastion = { host: "127.0.0.1", port: 2222, user: "jump", privateKey: sshKeyPair("jump@example.test").private };

const zoneId = (name: string): string | undefined => Object.values(initialState().zones).find((zone) => zone.name === name)?.id;
const operatorOf = (config: StackConfig): object => (config["mailserver:operator"] ?? {}) as object;
const first = (config: StackConfig): StackConfig["mailserver:domains"][0] => config["mailserver:domains"][0]!;
const exchanger = (config: StackConfig, key: string): StackConfig["mailserver:exchangers"][string] => config["mailserver:exchangers"][key]!;

/** The commands that are run again some day, each of which keeps the way to its host in the state. */
const THROUGH_CONNECTIONS = "mx1-apply mx1-drain mx1-forgotten mx1-probe mx1-ready mx2-apply mx2-drain mx2-forgotten mx2-probe mx2-ready";
const services = ["imap", "imaps", "pop3", "pop3s", "sieve", "submission", "submissions"].map((name) => `srv-${name}`);
/** Of a domain with a zone of its own, in the lab's system. */
const usualRecords = (domain: string, keys: readonly string[] = ["dmarc", "mx-mx1", "mx-mx2", "spf", ...services]): string =>
  keys.map((key) => `${domain}-${key}`).join(" ");
/** What leads to the primary's name. */
const ledToPrimary = (domain: string): string[] => services.map((key) => `${domain}-${key}`);
const inOrder = (...names: string[]): string =>
  names
    .flatMap((list) => list.split(" "))
    .sort()
    .join(" ");

export const changes: readonly Change[] = [
  {
    key: "hostZone.name",
    what: "the hosts' names move to another zone",
    change: (config) => void (config["mailserver:hostZone"].name = "school.test"),
    preview: {
      update: inOrder(
        "club.test-mx-mx1 club.test-mx-mx2 example.test-mx-mx1 example.test-mx-mx2",
        ...ledToPrimary("club.test"),
        ...ledToPrimary("example.test"),
        "mx1-address mx1-apply mx1-firewall mx1-machine mx1-ptr mx1-volume mx2-address mx2-apply mx2-firewall mx2-machine mx2-ptr mx2-volume",
      ),
      replace: "mx1-a mx1-forgotten mx1-spf mx2-a mx2-forgotten mx2-spf",
    },
    hosts: "reload dovecot, reload postfix, restart mailserver-hold",
    onlyPreviewed: "the same as another host name, for every host",
  },
  {
    key: "hostZone.id",
    what: "the zone's id is given, not looked up",
    change: (config) => void (config["mailserver:hostZone"] = { name: "example.test", id: zoneId("example.test") }),
    preview: {},
    hosts: "nothing",
  },
  {
    key: "exchangers",
    what: "an exchanger more",
    change: (config) => void (config["mailserver:exchangers"].mx3 = { role: "backup", preference: 30, instanceType: "t3.micro" }),
    preview: {
      create:
        "club.test-mx-mx3 example.test-mx-mx3 mx1-in-peer-mx3 mx2-in-peer-mx3 mx3-a mx3-address mx3-apply mx3-association mx3-attachment mx3-drain mx3-firewall mx3-forgotten mx3-hostkey mx3-in-25 mx3-in-peer-mx1 mx3-in-peer-mx2 mx3-in-ssh-203-0-113-4-32 mx3-keys mx3-machine mx3-out mx3-power mx3-probe mx3-ptr mx3-ready mx3-spf mx3-volume",
      update: "mx1-apply mx2-apply",
    },
    hosts: "reload fail2ban, reload postfix, restart mailserver-hold",
  },
  {
    key: "exchangers",
    what: "an exchanger less",
    change: (config) => void delete config["mailserver:exchangers"].mx2,
    preview: /mx2-volume" cannot be deleted because it is protected\. To unprotect/,
    hosts: "reload fail2ban, reload postfix, restart mailserver-hold",
  },
  {
    key: "exchangers.KEY.role",
    what: "the primary's role moves to another exchanger",
    change: (config) => {
      exchanger(config, "mx1").role = "backup";
      exchanger(config, "mx2").role = "primary";
      exchanger(config, "mx1").preference = 30;
    },
    // Both are refused; the engine shows the one that it hears of first.
    preview: /exchangers\.mx[12]\.role: the exchanger is a (?:primary|backup), .* raise its generation/,
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.preference",
    what: "another preference",
    change: (config) => void (exchanger(config, "mx2").preference = 40),
    preview: { update: "club.test-mx-mx2 example.test-mx-mx2" },
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.hostname",
    what: "another host name",
    change: (config) => void (exchanger(config, "mx1").hostname = "post"),
    preview: {
      update: inOrder(
        "club.test-mx-mx1 example.test-mx-mx1 mx1-address mx1-apply mx1-firewall mx1-machine mx1-ptr mx1-volume mx2-apply",
        ...ledToPrimary("club.test"),
        ...ledToPrimary("example.test"),
      ),
      replace: "mx1-a mx1-forgotten mx1-spf",
    },
    hosts: "reload dovecot, reload postfix, restart mailserver-hold",
  },
  {
    key: "exchangers.KEY.region",
    what: "another region",
    change: (config) => void (exchanger(config, "mx2").region = "eu-west-1"),
    preview: /protect/,
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.subnet",
    what: "another subnet of the same zone",
    change: (config) =>
      void (exchanger(config, "mx1").subnet = Object.values(initialState().subnets).find(
        ({ availabilityZone }) => availabilityZone === "eu-central-1a",
      )?.id),
    preview: {},
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.instanceType",
    what: "a larger machine",
    change: (config) => void (exchanger(config, "mx2").instanceType = "t3.small"),
    preview: { update: "mx2-machine" },
    hosts: "restart of the machine",
  },
  {
    key: "exchangers.KEY.instanceType",
    what: "a machine of another architecture",
    change: (config) => void (exchanger(config, "mx2").instanceType = "t4g.micro"),
    preview: { replace: "mx2-association mx2-attachment mx2-machine mx2-power", update: "mx2-apply mx2-probe mx2-ready" },
    hosts: "new machine",
    onlyPreviewed: "the lab's machines are amd64",
  },
  {
    key: "exchangers.KEY.volumeSize",
    what: "a larger volume",
    change: (config) => void (exchanger(config, "mx2").volumeSize = 16),
    preview: { update: "mx2-apply mx2-volume" },
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.volumeSize",
    what: "a smaller volume",
    change: (config) => void (exchanger(config, "mx2").volumeSize = 7),
    preview: /exchangers\.mx2\.volumeSize: the volume has 8 GiB and EC2 makes none smaller/,
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.generation",
    what: "a rebuild",
    change: (config) => void (exchanger(config, "mx2").generation = 2),
    preview: { replace: "mx2-association mx2-attachment mx2-machine mx2-power", update: "mx2-apply mx2-probe mx2-ready" },
    hosts: "new machine",
  },
  {
    key: "exchangers.KEY.aliases",
    what: "another key",
    change: (config) => {
      config["mailserver:exchangers"].relay = { ...exchanger(config, "mx2"), hostname: "mx2", aliases: ["mx2"] };
      delete config["mailserver:exchangers"].mx2;
    },
    preview: { update: "mx1-apply mx1-in-peer-relay relay-address relay-apply relay-firewall relay-machine relay-volume" },
    hosts: "restart mailserver-hold",
  },
  {
    key: "exchangers.KEY.drain",
    what: "its removal waits no longer",
    change: (config) => void (exchanger(config, "mx2").drain = false),
    preview: { update: "mx2-drain mx2-forgotten" },
    hosts: "nothing",
  },
  {
    key: "domains",
    what: "a domain more",
    change: (config) => void config["mailserver:domains"].push({ name: "school.test", mailboxes: { erin: {} } }),
    preview: { create: usualRecords("school.test"), update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "domains",
    what: "a domain less",
    change: (config) => void config["mailserver:domains"].pop(),
    preview: { update: "mx1-apply mx2-apply", delete: usualRecords("club.test") },
    hosts: "reload postfix",
  },
  {
    key: "domains[].name",
    what: "a domain renamed, which is another domain",
    change: (config) => void (config["mailserver:domains"][1]!.name = "school.test"),
    preview: {
      create: usualRecords("school.test"),
      update: "mx1-apply mx2-apply",
      delete: usualRecords("club.test"),
    },
    hosts: "reload postfix",
  },
  {
    key: "domains[].zone",
    what: "its records in another zone",
    change: (config) => {
      config["mailserver:domains"].push({ name: "sub.example.test", zone: { name: "example.test" }, mailboxes: { fred: {} } });
    },
    preview: { create: usualRecords("sub.example.test", ["mx-mx1", "mx-mx2", "spf", ...services]), update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "domains[].mailboxes",
    what: "a mailbox more",
    change: (config) => void (first(config).mailboxes.dora = {}),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "quota",
    what: "the first mailboxes have a limit",
    change: (config) => void (config["mailserver:quota"] = "1 GiB"),
    preview: { update: "mx1-apply" },
    hosts: "reload dovecot, reload postfix",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.quota",
    what: "another limit",
    change: (config) => void (first(config).mailboxes.bob = { quota: "2 GiB" }),
    preview: { update: "mx1-apply" },
    hosts: "nothing, where it had one",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].aliases",
    what: "an alias that leads elsewhere",
    change: (config) => void (first(config).aliases = { ...first(config).aliases, away: ["ben@outside.test"] }),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "domains[].mailboxes.NAME.sendsAs",
    what: "it may send as a whole domain too",
    change: (config) => void (first(config).mailboxes.bob = { sendsAs: [config["mailserver:domains"][1]!.name] }),
    preview: { update: "mx1-apply" },
    hosts: "reload postfix",
  },
  {
    key: "domains[].mailboxes.NAME.sendingLimits: messagesPerHour, recipientsPerMessage",
    what: "it may send more than others",
    change: (config) => void (first(config).mailboxes.bob = { sendingLimits: { messagesPerHour: 1000, recipientsPerMessage: 500 } }),
    preview: { update: "mx1-apply" },
    hosts: "nothing",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "messageSizeLimit",
    what: "larger messages are taken",
    change: (config) => void (config["mailserver:messageSizeLimit"] = "100 MiB"),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.plusFolders",
    what: "mail to extended addresses goes into folders",
    change: (config) => void (first(config).mailboxes.bob = { plusFolders: true }),
    preview: { update: "mx1-apply" },
    hosts: "nothing",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.sends",
    what: "a mailbox may only receive",
    change: (config) => void (first(config).mailboxes.bob = { sends: false }),
    preview: { update: "mx1-apply" },
    hosts: "reload postfix",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.receives",
    what: "a mailbox may only send",
    change: (config) => {
      first(config).mailboxes.bob = { receives: false };
      first(config).aliases = {};
    },
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.closed",
    what: "nobody may log in to a mailbox",
    change: (config) => void (first(config).mailboxes.bob = { closed: true }),
    preview: { update: "mx1-apply" },
    hosts: "nothing; what is open in that mailbox ends",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.appPasswords",
    what: "a mailbox has a password for a device",
    change: (config) => void (first(config).mailboxes.bob = { appPasswords: { phone: {} } }),
    preview: { update: "mx1-apply" },
    hosts: "nothing",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].mailboxes.NAME.appPasswords.NAME.services",
    what: "a password for one service",
    change: (config) => void (first(config).mailboxes.bob = { appPasswords: { phone: { services: ["imap"] } } }),
    preview: { update: "mx1-apply" },
    hosts: "nothing; what is open under that password ends",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].catchAll",
    what: "somebody gets what is for nobody",
    change: (config) => void (first(config).catchAll = "alice"),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "domains[].aliases",
    what: "an alias more",
    change: (config) => void (first(config).aliases = { ...first(config).aliases, info: ["alice"] }),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "domains[].spf.include",
    what: "a provider sends as the domain, too",
    change: (config) => void (first(config).spf = { include: ["_spf.outside.test"] }),
    preview: { update: "example.test-spf" },
    hosts: "nothing",
  },
  {
    key: "domains[].spf.terms",
    what: "a machine elsewhere sends as the domain, too",
    change: (config) => void (first(config).spf = { terms: ["ip4:198.51.100.77"] }),
    preview: { update: "example.test-spf" },
    hosts: "nothing",
  },
  {
    key: "domains[].spf.others",
    what: "mail from others is suspect, not refused",
    change: (config) => void (first(config).spf = { others: "softfail" }),
    preview: { update: "example.test-spf" },
    hosts: "nothing",
  },
  {
    key: "domains[].dkim",
    what: "two keys, made by the primary",
    change: (config) => void (first(config).dkim = { s1: {}, s2: { type: "ed25519" } }),
    preview: { create: "example.test-dkim-s1 example.test-dkim-s2 mx1-dkim" },
    hosts: "nothing",
  },
  {
    key: "domains[].dkim.SELECTOR.type",
    what: "a key of Ed25519, made by the primary",
    change: (config) => void (first(config).dkim = { s2: { type: "ed25519" } }),
    preview: { create: "example.test-dkim-s2 mx1-dkim" },
    hosts: "nothing",
  },
  {
    key: "domains[].dkim.SELECTOR.publicKey",
    what: "a key that a provider made",
    change: (config) =>
      void (first(config).dkim = { news: { type: "ed25519", publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" } }),
    preview: { create: "example.test-dkim-news" },
    hosts: "nothing",
  },
  {
    key: "domains[].dkim.SELECTOR.revoked",
    what: "a key that signs no more",
    change: (config) => void (first(config).dkim = { s1: { revoked: true } }),
    preview: { create: "example.test-dkim-s1" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.p",
    what: "a stricter policy",
    change: (config) => void (first(config).dmarc = { p: "reject" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.sp",
    what: "another policy for names below",
    change: (config) => void (first(config).dmarc = { sp: "reject" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.np",
    what: "another policy for names that do not exist",
    change: (config) => void (first(config).dmarc = { np: "reject" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.adkim",
    what: "DKIM by the same name only",
    change: (config) => void (first(config).dmarc = { adkim: "s" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.aspf",
    what: "SPF by the same name only",
    change: (config) => void (first(config).dmarc = { aspf: "s" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.ruf",
    what: "somebody gets reports of failures",
    change: (config) => void (first(config).dmarc = { ruf: ["alice@example.test"] }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.fo",
    what: "more failures are reported",
    change: (config) => void (first(config).dmarc = { ruf: ["alice@example.test"], fo: "1" }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.t",
    what: "a policy on trial",
    change: (config) => void (first(config).dmarc = { p: "reject", t: true }),
    preview: { update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].dmarc.rua",
    what: "reports go to an address of another domain",
    change: (config) => void (first(config).dmarc = { rua: ["carol@club.test"] }),
    preview: { create: "club.test-dmarc-reports-example.test", update: "example.test-dmarc" },
    hosts: "nothing",
  },
  {
    key: "domains[].mtaSts.host",
    what: "TLS by a policy, which a web host has",
    change: (config) => void (first(config).mtaSts = { host: "web.outside.test" }),
    preview: { create: "example.test-mta-sts example.test-mta-sts-host" },
    hosts: "nothing",
  },
  {
    key: "domains[].mtaSts.mode",
    what: "TLS by a policy, for good",
    change: (config) => void (first(config).mtaSts = { mode: "enforce" }),
    preview: { create: "example.test-mta-sts" },
    hosts: "nothing",
  },
  {
    key: "domains[].mtaSts.maxAge",
    what: "a policy for a day",
    change: (config) => void (first(config).mtaSts = { maxAge: 86_400 }),
    preview: { create: "example.test-mta-sts" },
    hosts: "nothing",
  },
  {
    key: "domains[].tlsReports",
    what: "somebody gets reports about TLS",
    change: (config) => void (first(config).tlsReports = ["alice@example.test"]),
    preview: { create: "example.test-tls-rpt" },
    hosts: "nothing",
  },
  {
    key: "domains[].services",
    what: "clients are told of two services only",
    change: (config) => void (first(config).services = ["imaps", "submissions"]),
    preview: {
      update: "example.test-srv-imap example.test-srv-pop3 example.test-srv-pop3s example.test-srv-sieve example.test-srv-submission",
    },
    hosts: "nothing",
  },
  {
    key: "domains[].autoconfig",
    what: "a web host tells clients their settings",
    change: (config) => void (first(config).autoconfig = "web.outside.test"),
    preview: { create: "example.test-autoconfig example.test-autodiscover" },
    hosts: "nothing",
  },
  {
    key: "domains[].without",
    what: "a family of records is made elsewhere",
    change: (config) => void (first(config).without = ["srv"]),
    preview: { delete: services.map((key) => `example.test-${key}`).join(" ") },
    hosts: "nothing",
  },
  {
    key: "domains[].adoptRecords",
    what: "records are taken over in a domain that has its own already",
    change: (config) => void (first(config).adoptRecords = true),
    preview: /adoptRecords: \S+ \w+ is a record of a mail system like this one already; take adoptRecords out/,
    hosts: "nothing",
  },
  {
    key: "parkedDomains",
    what: "a domain that takes no mail",
    change: (config) => void (config["mailserver:parkedDomains"] = [{ name: "school.test" }]),
    preview: { create: "school.test-dmarc school.test-mx school.test-spf" },
    hosts: "nothing",
  },
  {
    key: "parkedDomains[].zone",
    what: "one in the zone of another",
    change: (config) => void (config["mailserver:parkedDomains"] = [{ name: "old.example.test", zone: { name: "example.test" } }]),
    preview: { create: "old.example.test-dmarc old.example.test-mx old.example.test-spf" },
    hosts: "nothing",
  },
  {
    key: "dnssec",
    what: "the zone of the hosts' names is signed",
    change: (config) => void (config["mailserver:dnssec"] = ["example.test"]),
    preview: { create: "example.test-dnssec mx1-tlsa mx2-tlsa" },
    hosts: "nothing",
  },
  {
    key: "exchangers.KEY.nextTlsKey",
    what: "the next TLS key is told of",
    change: (config) => {
      config["mailserver:dnssec"] = ["example.test"];
      exchanger(config, "mx1").nextTlsKey = "ab".repeat(32);
    },
    preview: { create: "example.test-dnssec mx1-tlsa mx1-tlsa-next mx2-tlsa" },
    hosts: "nothing",
  },
  {
    key: "caa.issuer",
    what: "one authority makes the hosts' certificates",
    change: (config) => void (config["mailserver:caa"] = { issuer: "ca.outside.test" }),
    preview: { create: "mx1-caa-issue mx1-caa-issuewild mx2-caa-issue mx2-caa-issuewild" },
    hosts: "nothing",
  },
  {
    key: "caa.accountUri",
    what: "for one account of it",
    change: (config) => void (config["mailserver:caa"] = { issuer: "ca.outside.test", accountUri: "https://ca.outside.test/acct/1" }),
    preview: { create: "mx1-caa-issue mx1-caa-issuewild mx2-caa-issue mx2-caa-issuewild" },
    hosts: "nothing",
  },
  {
    key: "caa.iodef",
    what: "which tells of others who asked",
    change: (config) => void (config["mailserver:caa"] = { issuer: "ca.outside.test", iodef: "alice@example.test" }),
    preview: { create: "mx1-caa-iodef mx1-caa-issue mx1-caa-issuewild mx2-caa-iodef mx2-caa-issue mx2-caa-issuewild" },
    hosts: "nothing",
  },
  {
    key: "systemUsers",
    what: "a system user more",
    change: (config) => void (config["mailserver:systemUsers"].clerk = {}),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "reload postfix",
  },
  {
    key: "systemUsers.NAME.home",
    what: "another home",
    change: (config) => void (config["mailserver:systemUsers"].master!.home = "/home/master"),
    preview: { update: "mx1-apply" },
    hosts: "nothing",
  },
  {
    key: "ttl",
    what: "another time to live",
    change: (config) => void (config["mailserver:ttl"] = 60),
    preview: {
      update: inOrder(usualRecords("club.test"), usualRecords("example.test"), "mx1-a mx1-forgotten mx1-spf mx2-a mx2-forgotten mx2-spf"),
    },
    hosts: "nothing",
  },
  {
    key: "postmaster",
    what: "somebody else gets the hosts' mail",
    change: (config) => void (config["mailserver:postmaster"] = "bob@example.test"),
    preview: { update: "mx1-apply" },
    hosts: "reload postfix",
  },
  {
    key: "mailboxServer",
    what: "Courier keeps the mailboxes",
    change: (config) => void (config["mailserver:mailboxServer"] = "courier"),
    preview: { update: "club.test-srv-sieve example.test-srv-sieve mx1-apply", delete: "mx1-in-4190" },
    hosts: "another mailbox server within a minute; sessions end, mail waits",
    onlyPreviewed: "a test of its own, test/lab/switching.ts",
  },
  {
    key: "compression",
    what: "new mail is compressed",
    change: (config) => void (config["mailserver:compression"] = true),
    preview: { update: "mx1-apply" },
    hosts: "reload dovecot",
    onlyPreviewed: "the same as `sieve`: a line more in dovecot.conf",
  },
  {
    key: "sieve",
    what: "a filter for everybody's mail",
    change: (config) => void (config["mailserver:sieve"] = "keep;"),
    preview: { update: "mx1-apply" },
    hosts: "reload dovecot",
    onlyPreviewed: IN_LAB,
  },
  {
    key: "relayClients",
    what: "a printer may send",
    change: (config) =>
      void (config["mailserver:relayClients"] = { printer: { addresses: ["192.0.2.7/32"], senders: ["sales@example.test"] } }),
    preview: { update: "mx1-apply" },
    hosts: "reload postfix",
  },
  {
    key: "relayClients.NAME.senders",
    what: "a printer may send as a whole domain",
    change: (config) => void (config["mailserver:relayClients"] = { printer: { addresses: ["192.0.2.7/32"], senders: ["example.test"] } }),
    preview: { update: "mx1-apply" },
    hosts: "reload postfix",
  },
  {
    key: "operator.publicKeys",
    what: "a key more",
    change: (config) => void (config["mailserver:operator"] = { publicKeys: [second.public.trim()] }),
    preview: { update: "mx1-apply mx2-apply" },
    hosts: "nothing",
  },
  {
    key: "operator.addresses",
    what: "a range more",
    change: (config) => void (config["mailserver:operator"] = { ...operatorOf(config), addresses: ["192.0.2.0/24"] }),
    preview: { create: "mx1-in-ssh-192-0-2-0-24 mx2-in-ssh-192-0-2-0-24", update: "mx1-apply mx2-apply" },
    hosts: "reload fail2ban",
  },
  {
    key: "passwordHashes",
    what: "another password",
    secrets: (before) => {
      const password = "another password of alice";
      const alice = { password, hash: `{BLF-CRYPT}${hashSync(password, 5)}` };
      return { ...before, mailboxes: { ...before.mailboxes, "alice@example.test": alice } };
    },
    preview: { update: "mx1-apply" },
    hosts: "nothing",
  },
  {
    key: "operatorPrivateKey",
    what: "the program logs in with the other key",
    secrets: (before) => ({ ...before, operator: { ...before.operator, privateKey: second.private } }),
    preview: { update: THROUGH_CONNECTIONS },
    hosts: "nothing",
  },
  {
    key: "bastion",
    what: "the program logs in through another host",
    change: (config) => void (config["mailserver:bastion"] = bastion),
    preview: { update: THROUGH_CONNECTIONS },
    hosts: "nothing",
  },
  {
    key: "tags",
    what: "a tag more",
    change: (config) => void (config["mailserver:tags"] = { team: "post" }),
    preview: {
      update:
        "mx1-address mx1-firewall mx1-in-110 mx1-in-143 mx1-in-25 mx1-in-4190 mx1-in-465 mx1-in-587 mx1-in-993 mx1-in-995 mx1-in-peer-mx2 mx1-in-ssh-203-0-113-4-32 mx1-machine mx1-out mx1-volume mx2-address mx2-firewall mx2-in-25 mx2-in-peer-mx1 mx2-in-ssh-203-0-113-4-32 mx2-machine mx2-out mx2-volume",
    },
    hosts: "nothing",
    onlyPreviewed: "nothing but tags of AWS resources changes",
  },
  {
    key: "protect",
    what: "volumes and addresses may go",
    change: (config) => void (config["mailserver:protect"] = false),
    preview: {},
    hosts: "nothing",
  },
];
