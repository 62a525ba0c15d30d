import { generateKeyPairSync } from "node:crypto";
import { exchangers, planned, record, side, zone, type Case } from "./case";

const domains = (...names: string[]): object => ({ domains: names.map((name) => ({ name, mailboxes: { alice: {} } })) });
const one = domains("example.test");
const both = planned();
const mx = ["example.test MX 10 mx1.example.test", "example.test MX 20 mx2.example.test"];
const hosts = ["mx1.example.test A 192.0.2.1", "mx2.example.test A 198.51.100.2"];
const rsaKey = (bits: number): string =>
  generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ type: "spki", format: "der" }).toString("base64");
const policy = (mode: string, ...names: string[]): string =>
  ["version: STSv1", `mode: ${mode}`, ...names.map((name) => `mx: ${name}`), "max_age: 604800", ""].join("\r\n");
const policies = (text: string): ReadonlyMap<string, string> => new Map([["example.test", text]]);
const stsOf = (mode: string): object => ({
  domains: [{ name: "example.test", mailboxes: { alice: {} }, mtaSts: { mode, host: "web.provider.test" } }],
});
const sts = (id: string): string => `_mta-sts.example.test TXT v=STSv1; id=${id};`;
const signed = (is: boolean): ReadonlyMap<string, boolean> => new Map([["example.test", is]]);
const tlsa = (name: string, key: string): string => `_25._tcp.${name}.example.test TLSA 3 1 1 ${key.repeat(64)}`;
const dkim = (selector: string, value: string, type = "rsa"): string =>
  `${selector}._domainkey.example.test TXT v=DKIM1; k=${type}; p=${value}`;
const spf = (terms: string): string => `example.test TXT v=spf1 ${terms}`;
/** The example's records but its SPF, so that another one can stand in its place. */
const withSpf = (...texts: string[]): ReturnType<typeof planned> => planned(one, { without: /^example\.test TXT/, add: texts.map(spf) });
const dmarc = (tags: string, name = "example.test"): string => `_dmarc.${name} TXT v=DMARC1; ${tags}`;

