/** Every message that an operator may get to see, made by declarations that are wrong in one way each; `test/golden/messages.txt` is for reading aloud. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { limitProblems } from "../../components/limits";
import { checkPasswordHashes } from "../../plan/password-hashes";
import { parse } from "../../plan/parse";
import { checkTags } from "../../plan/tags";
import type { Problem } from "../../plan/types";
import { twoExchangers } from "../examples/two-exchangers";
import { assertForm } from "../generated/verdict";
import { assertGolden } from "../golden/golden";
import { changed, domain, exchanger, operator, planOf } from "./plan-verdicts";

/**
 * What was found, or that nothing was: a value in quotes, a name, a number, a path, or the kind of what may be a secret in the wrong place.
 */
const SHOWN =
  /"|\w\.test\b|\d|\/\w|^Missing; |^Expected |^There (?:is no|may be) |\btwice\b|^The list is empty|\b(?:private key|password|base64|not shown)\b/;

/** Longer ones are not read. */
const longest = 300;

const [type = "", body = ""] = (twoExchangers.operator.publicKeys[0] ?? "").split(" ");
const key = (publicKey: unknown): unknown => operator({ publicKeys: [publicKey] });
const office = (settings: object): unknown =>
  changed({ relayClients: { office: { addresses: ["203.0.113.0/28"], senders: ["example.test"], ...settings } } });
const many = (count: number, entry: (index: number) => readonly [string, unknown]): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
const rsa512 = `ssh-rsa ${Buffer.concat(
  [Buffer.from("ssh-rsa"), Buffer.from([1, 0, 1]), Buffer.alloc(64, 0x7f)].flatMap((field) => [
    Buffer.from([0, 0, 0, field.length]),
    field,
  ]),
).toString("base64")}`;

const rsa1024 = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "der" }).toString("base64");

/** What is wrong -> the declaration. */
const declarations: { readonly [what: string]: unknown } = {
  "nothing at all": undefined,
  "a text instead of a declaration": "mail",
  "an empty declaration": {},
  "a slip in a key": changed({ ["exchanger" as "exchangers"]: {} }),
  "a key that nobody knows": changed({ ["spamFilter" as "exchangers"]: true }),
  "an empty value in YAML": changed({ exchangers: null }),

  "hostZone missing": changed({ hostZone: undefined }),
  "hostZone as text": changed({ hostZone: "example.test" }),
  "zone without a name": changed({ hostZone: {} }),
  "zone with a bad id": changed({ hostZone: { name: "example.test", id: "abc" } }),
  "one zone with two ids": changed({
    hostZone: { name: "example.test", id: "0".repeat(32) },
    domains: [{ name: "example.test", zone: { name: "example.test", id: "1".repeat(32) }, mailboxes: { alice: {} } }],
  }),

  "no exchanger": changed({ exchangers: {} }),
  "no primary": changed({ exchangers: { mx1: { role: "backup" } } }),
  "two primaries": exchanger({ role: "primary" }),
  "a role that is none": exchanger({ role: "secondary" }),
  "a slip in a role": exchanger({ role: "bakcup" }),
  "no role": exchanger({ role: undefined }),
  "a bad key": changed({ exchangers: { ...twoExchangers.exchangers, MX_3: { role: "backup" } } }),
  "a backup before the primary": exchanger({ preference: 5 }),
  "a backup beside the primary": exchanger({ preference: 10 }),
  "a preference that MX has not": exchanger({ preference: 70_000 }),
  "a preference in quotes": exchanger({ preference: "20" }),
  "a host name with its zone": exchanger({ hostname: "mx2.example.test" }),
  "a host name in another zone": exchanger({ hostname: "mx2.club.test" }),
  "a host name that is none": exchanger({ hostname: "mx_2" }),
  "a host name that is too long": exchanger({ hostname: "a".repeat(60) }),
  "a host name twice": exchanger({ hostname: "mx1" }),
  "a host name that is a mail domain": changed({
    domains: [...twoExchangers.domains, { name: "mx2.example.test", zone: { name: "example.test" } }],
  }),
  "a region that is none": exchanger({ region: "Frankfurt" }),
  "a zone as a region": exchanger({ region: "eu-central-1a" }),
  "a subnet that is none": exchanger({ subnet: "vpc-0123456789abcdef0" }),
  "an instance type that is none": exchanger({ instanceType: "small" }),
  "an instance type of Xen": exchanger({ instanceType: "t2.micro" }),
  "an instance type of Apple": exchanger({ instanceType: "mac2.metal" }),
  "a volume of nothing": exchanger({ volumeSize: 0 }),
  "a volume with its unit": exchanger({ volumeSize: "20 GiB" }),
  "a generation of nothing": exchanger({ generation: 0 }),
  "a former key that is none": exchanger({ aliases: ["MX_2"] }),
  "a former key as text": exchanger({ aliases: "mx0" }),
  "a former key that is the present one": exchanger({ aliases: ["mx2"] }),
  "a former key of another": exchanger({ aliases: ["mx1"] }),
  "drain as a word": exchanger({ drain: "no" }),

  "domains missing": changed({ domains: undefined }),
  "no domain": changed({ domains: [] }),
  "domains as a map": changed({ domains: { "example.test": {} } }),
  "a domain without a name": domain({ name: undefined }),
  "a domain twice": changed({ domains: [...twoExchangers.domains, { name: "CLUB.test" }] }),
  "an international domain twice": changed({
    domains: [...twoExchangers.domains, { name: "bücher.test" }, { name: "xn--bcher-kva.test" }],
  }),
  "a domain with a dot at its end": domain({ name: "example.test." }),
  "a domain of one label": domain({ name: "localhost" }),
  "a domain with a blank": domain({ name: "example .test" }),
  "a domain with an underscore": domain({ name: "my_domain.test" }),
  "a domain with an empty label": domain({ name: "example..test" }),
  "a domain that is an address": domain({ name: "192.0.2.1" }),
  "a domain as a web address": domain({ name: "https://example.test/" }),
  "a domain as a mail address": domain({ name: "info@example.test" }),
  "an empty domain": domain({ name: "" }),
  "a domain with a hyphen at an end": domain({ name: "-example.test" }),
  "a label that is too long": domain({ name: `${"a".repeat(70)}.test` }),
  "a label that is too long when converted": domain({ name: `${"ü".repeat(60)}.test` }),
  "a domain that is too long": domain({ name: `${"abcdefghi.".repeat(26)}test` }),
  "a domain in two alphabets": domain({ name: "p\u0430ypal.test" }),
  "a damaged A-label": domain({ name: "xn--garbage.test" }),
  "a domain with a symbol": domain({ name: "xn--ls8h.test" }),
  "a domain in wide letters": domain({ name: "ｅｘａｍｐｌｅ.test" }),
  "a domain that cannot be converted": domain({ name: "אa.test" }),
  "a domain outside of its zone": domain({ zone: { name: "club.test" } }),
  "mailboxes as a list": domain({ mailboxes: ["alice", "bob"] }),
  "a mailbox without braces": domain({ mailboxes: { alice: null } }),
  "a mailbox with a password": domain({ mailboxes: { alice: { password: "hunter2" } } }),
  "a mailbox that is a password": domain({ mailboxes: { alice: "hunter2" } }),
  "a mailbox with an unknown setting": domain({ mailboxes: { alice: { colour: "red" } } }),
  "folders for extensions by a word": domain({ mailboxes: { alice: { plusFolders: "yes" } } }),
  "a mailbox with an umlaut": domain({ mailboxes: { alice: {}, jürgen: {} } }),
  "a mailbox with an extension": domain({ mailboxes: { alice: {}, "alice+news": {} } }),
  "a mailbox with its domain": domain({ mailboxes: { alice: {}, "bob@example.test": {} } }),
  "a mailbox with a blank": domain({ mailboxes: { alice: {}, "bob smith": {} } }),
  "an address that is too long": domain({
    name: `${"a".repeat(62)}.${"b".repeat(62)}.${"c".repeat(62)}.test`,
    mailboxes: { ["x".repeat(64)]: {} },
  }),
  "an address twice": domain({ mailboxes: { alice: {}, Alice: {} } }),
  "a mailbox that is an alias too": domain({ aliases: { alice: ["postmaster"] } }),
  "an alias to nobody": domain({ aliases: { sales: [] } }),
  "an alias as text": domain({ aliases: { sales: "alice" } }),
  "an alias to an empty text": domain({ aliases: { sales: [""] } }),
  "an alias to somebody misspelt": domain({ aliases: { sales: ["alise"] } }),
  "an alias to somebody unknown": domain({ aliases: { sales: ["somebody"] } }),
  "an alias to no address elsewhere": domain({ aliases: { sales: ["al ice@elsewhere.test", "alice@elsewhere", "-f@elsewhere.test"] } }),
  "an alias to an extension": domain({ aliases: { sales: ["alice+sales"] } }),
  "an alias to itself": domain({ aliases: { sales: ["sales"] } }),
  "aliases in a ring": domain({ aliases: { a: ["b"], b: ["c"], c: ["a"] } }),
  "aliases in a large ring": domain({ aliases: many(50, (index) => [`a${index}`, [`a${(index + 1) % 50}`]]) }),
  "an alias to too many": domain({
    mailboxes: many(1001, (index) => [`m${index}`, {}]),
    aliases: { all: Array.from({ length: 1001 }, (_, index) => `m${index}`) },
  }),
  "a chain of aliases": domain({ aliases: many(1001, (index) => [`a${index + 1}`, [index === 0 ? "alice" : `a${index}`]]) }),

  "a mailbox that sends by a word": domain({ mailboxes: { alice: { sends: "no" } } }),
  "a postmaster that takes no mail": domain({ mailboxes: { alice: {}, postmaster: { receives: false } } }),
  "an alias to a mailbox that takes no mail": domain({ mailboxes: { alice: {}, bob: { receives: false } }, aliases: { sales: ["bob"] } }),
  "nobody who takes mail": changed({ domains: [{ name: "example.test", mailboxes: { alice: { receives: false } } }], systemUsers: {} }),
  "the hosts' mail to a mailbox that takes none": changed({
    domains: [{ name: "example.test", mailboxes: { alice: {}, bob: { receives: false } } }],
    postmaster: "bob@example.test",
  }),
  "app passwords as a list": domain({ mailboxes: { alice: { appPasswords: ["phone"] } } }),
  "an app password with a blank in its name": domain({ mailboxes: { alice: { appPasswords: { "my phone": {} } } } }),
  "an app password with the password": domain({ mailboxes: { alice: { appPasswords: { phone: { password: "hunter2" } } } } }),
  "an app password for nothing": domain({ mailboxes: { alice: { appPasswords: { phone: { services: [] } } } } }),
  "an app password for a service that is none": domain({
    mailboxes: { alice: { appPasswords: { phone: { services: ["imaps", "smtp"] } } } },
  }),
  "an app password for a service twice": domain({ mailboxes: { alice: { appPasswords: { phone: { services: ["imap", "imap"] } } } } }),
  "too many app passwords": domain({ mailboxes: { alice: { appPasswords: many(17, (index) => [`app${index}`, {}]) } } }),
  "a catch-all to nobody": domain({ catchAll: "nobody" }),
  "a catch-all to outside": domain({ catchAll: "alice@elsewhere.test" }),
  "a catch-all as a list": domain({ catchAll: ["alice"] }),
  "a quota that is a number": domain({ mailboxes: { alice: { quota: 5 } } }),
  "a quota without a unit": domain({ mailboxes: { alice: { quota: "500" } } }),
  "a quota in another unit": domain({ quota: "2 GB" }),
  "a quota in a small unit": domain({ quota: "2000K" }),
  "a quota of nothing": changed({ quota: "0 MiB" }),
  "a quota that no volume has": changed({ quota: "65 TiB" }),
  "a quota with a fraction": changed({ systemUsers: { master: { quota: "1.5 GiB" } } }),
  "a sender that is not declared": domain({ mailboxes: { alice: { sendsAs: ["somebody@example.test"] } } }),
  "a sender of another domain": domain({ mailboxes: { alice: { sendsAs: ["elsewhere.test", "alice@elsewhere.test"] } } }),
  "a whole domain as a pattern": domain({ mailboxes: { alice: { sendsAs: ["*@example.test"] } } }),
  "senders as text": domain({ mailboxes: { alice: { sendsAs: "example.test" } } }),
  "senders of a mailbox that may not send": domain({ mailboxes: { alice: {}, bob: { sends: false, sendsAs: ["example.test"] } } }),
  "a limit of nothing": domain({ mailboxes: { alice: { sendingLimits: { messagesPerHour: 0 } } } }),
  "a limit that is none": changed({ sendingLimits: { recipientsPerMessage: "all", messagesPerHour: 100_001 } }),
  "a limit by another name": domain({ sendingLimits: { messagesPerMinute: 5 } }),
  "a message size without a unit": changed({ messageSizeLimit: 50_000_000 }),
  "a message size in another unit": changed({ messageSizeLimit: "50 MB" }),
  "a message size of nothing": changed({ messageSizeLimit: "0 MiB" }),
  "a message size that nobody takes": changed({ messageSizeLimit: "2 GiB" }),
  "a message size for which a volume is too small": changed({
    messageSizeLimit: "800 MiB",
    exchangers: { mx1: { role: "primary" }, mx2: { role: "backup", volumeSize: 2 } },
  }),
  "a mailbox server with a slip": changed({ mailboxServer: "curier" }),
  "a mailbox server that is none of ours": changed({ mailboxServer: "exchange" }),
  "a mailbox server in a list": changed({ mailboxServer: ["courier"] }),
  "what Courier cannot do": changed({
    mailboxServer: "courier",
    compression: true,
    sieve: "keep;",
    domains: [{ name: "example.test", mailboxes: { alice: { plusFolders: true } }, services: ["imaps", "sieve"] }],
  }),
  "compression by a word": changed({ compression: "zstd" }),
  "a Sieve script as a list": changed({ sieve: ["keep;"] }),
  "an empty Sieve script": changed({ sieve: " \n" }),
  "a Sieve script that is too long": changed({ sieve: "#".repeat(1 << 20) + "\n" }),
  "a provider that is no domain": domain({ spf: { include: ["spf provider"] } }),
  "a provider as a term": domain({ spf: { terms: ["include:_spf.elsewhere.test"] } }),
  "a provider twice": domain({ spf: { include: ["_spf.elsewhere.test", "_SPF.elsewhere.test"] } }),
  "everybody as a sender": domain({ spf: { terms: ["+all"] } }),
  "a redirect": domain({ spf: { terms: ["redirect=_spf.elsewhere.test"] } }),
  "senders by reverse name": domain({ spf: { terms: ["ptr"] } }),
  "an explanation": domain({ spf: { terms: ["exp=why.elsewhere.test"] } }),
  "a mechanism with a slip": domain({ spf: { terms: ["ipv4:192.0.2.7"] } }),
  "a mechanism that is none": domain({ spf: { terms: ["senders:192.0.2.7"] } }),
  "a mechanism without its address": domain({ spf: { terms: ["ip4"] } }),
  "an IPv4 address for IPv6": domain({ spf: { terms: ["ip6:192.0.2.7"] } }),
  "half of the Internet as senders": domain({ spf: { terms: ["ip4:0.0.0.0/1"] } }),
  "a network with host bits": domain({ spf: { terms: ["ip4:192.0.2.7/28"] } }),
  "a mechanism with a long prefix": domain({ spf: { terms: ["a:web.elsewhere.test/33"] } }),
  "exists of nothing": domain({ spf: { terms: ["exists"] } }),
  "a macro that is none": domain({ spf: { terms: ["exists:%{q}.elsewhere.test"] } }),
  "a mechanism with a bad name": domain({ spf: { terms: ["mx:el se.test"] } }),
  "too many look-ups": domain({ spf: { include: Array.from({ length: 11 }, (_, index) => `s${index}.elsewhere.test`) } }),
  "others as a sign": domain({ spf: { others: "?all" } }),
  "a selector that is none": domain({ dkim: { s_1: {} } }),
  "a selector twice": domain({ dkim: { s1: {}, S1: {} } }),
  "a type of key that is none": domain({ dkim: { s1: { type: "ecdsa" } } }),
  "a type of key with a slip": domain({ dkim: { s1: { type: "ed2551" } } }),
  "a private DKIM key": domain({ dkim: { s1: { publicKey: "-----BEGIN PRIVATE KEY-----hunter2" } } }),
  "a DKIM key with its tag": domain({ dkim: { s1: { publicKey: "p=MIIB" } } }),
  "a DKIM key that is none": domain({ dkim: { s1: { publicKey: "aGVsbG8=" } } }),
  "a DKIM key that is short": domain({ dkim: { s1: { publicKey: rsa1024 } } }),
  "a DKIM key of another type": domain({ dkim: { s1: { type: "ed25519", publicKey: rsa1024 } } }),
  "revoked as a word": domain({ dkim: { s1: { revoked: "yes" } } }),
  "a DMARC policy that is none": domain({ dmarc: { p: "block" } }),
  "a share of mail": domain({ dmarc: { pct: 50 } }),
  "an alignment that is none": domain({ dmarc: { adkim: "strict" } }),
  "a trial as a letter": domain({ dmarc: { t: "y" } }),
  "failures without a reader": domain({ dmarc: { fo: "1" } }),
  "failures that are none": domain({ dmarc: { ruf: ["alice@example.test"], fo: "x" } }),
  "reports to a URI": domain({ dmarc: { rua: ["mailto:alice@example.test"] } }),
  "reports to nobody": domain({ dmarc: { rua: ["alise@example.test"] } }),
  "reports to no address": domain({ dmarc: { rua: ["alice"] } }),
  "reports to no domain": domain({ dmarc: { rua: ["alice@local_host.test"] } }),
  "reports twice": domain({ dmarc: { rua: ["alice@example.test", "alice@example.test"] } }),
  "a mode that is none": domain({ mtaSts: { mode: "on" } }),
  "a policy for a moment": domain({ mtaSts: { maxAge: 5 } }),
  "a web host that is an alias of itself": domain({ mtaSts: { host: "mta-sts.example.test" } }),
  "a web host's name that is a host's": changed({
    exchangers: { ...twoExchangers.exchangers, mx1: { role: "primary", hostname: "autoconfig" } },
    domains: [{ name: "example.test", mailboxes: { alice: {} }, autoconfig: "web.elsewhere.test" }],
  }),
  "reports of TLS by an unsafe URI": domain({ tlsReports: ["http://reports.elsewhere.test/"] }),
  "a service that is none": domain({ services: ["webmail"] }),
  "a service with a slip": domain({ services: ["imap", "submision"] }),
  "a service twice": domain({ services: ["imaps", "imaps"] }),
  "a family that is none": domain({ without: ["mx"] }),
  "a family with a slip": domain({ without: ["dmrac"] }),
  "a family made twice": domain({ dmarc: {}, without: ["dmarc"] }),
  "records taken over as a word": domain({ adoptRecords: "all" }),
  "a parked domain with mailboxes": changed({ parkedDomains: [{ name: "old.test", mailboxes: {} }] }),
  "a parked domain that is in use": changed({ parkedDomains: [{ name: "club.test" }] }),
  "a parked domain twice": changed({ parkedDomains: [{ name: "old.test" }, { name: "OLD.test" }] }),
  "a parked domain outside of its zone": changed({ parkedDomains: [{ name: "old.test", zone: { name: "club.test" } }] }),
  "a signed zone that is not here": changed({ dnssec: ["clubs.test"] }),
  "a signed zone twice": changed({ dnssec: ["club.test", "club.test"] }),
  "a next key that is none": exchanger({ nextTlsKey: "AB:CD" }),
  "a next key without DNSSEC": exchanger({ nextTlsKey: "ab".repeat(32) }),
  "an authority that is none": changed({ caa: { issuer: "Let's Encrypt" } }),
  "an authority that is missing": changed({ caa: {} }),
  "an account that is no URI": changed({ caa: { issuer: "ca.test", accountUri: "https://ca.test/a;b" } }),

  "a system user with a bad name": changed({ systemUsers: { Master: {} } }),
  "a system user of Debian's": changed({ systemUsers: { backup: {} } }),
  "a system user with a mailbox's name": changed({ systemUsers: { alice: {} } }),
  "a home that is no path": changed({ systemUsers: { master: { home: "master" } } }),
  "a home of the system": changed({ systemUsers: { master: { home: "/usr/bin" } } }),
  "a home of another account": changed({ systemUsers: { master: { home: "/home/debian" } } }),
  "two homes in one": changed({ systemUsers: { a: { home: "/usr/x" }, b: { home: "/usr/x/y" } } }),
  "a system user with a password": changed({ systemUsers: { master: { passwordHash: "x" } } }),

  "postmaster unknown": changed({ postmaster: "alise@example.test" }),
  "postmaster as a local part": changed({ postmaster: "alice" }),
  "nobody for postmaster": changed({ domains: [{ name: "example.test" }], systemUsers: {} }),

  "relay clients as a list": changed({ relayClients: [] }),
  "a relay client with a bad name": changed({
    relayClients: { "My Office": { addresses: ["203.0.113.0/28"], senders: ["example.test"] } },
  }),
  "a relay client from nowhere": office({ addresses: undefined }),
  "a relay client with an empty list": office({ addresses: [] }),
  "a relay client from everywhere": office({ addresses: ["0.0.0.0/0"] }),
  "a relay client from half of everywhere": office({ addresses: ["128.0.0.0/1"] }),
  "a relay client with IPv6": office({ addresses: ["2001:db8::/64"] }),
  "a relay client without a prefix": office({ addresses: ["203.0.113.7"] }),
  "a relay client with host bits": office({ addresses: ["203.0.113.7/28"] }),
  "a relay client by name": office({ addresses: ["printer.example.test"] }),
  "relay clients that overlap": changed({
    relayClients: {
      office: { addresses: ["203.0.113.0/24"], senders: ["example.test"] },
      printer: { addresses: ["203.0.113.7/32"], senders: ["club.test"] },
    },
  }),
  "a relay client without senders": office({ senders: undefined }),
  "a relay client with no sender": office({ senders: [] }),
  "a relay client with any sender": office({ senders: ["*"] }),
  "a relay client as a stranger": office({ senders: ["elsewhere.test"] }),
  "a relay client with a slip": office({ senders: ["exmaple.test"] }),
  "a relay client as nobody": office({ senders: ["scanner@example.test"] }),
  "a relay client as somebody with an umlaut": office({ senders: ["jürgen@example.test"] }),

  "operator missing": changed({ operator: undefined }),
  "operator from nowhere": operator({ addresses: undefined }),
  "operator with an empty list": operator({ addresses: [] }),
  "operator from everywhere": operator({ addresses: ["0.0.0.0/0"] }),
  "operator twice from one place": operator({ addresses: ["203.0.113.0/24", "203.0.113.0/24"] }),
  "operator without a prefix": operator({ addresses: ["203.0.113.7"] }),
  "operator with a long prefix": operator({ addresses: ["203.0.113.7/33"] }),
  "operator with a name": operator({ addresses: ["office"] }),
  "public keys missing": operator({ publicKeys: undefined }),
  "no public key": operator({ publicKeys: [] }),
  "a public key by its old name": operator({ publicKey: twoExchangers.operator.publicKeys[0] }),
  "a public key twice": operator({ publicKeys: [...twoExchangers.operator.publicKeys, ...twoExchangers.operator.publicKeys] }),
  "a public key as a number": key(7),
  "a private key": key("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n"),
  "a key without its type": key(body),
  "a key of an old type": key(`ssh-dss ${body}`),
  "a key with another type's name": key(`ssh-rsa ${body}`),
  "a key that is cut": key(`${type} ${body.slice(0, 40)}`),
  "a key that is not base64": key(`${type} ${body.slice(0, -1)}!`),
  "a key that is short": key(rsa512),
};