/** For every rule a change that it must see, and one close to it that it must not. */
export const cases: readonly Case[] = [
  // mx
  { rule: "mx-last-removed", what: "a domain goes", before: both, after: planned(one), finds: "club.test MX" },
  {
    rule: "mx-last-removed",
    what: "one of two MX goes",
    before: both,
    after: planned({ exchangers: exchangers({ mx2: undefined }) }),
    finds: undefined,
  },
  {
    rule: "mx-last-removed",
    what: "a null MX takes the place of all",
    before: side(mx),
    after: side(["example.test MX 0 ."]),
    finds: "example.test MX",
  },
  {
    rule: "mx-last-removed",
    what: "another provider's MX stays in the zone",
    before: side(mx),
    after: side([]),
    zone: zone([...mx, "example.test MX 1 mx.provider.test"]),
    finds: undefined,
  },

  {
    rule: "mx-null-with-exchangers",
    what: "a null MX beside others",
    before: side(mx),
    after: side([...mx, "example.test MX 0 ."]),
    finds: "example.test MX",
  },
  {
    rule: "mx-null-with-exchangers",
    what: "a null MX of somebody else's in the zone",
    before: side(mx),
    after: side(mx),
    zone: zone([...mx, "example.test MX 0 ."]),
    finds: "example.test MX",
  },
  { rule: "mx-null-with-exchangers", what: "a null MX alone", before: side([]), after: side(["example.test MX 0 ."]), finds: undefined },
  {
    rule: "mx-null-with-exchangers",
    what: "p=reject is not a null MX",
    before: both,
    after: planned({}, { add: [dmarc("p=reject")] }),
    finds: undefined,
  },

  {
    rule: "mx-target-cname",
    what: "an alias",
    before: side(mx),
    after: side([...mx, hosts[0]!, "mx2.example.test CNAME host.provider.test"]),
    finds: "mx2.example.test CNAME",
  },
  {
    rule: "mx-target-cname",
    what: "an alias in the zone",
    before: side(mx),
    after: side(mx),
    zone: zone([...mx, "mx2.example.test CNAME host.provider.test"]),
    finds: "mx2.example.test CNAME",
  },
  {
    rule: "mx-target-cname",
    what: "an alias that nothing leads to",
    before: side(mx),
    after: side([...mx, ...hosts, "www.example.test CNAME mx1.example.test"]),
    finds: undefined,
  },

  { rule: "mx-target-ip", what: "an address", before: side([]), after: side(["example.test MX 10 192.0.2.1"]), finds: "example.test MX" },
  {
    rule: "mx-target-ip",
    what: "an IPv6 address",
    before: side([]),
    after: side(["example.test MX 10 2001:db8::1"]),
    finds: "example.test MX",
  },
  {
    rule: "mx-target-ip",
    what: "a name that begins with numbers",
    before: side([]),
    after: side(["example.test MX 10 192.0.2.1.example.test"]),
    finds: undefined,
  },

  {
    rule: "mx-target-unresolvable",
    what: "a host loses its address",
    before: side([...mx, ...hosts]),
    after: side([...mx, hosts[0]!]),
    finds: "mx2.example.test A",
  },
  {
    rule: "mx-target-unresolvable",
    what: "a host of the plan has none",
    before: both,
    after: planned({}, { add: ["example.test MX 30 mx9.example.test"] }),
    finds: "mx9.example.test A",
  },
  {
    rule: "mx-target-unresolvable",
    what: "a host in a zone that was looked at has none",
    before: side(mx),
    after: side(mx),
    zone: zone([...mx, hosts[0]!]),
    finds: "mx2.example.test A",
  },
  {
    rule: "mx-target-unresolvable",
    what: "a provider's host",
    before: side([]),
    after: side(["example.test MX 1 smtp.provider.test"]),
    zone: zone([]),
    finds: undefined,
  },
  {
    rule: "mx-target-unresolvable",
    what: "an address that is known later",
    before: both,
    after: planned({ exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) }, { known: new Map() }),
    finds: undefined,
  },
  {
    rule: "mx-target-unresolvable",
    what: "the zone has the address",
    before: side(mx),
    after: side(mx),
    zone: zone([...mx, ...hosts]),
    finds: undefined,
  },

  {
    rule: "mx-target-proxied",
    what: "somebody proxied the host",
    before: both,
    after: both,
    zone: zone([...mx, record(hosts[0]!, { proxied: true }), hosts[1]!]),
    finds: "mx1.example.test A",
  },
  {
    rule: "mx-target-proxied",
    what: "a web name is proxied",
    before: both,
    after: both,
    zone: zone([...mx, ...hosts, record("www.example.test A 192.0.2.9", { proxied: true })]),
    finds: undefined,
  },

  {
    rule: "mx-preference-inverted",
    what: "the backup comes first",
    before: planned(one),
    after: planned(one, { without: / MX mx2/, add: ["example.test MX 5 mx2.example.test"] }),
    finds: "example.test MX",
  },
  {
    rule: "mx-preference-inverted",
    what: "the backup is as good",
    before: planned(one),
    after: planned(one, { without: / MX mx2/, add: ["example.test MX 10 mx2.example.test"] }),
    finds: "example.test MX",
  },
  {
    rule: "mx-preference-inverted",
    what: "the backup comes just after",
    before: both,
    after: planned({ exchangers: exchangers({ mx2: { preference: 11 } }) }),
    finds: undefined,
  },

  {
    rule: "mx-preference-range",
    what: "65536",
    before: side([]),
    after: side(["example.test MX 65536 mx1.example.test"]),
    finds: "example.test MX",
  },
  {
    rule: "mx-preference-range",
    what: "-1",
    before: side([]),
    after: side(["example.test MX -1 mx1.example.test"]),
    finds: "example.test MX",
  },
  {
    rule: "mx-preference-range",
    what: "0 and 65535",
    before: side([]),
    after: side(["example.test MX 0 mx1.example.test", "example.test MX 65535 mx2.example.test"]),
    finds: undefined,
  },

  {
    rule: "mx-first-removed",
    what: "the first of two goes",
    before: side([...mx, ...hosts]),
    after: side([mx[1]!, ...hosts]),
    finds: "example.test MX",
  },
  {
    rule: "mx-first-removed",
    what: "all go for another",
    before: side([...mx, ...hosts]),
    after: side(["example.test MX 10 other.example.test", "other.example.test A 203.0.113.9"]),
    finds: "example.test MX",
  },
  {
    rule: "mx-first-removed",
    what: "the last of two goes",
    before: side([...mx, ...hosts]),
    after: side([mx[0]!, ...hosts]),
    finds: undefined,
  },
  {
    rule: "mx-first-removed",
    what: "the first has another name and its address",
    before: both,
    after: planned({ exchangers: exchangers({ mx1: { hostname: "post" } }) }),
    finds: undefined,
  },
  {
    rule: "mx-first-removed",
    what: "the first has another name and its address is not known",
    before: planned({}, { known: new Map() }),
    after: planned({ exchangers: exchangers({ mx1: { hostname: "post" } }) }, { known: new Map() }),
    finds: undefined,
  },

  {
    rule: "mx-and-address-removed",
    what: "one that waits no longer goes",
    before: planned({ exchangers: exchangers({ mx2: { drain: false } }) }),
    after: planned({ exchangers: exchangers({ mx2: undefined }) }),
    finds: "mx2.example.test A",
  },
  {
    rule: "mx-and-address-removed",
    what: "records alone go",
    before: side([...mx, ...hosts]),
    after: side([mx[0]!, hosts[0]!]),
    finds: "mx2.example.test A",
  },
  {
    rule: "mx-and-address-removed",
    what: "one that drains goes",
    before: both,
    after: planned({ exchangers: exchangers({ mx2: undefined }) }),
    finds: undefined,
  },
  {
    rule: "mx-and-address-removed",
    what: "another name",
    before: planned({ exchangers: exchangers({ mx2: { drain: false } }) }),
    after: planned({ exchangers: exchangers({ mx2: { drain: false, hostname: "relay" } }) }),
    finds: undefined,
  },

  {
    rule: "mx-single",
    what: "one exchanger of ours",
    before: planned(one),
    after: planned({ ...one, exchangers: exchangers({ mx2: undefined }) }),
    finds: "example.test MX",
  },
  {
    rule: "mx-single",
    what: "a provider's one name",
    before: planned(one),
    after: planned(one, { without: / MX /, add: ["example.test MX 1 smtp.provider.test"] }),
    finds: undefined,
  },

  {
    rule: "mx-preference-tie",
    what: "two backups alike",
    before: planned(one),
    after: planned({ ...one, exchangers: exchangers({ mx3: { role: "backup", preference: 20 } }) }),
    finds: "example.test MX",
  },
  {
    rule: "mx-preference-tie",
    what: "each its own",
    before: planned(one),
    after: planned({ ...one, exchangers: exchangers({ mx3: { role: "backup", preference: 21 } }) }),
    finds: undefined,
  },

  // addresses
  {
    rule: "address-orphaned",
    what: "an MX still leads to it",
    before: side([...mx, ...hosts]),
    after: side([...mx, hosts[0]!]),
    finds: "mx2.example.test A",
  },
  {
    rule: "address-orphaned",
    what: "a service still leads to it",
    before: side([mx[0]!, ...hosts, "_imaps._tcp.example.test SRV 0 1 993 mx2.example.test"]),
    after: side([mx[0]!, hosts[0]!, "_imaps._tcp.example.test SRV 0 1 993 mx2.example.test"]),
    finds: "mx2.example.test A",
  },
  {
    rule: "address-orphaned",
    what: "an SPF record still names the address",
    before: side([...mx, ...hosts, spf("ip4:198.51.100.2 -all")]),
    after: side([mx[0]!, hosts[0]!, spf("ip4:198.51.100.2 -all")]),
    finds: "mx2.example.test A",
  },
  {
    rule: "address-orphaned",
    what: "everything goes with it",
    before: both,
    after: planned({ exchangers: exchangers({ mx2: undefined }) }),
    finds: undefined,
  },
  {
    rule: "address-orphaned",
    what: "an SPF record names an address that another name has now",
    before: side([mx[0]!, hosts[0]!, "old.example.test A 192.0.2.1", spf("ip4:192.0.2.1 -all")]),
    after: side([mx[0]!, hosts[0]!, spf("ip4:192.0.2.1 -all")]),
    finds: undefined,
  },
  {
    rule: "address-orphaned",
    what: "there is IPv6 left",
    before: side([...mx, ...hosts, "mx2.example.test AAAA 2001:db8::2"]),
    after: side([...mx, hosts[0]!, "mx2.example.test AAAA 2001:db8::2"]),
    finds: undefined,
  },

  {
    rule: "ptr-mismatch",
    what: "an address leads to another host",
    before: both,
    after: planned({}, { without: /192\.in-addr/, add: ["1.2.0.192.in-addr.arpa PTR mx2.example.test"] }),
    zone: zone([]),
    finds: "1.2.0.192.in-addr.arpa PTR",
  },
  {
    rule: "ptr-mismatch",
    what: "an address leads nowhere",
    before: both,
    after: planned({}, { without: /192\.in-addr/ }),
    finds: "1.2.0.192.in-addr.arpa PTR",
  },
  { rule: "ptr-mismatch", what: "reverse names are not known", before: both, after: planned({}, { without: /in-addr/ }), finds: undefined },
  {
    rule: "ptr-mismatch",
    what: "both are known later",
    before: both,
    after: planned({ exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) }, { known: new Map() }),
    finds: undefined,
  },

  {
    rule: "ttl-too-high-before-move",
    what: "a day",
    before: side(["mx1.example.test 86400 A 192.0.2.1"]),
    after: side(["mx1.example.test A 192.0.2.9"]),
    finds: "mx1.example.test A",
  },
  {
    rule: "ttl-too-high-before-move",
    what: "a day, as it is published",
    before: side([hosts[0]!]),
    after: side(["mx1.example.test A 192.0.2.9"]),
    zone: zone(["mx1.example.test 86400 A 192.0.2.1"]),
    finds: "mx1.example.test A",
  },
  {
    rule: "ttl-too-high-before-move",
    what: "an hour",
    before: side(["mx1.example.test 3600 A 192.0.2.1"]),
    after: side(["mx1.example.test A 192.0.2.9"]),
    finds: undefined,
  },
  {
    rule: "ttl-too-high-before-move",
    what: "a day, and only that changes",
    before: side(["mx1.example.test 86400 A 192.0.2.1"]),
    after: side([hosts[0]!]),
    finds: undefined,
  },

  // spf
  { rule: "spf-multiple", what: "two in the plan", before: both, after: planned({}, { add: [spf("-all")] }), finds: "example.test TXT" },
  {
    rule: "spf-multiple",
    what: "another one in the zone",
    before: both,
    after: both,
    zone: zone([spf("include:_spf.provider.test ~all"), spf("ip4:192.0.2.1 -all")]),
    finds: "example.test TXT",
  },
  {
    rule: "spf-multiple",
    what: "another text that speaks of SPF",
    before: both,
    after: both,
    zone: zone([spf("ip4:192.0.2.1 -all"), "example.test TXT v=spf10 is none", "example.test TXT spf2.0/pra ?all"]),
    finds: undefined,
  },

  {
    rule: "spf-lookups",
    what: "eleven",
    before: planned(one),
    after: withSpf(`${Array.from({ length: 11 }, (_, index) => `include:${index}.provider.test`).join(" ")} -all`),
    finds: "example.test TXT",
  },
  {
    rule: "spf-lookups",
    what: "nine, and two in one of them",
    before: planned(one),
    after: withSpf(`${Array.from({ length: 8 }, (_, index) => `a:${index}.provider.test`).join(" ")} include:club.test -all`),
    zone: zone(["club.test TXT v=spf1 a:a.test a:b.test -all"]),
    finds: "example.test TXT",
  },
  {
    rule: "spf-lookups",
    what: "ten, and any number of addresses",
    before: planned(one),
    after: withSpf(`${Array.from({ length: 10 }, (_, index) => `a:${index}.provider.test ip4:192.0.2.${index}`).join(" ")} -all`),
    finds: undefined,
  },
  {
    rule: "spf-lookups",
    what: "two that include each other",
    before: planned(one),
    after: planned(
      { ...one, ...domains("example.test", "club.test") },
      { without: /^(?:example|club)\.test TXT/, add: [spf("include:club.test -all"), "club.test TXT v=spf1 include:example.test -all"] },
    ),
    finds: undefined,
  },

  { rule: "spf-void-or-plus-all", what: "+all", before: planned(one), after: withSpf("mx +all"), finds: "example.test TXT" },
  { rule: "spf-void-or-plus-all", what: "all", before: planned(one), after: withSpf("mx all"), finds: "example.test TXT" },
  {
    rule: "spf-void-or-plus-all",
    what: "no terms",
    before: planned(one),
    after: planned(one, { without: /^example\.test TXT/, add: ["example.test TXT v=spf1"] }),
    finds: "example.test TXT",
  },
  {
    rule: "spf-void-or-plus-all",
    what: "an include of nothing",
    before: planned(one),
    after: withSpf("include:_spf.example.test -all"),
    zone: zone([]),
    finds: "example.test TXT",
  },
  {
    rule: "spf-void-or-plus-all",
    what: "three names that lead nowhere",
    before: planned(one),
    after: withSpf("a:a.example.test a:b.example.test a:c.example.test -all"),
    zone: zone([]),
    finds: "example.test TXT",
  },
  {
    rule: "spf-void-or-plus-all",
    what: "two names that lead nowhere",
    before: planned(one),
    after: withSpf("a:a.example.test a:b.example.test -all"),
    zone: zone([]),
    finds: undefined,
  },
  {
    rule: "spf-void-or-plus-all",
    what: "an include that another zone has",
    before: planned(one),
    after: withSpf("include:_spf.provider.test ~all"),
    zone: zone([]),
    finds: undefined,
  },
  { rule: "spf-void-or-plus-all", what: "?all", before: planned(one), after: withSpf("mx ?all"), finds: undefined },

  {
    rule: "spf-drops-sender",
    what: "a newsletter's include goes",
    before: withSpf("ip4:192.0.2.1 include:news.test -all"),
    after: withSpf("ip4:192.0.2.1 -all"),
    finds: "example.test TXT",
  },
  {
    rule: "spf-drops-sender",
    what: "a range becomes narrower",
    before: withSpf("ip4:192.0.2.0/24 -all"),
    after: withSpf("ip4:192.0.2.0/25 -all"),
    finds: "example.test TXT",
  },
  {
    rule: "spf-drops-sender",
    what: "a range becomes wider",
    before: withSpf("ip4:192.0.2.1 -all"),
    after: withSpf("ip4:192.0.2.0/24 -all"),
    finds: undefined,
  },
  {
    rule: "spf-drops-sender",
    what: "the primary moves to another address",
    before: planned(one),
    after: planned(one, {
      known: new Map([
        ["address of mx1", "203.0.113.77"],
        ["address of mx2", "198.51.100.2"],
      ]),
    }),
    finds: undefined,
  },
  {
    rule: "spf-drops-sender",
    what: "-all becomes ~all",
    before: withSpf("ip4:192.0.2.1 -all"),
    after: withSpf("ip4:192.0.2.1 ~all"),
    finds: undefined,
  },

  {
    rule: "spf-misses-sender",
    what: "the backup's address instead",
    before: planned(one),
    after: withSpf("ip4:198.51.100.2 -all"),
    finds: "example.test TXT",
  },
  {
    rule: "spf-misses-sender",
    what: "a range with the primary in it",
    before: planned(one),
    after: withSpf("ip4:192.0.2.0/28 -all"),
    finds: undefined,
  },
  { rule: "spf-misses-sender", what: "mx", before: planned(one), after: withSpf("mx -all"), finds: undefined },
  {
    rule: "spf-misses-sender",
    what: "an include, which may name it",
    before: planned(one),
    after: withSpf("include:_spf.provider.test -all"),
    finds: undefined,
  },
  {
    rule: "spf-misses-sender",
    what: "an address that is known later",
    before: planned(one),
    after: planned(one, { known: new Map() }),
    finds: undefined,
  },

  // dkim
  {
    rule: "dkim-key-changed-in-place",
    what: "another key",
    before: planned(one, { add: [dkim("a", "AAAA")] }),
    after: planned(one, { add: [dkim("a", "BBBB")] }),
    finds: "a._domainkey.example.test TXT",
  },
  {
    rule: "dkim-key-changed-in-place",
    what: "another selector",
    before: planned(one, { add: [dkim("a", "AAAA")] }),
    after: planned(one, { add: [dkim("a", "AAAA"), dkim("b", "BBBB")] }),
    finds: undefined,
  },
  {
    rule: "dkim-key-changed-in-place",
    what: "the key with blanks",
    before: planned(one, { add: [dkim("a", "AA AA")] }),
    after: planned(one, { add: [dkim("a", "AAAA")] }),
    finds: undefined,
  },
  {
    rule: "dkim-key-changed-in-place",
    what: "a revoked key",
    before: planned(one, { add: [dkim("a", "AAAA")] }),
    after: planned(one, { add: [dkim("a", "")] }),
    finds: undefined,
  },

  {
    rule: "dkim-selector-in-use-removed",
    what: "the only one",
    before: planned(one, { add: [dkim("a", "AAAA")] }),
    after: planned(one),
    finds: "a._domainkey.example.test TXT",
  },
  {
    rule: "dkim-selector-in-use-removed",
    what: "one for a new one at once",
    before: planned(one, { add: [dkim("a", "AAAA")] }),
    after: planned(one, { add: [dkim("b", "BBBB")] }),
    finds: "a._domainkey.example.test TXT",
  },
  {
    rule: "dkim-selector-in-use-removed",
    what: "the only RSA key is revoked, Ed25519 is left",
    before: planned(one, { add: [dkim("a", "AAAA"), dkim("e", "EEEE", "ed25519")] }),
    after: planned(one, { add: [dkim("a", ""), dkim("e", "EEEE", "ed25519")] }),
    finds: "a._domainkey.example.test TXT",
  },
  {
    rule: "dkim-selector-in-use-removed",
    what: "one of two that were there",
    before: planned(one, { add: [dkim("a", "AAAA"), dkim("b", "BBBB")] }),
    after: planned(one, { add: [dkim("b", "BBBB")] }),
    finds: undefined,
  },

  {
    rule: "dkim-key-short",
    what: "1024 bits",
    before: planned(one),
    after: planned(one, { add: [dkim("a", rsaKey(1024))] }),
    finds: "a._domainkey.example.test TXT",
  },
  {
    rule: "dkim-key-short",
    what: "2048 bits, and an Ed25519 key",
    before: planned(one),
    after: planned(one, { add: [dkim("a", rsaKey(2048)), dkim("e", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "ed25519")] }),
    finds: undefined,
  },

  // dmarc
  {
    rule: "dmarc-multiple",
    what: "another one in the zone",
    before: both,
    after: planned({}, { add: [dmarc("p=reject")] }),
    zone: zone([dmarc("p=none; rua=mailto:a@provider.test"), dmarc("p=reject")]),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-multiple",
    what: "one each of two domains",
    before: both,
    after: planned({}, { add: [dmarc("p=reject"), dmarc("p=none", "club.test")] }),
    finds: undefined,
  },

  {
    rule: "dmarc-weakened",
    what: "reject to quarantine",
    before: planned(one, { add: [dmarc("p=reject")] }),
    after: planned(one, { add: [dmarc("p=quarantine")] }),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-weakened",
    what: "it goes",
    before: planned(one, { add: [dmarc("p=quarantine")] }),
    after: planned(one),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-weakened",
    what: "names below get less",
    before: planned(one, { add: [dmarc("p=reject")] }),
    after: planned(one, { add: [dmarc("p=reject; sp=none")] }),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-weakened",
    what: "it is only tested",
    before: planned(one, { add: [dmarc("p=reject")] }),
    after: planned(one, { add: [dmarc("p=reject; t=y")] }),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-weakened",
    what: "quarantine to reject, with another address for reports",
    before: planned(one, { add: [dmarc("p=quarantine; rua=mailto:a@example.test")] }),
    after: planned(one, { add: [dmarc("p=reject; rua=mailto:b@example.test")] }),
    finds: undefined,
  },
  {
    rule: "dmarc-weakened",
    what: "what was the default is written",
    before: planned(one, { add: [dmarc("p=reject")] }),
    after: planned(one, { add: [dmarc("p=reject; sp=reject; np=reject")] }),
    finds: undefined,
  },
  {
    rule: "dmarc-weakened",
    what: "the domain above says the same",
    before: planned(domains("example.test", "sub.example.test"), { add: [dmarc("p=reject"), dmarc("p=reject", "sub.example.test")] }),
    after: planned(domains("example.test", "sub.example.test"), { add: [dmarc("p=reject")] }),
    finds: undefined,
  },

  {
    rule: "dmarc-none",
    what: "p=none",
    before: planned(one),
    after: planned(one, { add: [dmarc("p=none")] }),
    finds: "_dmarc.example.test TXT",
  },
  {
    rule: "dmarc-none",
    what: "p=quarantine",
    before: planned(one),
    after: planned(one, { add: [dmarc("p=quarantine")] }),
    finds: undefined,
  },

  // transport
  {
    rule: "mta-sts-policy-excludes-mx",
    what: "an MX more than the policy has",
    before: planned(one),
    after: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("enforce", "mx1.example.test")) }),
    finds: "_mta-sts.example.test TXT",
  },
  {
    rule: "mta-sts-policy-excludes-mx",
    what: "a wildcard is one label",
    before: planned(one),
    after: planned(one, {
      add: [sts("1"), "example.test MX 30 a.b.example.test"],
      mtaStsPolicies: policies(policy("enforce", "*.example.test")),
    }),
    finds: "_mta-sts.example.test TXT",
  },
  {
    rule: "mta-sts-policy-excludes-mx",
    what: "a wildcard has them all",
    before: planned(one),
    after: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("enforce", "*.example.test")) }),
    finds: undefined,
  },
  {
    rule: "mta-sts-policy-excludes-mx",
    what: "the policy is only tested",
    before: planned(one),
    after: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("testing", "mx1.example.test")) }),
    finds: undefined,
  },

  {
    rule: "mta-sts-id-not-bumped",
    what: "another policy, the same id",
    before: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("testing", "*.example.test")) }),
    after: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("enforce", "*.example.test")) }),
    finds: "_mta-sts.example.test TXT",
  },
  {
    rule: "mta-sts-id-not-bumped",
    what: "a backup comes into the declared policy",
    before: planned(stsOf("enforce")),
    after: planned({ ...stsOf("enforce"), exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) }),
    finds: undefined,
  },
  {
    rule: "mta-sts-id-not-bumped",
    what: "another policy, another id",
    before: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("testing", "*.example.test")) }),
    after: planned(one, { add: [sts("2")], mtaStsPolicies: policies(policy("enforce", "*.example.test")) }),
    finds: undefined,
  },
  {
    rule: "mta-sts-id-not-bumped",
    what: "other line ends",
    before: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("enforce", "*.example.test")) }),
    after: planned(one, { add: [sts("1")], mtaStsPolicies: policies(policy("enforce", "*.example.test").replaceAll("\r\n", "\n")) }),
    finds: undefined,
  },

  {
    rule: "tlsa-without-dnssec",
    what: "a zone that is not signed",
    before: both,
    after: planned({}, { add: [tlsa("mx1", "a")], signed: signed(false) }),
    finds: "_25._tcp.mx1.example.test TLSA",
  },
  {
    rule: "tlsa-without-dnssec",
    what: "a signed zone",
    before: both,
    after: planned({}, { add: [tlsa("mx1", "a")], signed: signed(true) }),
    finds: undefined,
  },
  {
    rule: "tlsa-without-dnssec",
    what: "a web server's in the zone",
    before: both,
    after: planned({}, { signed: signed(false) }),
    zone: zone([`_443._tcp.www.example.test TLSA 3 1 1 ${"a".repeat(64)}`]),
    finds: undefined,
  },

  {
    rule: "tlsa-not-rolled",
    what: "another key",
    before: planned({}, { add: [tlsa("mx1", "a")] }),
    after: planned({}, { add: [tlsa("mx1", "b")] }),
    finds: "_25._tcp.mx1.example.test TLSA",
  },
  {
    rule: "tlsa-not-rolled",
    what: "the next key beside the present one",
    before: planned({}, { add: [tlsa("mx1", "a")] }),
    after: planned({}, { add: [tlsa("mx1", "a"), tlsa("mx1", "b")] }),
    finds: undefined,
  },
  {
    rule: "tlsa-not-rolled",
    what: "the former key goes",
    before: planned({}, { add: [tlsa("mx1", "a"), tlsa("mx1", "b")] }),
    after: planned({}, { add: [tlsa("mx1", "b")] }),
    finds: undefined,
  },

  {
    rule: "dnssec-off-with-tlsa",
    what: "both at once",
    before: planned({}, { add: [tlsa("mx1", "a")], signed: signed(true) }),
    after: planned({}, { signed: signed(false) }),
    finds: "example.test DS",
  },
  {
    rule: "dnssec-off-with-tlsa",
    what: "it is declared no more",
    before: planned({ dnssec: ["example.test"] }),
    after: planned(),
    finds: "example.test DS",
  },
  {
    rule: "dnssec-off-with-tlsa",
    what: "it was never declared, and others signed the zone",
    before: planned({}, { add: [tlsa("mx1", "a")] }),
    after: planned(),
    zone: zone([tlsa("mx1", "a")], { signed: signed(true) }),
    finds: undefined,
  },
  {
    rule: "dnssec-off-with-tlsa",
    what: "the TLSA record has gone before",
    before: planned({}, { signed: signed(true) }),
    after: planned({}, { signed: signed(false) }),
    finds: undefined,
  },

  {
    rule: "caa-blocks-acme",
    what: "another authority only",
    before: planned({}, { add: ['example.test CAA 0 issue "letsencrypt.org"'] }),
    after: planned({}, { add: ['example.test CAA 0 issue "pki.goog"'] }),
    finds: "mx1.example.test CAA, mx2.example.test CAA",
  },
  {
    rule: "caa-blocks-acme",
    what: "a host's own record stands before the zone's",
    before: planned({}, { add: ['example.test CAA 0 issue "letsencrypt.org"'] }),
    after: planned({}, { add: ['example.test CAA 0 issue "letsencrypt.org"', 'mx1.example.test CAA 0 issue ";"'] }),
    finds: "mx1.example.test CAA",
  },
  {
    rule: "caa-blocks-acme",
    what: "one more",
    before: planned({}, { add: ['example.test CAA 0 issue "letsencrypt.org"'] }),
    after: planned(
      {},
      { add: ['example.test CAA 0 issue "letsencrypt.org; accounturi=https://acme.test/1"', 'example.test CAA 0 issue "pki.goog"'] },
    ),
    finds: undefined,
  },
  {
    rule: "caa-blocks-acme",
    what: "only reports",
    before: planned({}, { add: ['example.test CAA 0 issue "letsencrypt.org"'] }),
    after: planned({}, { add: ['example.test CAA 0 iodef "mailto:a@example.test"'] }),
    finds: undefined,
  },

  {
    rule: "caa-blocks-acme",
    what: "the declared authority is not the one of somebody else's record",
    before: both,
    after: planned({ caa: { issuer: "letsencrypt.org" } }, { without: / CAA 0 issue /, add: ['mx1.example.test CAA 0 issue "pki.goog"'] }),
    finds: "mx1.example.test CAA",
  },
  {
    rule: "caa-blocks-acme",
    what: "another authority is declared",
    before: planned({ caa: { issuer: "letsencrypt.org" } }),
    after: planned({ caa: { issuer: "pki.goog" } }),
    finds: undefined,
  },

  {
    rule: "tls-rpt-missing",
    what: "MTA-STS without",
    before: planned(one),
    after: planned(one, { add: [sts("1")] }),
    finds: "_smtp._tls.example.test TXT",
  },
  {
    rule: "tls-rpt-missing",
    what: "DANE without",
    before: planned(one),
    after: planned(one, { add: [tlsa("mx2", "a")] }),
    finds: "_smtp._tls.example.test TXT",
  },
  {
    rule: "tls-rpt-missing",
    what: "MTA-STS with",
    before: planned(one),
    after: planned(one, { add: [sts("1"), "_smtp._tls.example.test TXT v=TLSRPTv1; rua=mailto:a@example.test"] }),
    finds: undefined,
  },

  { rule: "caa-missing", what: "none", before: both, after: both, finds: "example.test CAA" },
  {
    rule: "caa-missing",
    what: "the zone's, which others made",
    before: both,
    after: both,
    zone: zone(['example.test CAA 0 issue "letsencrypt.org"']),
    finds: undefined,
  },

  // ownership
  {
    rule: "foreign-record",
    what: "an SPF record of somebody else's",
    before: side(mx),
    after: side([...mx, spf("ip4:192.0.2.1 -all")]),
    zone: zone([...mx, spf("include:_spf.provider.test ~all")]),
    finds: "example.test TXT",
  },
  {
    rule: "foreign-record",
    what: "an alias at a host's name",
    before: side([]),
    after: side([hosts[0]!]),
    zone: zone(["mx1.example.test CNAME host.provider.test"]),
    finds: "mx1.example.test A",
  },
  {
    rule: "foreign-record",
    what: "the comment tells",
    before: zone([record("example.test MX 10 mx1.example.test", { comment: "by hand" })]),
    after: side(mx.map((line) => record(line, { comment: "Mail" }))),
    finds: "example.test MX",
  },
  {
    rule: "foreign-record",
    what: "our own with another value",
    before: side([hosts[0]!]),
    after: side(["mx1.example.test A 192.0.2.9"]),
    zone: zone(["mx1.example.test A 192.0.2.77"]),
    finds: undefined,
  },
  {
    rule: "foreign-record",
    what: "another text at the same name",
    before: side(mx),
    after: side([...mx, spf("ip4:192.0.2.1 -all")]),
    zone: zone([...mx, "example.test TXT site-verification=1", "example.test MX 1 mx.provider.test"]),
    finds: undefined,
  },

  {
    rule: "mass-delete",
    what: "three of ten, and one more",
    before: side(Array.from({ length: 10 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    after: side(Array.from({ length: 6 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    finds: "* *",
  },
  {
    rule: "mass-delete",
    what: "three of ten",
    before: side(Array.from({ length: 10 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    after: side(Array.from({ length: 7 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    finds: undefined,
  },
  {
    rule: "mass-delete",
    what: "five of nine",
    before: side(Array.from({ length: 9 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    after: side(Array.from({ length: 4 }, (_, index) => `${index}.example.test A 192.0.2.${index}`)),
    finds: undefined,
  },
  {
    rule: "mass-delete",
    what: "a name server",
    before: side([...mx, "example.test NS ns1.provider.test"]),
    after: side(mx),
    finds: "example.test NS",
  },
  {
    rule: "mass-delete",
    what: "every host has another name",
    before: both,
    after: planned({ hostZone: { name: "club.test" } }),
    finds: undefined,
  },
  {
    rule: "mass-delete",
    what: "a backup goes",
    before: both,
    after: planned({ exchangers: exchangers({ mx2: undefined }) }),
    finds: undefined,
  },

  // text
  {
    rule: "txt-long",
    what: "451 octets at a name",
    before: planned(one),
    after: planned(one, { without: /^example\.test TXT/, add: [`example.test TXT v=spf1 ${"x".repeat(451 - 7)}`] }),
    finds: "example.test TXT",
  },
  {
    rule: "txt-long",
    what: "the zone's other texts count",
    before: planned(one),
    after: planned(one),
    zone: zone([`example.test TXT ${"x".repeat(440)}`]),
    finds: "example.test TXT",
  },
  {
    rule: "txt-long",
    what: "450 octets at a name",
    before: planned(one),
    after: planned(one, { without: /^example\.test TXT/, add: [`example.test TXT v=spf1 ${"x".repeat(450 - 7)}`] }),
    finds: undefined,
  },
];