const plan = planOf(twoExchangers);
const hashes = (map: unknown): readonly Problem[] => checkPasswordHashes(plan, map);
const hash = "{BLF-CRYPT}$2b$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE";

/** What is no part of a declaration. */
const others: { readonly [what: string]: readonly Problem[] } = {
  "a password that is plain": hashes({ "alice@example.test": "hunter2" }),
  "a hash of nobody": hashes({ "nobody@example.test": hash }),
  "a hash of an alias": hashes({ "sales@example.test": hash }),
  "a hash of somebody misspelt": hashes({ "alise@example.test": hash }),
  "a hash in capitals": hashes({ "Alice@example.test": hash }),
  "a hash of an app password that is not declared": hashes({ "alice@example.test/phone": hash }),
  "a hash of an app password misspelt": checkPasswordHashes(planOf(domain({ mailboxes: { alice: { appPasswords: { phone: {} } } } })), {
    "alice@example.test/fone": hash,
    "Alice@example.test/phone": hash,
  }),
  "a hash of an app password of a system user": hashes({ "master@example.test/phone": hash }),
  "a hash of an app password with a strange name": hashes({ "alice@example.test/hunter2 ": hash }),
  "a hash without an address": hashes({ hunter2: hash }),
  "hashes as text": hashes("hunter2"),
  "a tag with a strange key": checkTags({ "a<b": "x" }),
  "a tag with a number": checkTags({ team: 7 }),
  "a tag with a line end": checkTags({ team: "a\nb" }),
  "a tag of AWS's": checkTags({ "aws:team": "x" }),
  "a tag of ours": checkTags({ Name: "x" }),
  "too many tags": checkTags(many(49, (index) => [`t${index}`, "x"])),
  "too many ranges of operators": limitProblems(
    planOf(operator({ addresses: Array.from({ length: 1000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`) })),
  ).slice(0, 1),
};

const problemsOf = (declaration: unknown): readonly Problem[] => {
  const parsed = parse(declaration);
  return parsed.ok ? [] : parsed.problems;
};

const all = [
  ...Object.entries(declarations).map(([what, declaration]) => [what, problemsOf(declaration)] as const),
  ...Object.entries(others),
];

describe("messages", () => {
  it("are there for everything that is wrong, and in good form", () => {
    for (const [what, problems] of all) {
      assert.ok(problems.length > 0, what);
      for (const problem of problems) {
        assertForm(problem, longest);
        assert.match(problem.message, SHOWN, `${what}: ${problem.message}`);
      }
    }
  });

  it("show no password and no private key", () => {
    assert.doesNotMatch(JSON.stringify(all), /hunter2|b3BlbnNz/);
  });

  it("read like this", () => {
    assertGolden(
      "messages.txt",
      all
        .map(
          ([what, problems]) =>
            `${what}\n${problems.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}\n`).join("")}`,
        )
        .join("\n"),
    );
  });
});
