/** Each family of records by the examples of its RFC, as far as it has any that we would publish, and by what it rules out. */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { mtaStsPolicy } from "../../dns/mta-sts";
import { present } from "../../dns/presentation";
import { domainRecords, nameRecords, planRecords } from "../../dns/records";
import { parseDomainPlan } from "../../plan/domain-plan";
import { twoExchangers } from "../examples/two-exchangers";
import { changed, domain, exchanger, planOf } from "./plan-verdicts";

const facts = new Map([
  ["address of mx1", "192.0.2.129"],
  ["address of mx2", "198.51.100.2"],
  ["TLS key of mx1", "0d".repeat(32)],
  ["TLS key of mx2", "1e".repeat(32)],
]);

/** Type, priority and data of every record at a name. */
function at(name: string, declaration: unknown, known: ReadonlyMap<string, string> = facts): string[] {
  return planRecords(planOf(declaration))
    .map((record) => present(record, known))
    .filter((record) => record.name === name)
    .map(({ type, priority, content }) => [type, priority, content].filter((part) => part !== undefined).join(" "));
}

const txt = (name: string, declaration: unknown): string[] =>
  at(name, declaration).flatMap((line) => (line.startsWith("TXT ") ? [line.slice(5, -1)] : []));

describe("A, AAAA, MX and PTR", () => {
  it("of a host that has IPv6: both addresses, at its name and in SPF (RFC 7208 section 5.6, RFC 5952)", () => {
    const plan = parseDomainPlan({
      domain: "example.com",
      exchangers: {
        mx1: { name: "mail-a.example.com", role: "primary", address: "192.0.2.129", ipv6Address: "2001:db8::cd30", records: true },
      },
    });
    assert.ok(plan.ok, JSON.stringify(plan));
    const known = new Map([...facts, ["IPv6 address of mx1", "2001:db8::cd30"]]);
    const shown = (records: ReturnType<typeof nameRecords>): string[] =>
      records.map((record) => present(record, known)).map(({ name, type, content }) => `${name} ${type} ${content}`);
    assert.deepEqual(shown(plan.value.exchangers.flatMap((host) => nameRecords(host, 300))), [
      "mail-a.example.com A 192.0.2.129",
      "mail-a.example.com AAAA 2001:db8::cd30",
      'mail-a.example.com TXT "v=spf1 a -all"',
    ]);
    assert.ok(shown(domainRecords(plan.value, plan.value)).includes('example.com TXT "v=spf1 ip4:192.0.2.129 ip6:2001:db8::cd30 -all"'));
  });

  it("of a parked domain: a null MX and no other (RFC 7505 section 3), and nobody sends (RFC 7208 section 10.1.2, RFC 9989)", () => {
    const declaration = changed({ parkedDomains: [{ name: "nomail.example.com", zone: { name: "example.com" } }] });
    assert.deepEqual(at("nomail.example.com", declaration), ["MX 0 .", 'TXT "v=spf1 -all"']);
    assert.deepEqual(txt("_dmarc.nomail.example.com", declaration), ["v=DMARC1; p=reject"]);
  });

  it("in DNS's own letters", () => {
    assert.deepEqual(at("_dmarc.xn--bcher-kva.test", domain({ name: "Bücher.test" })), ['TXT "v=DMARC1; p=none"']);
  });
});

describe("SPF", () => {
  const spf = (settings: object): string => txt("example.test", domain({ spf: settings })).join();

  it("has the primary, what is added, each in its one spelling, and an end (RFC 7208 appendix A)", () => {
    const terms = [
      "ip4:192.0.2.128/28",
      "A:Example.com",
      "a/24",
      "mx:example.com/30//64",
      "?exists:%{ir}.%{v}._spf.%{d2}",
      "+ip6:2001:DB8:0::CB01",
      "mx",
    ];
    assert.equal(
      spf({ terms, include: ["_SPF.example.com", "eu._netblocks.example.net"], others: "softfail" }),
      "v=spf1 ip4:192.0.2.129 ip4:192.0.2.128/28 a:example.com a/24 mx:example.com/30//64 ?exists:%{ir}.%{v}._spf.%{d2} ip6:2001:db8::cb01 mx " +
        "include:_spf.example.com include:eu._netblocks.example.net ~all",
    );
  });

  it("may make ten look-ups and no more (section 4.6.4); addresses are none", () => {
    const include = (count: number): object => ({
      include: Array.from({ length: count }, (_, index) => `s${index}.test`),
      terms: ["ip4:192.0.2.1"],
    });
    assert.match(spf(include(10)), /s9\.test -all$/);
    assert.throws(() => spf(include(11)), /has 11 terms that a receiver must look up/);
    assert.throws(() => spf({ ...include(8), terms: ["a", "mx", "-exists:x.test"] }), /has 11 terms/);
  });

  it("is made elsewhere where that is said", () => {
    assert.deepEqual(at("example.test", domain({ without: ["spf"] })), ["MX 10 mx1.example.test", "MX 20 mx2.example.test"]);
  });
});

describe("DKIM", () => {
  const spki = (bits: number): string =>
    generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ type: "spki", format: "der" }).toString("base64");

  it("of Ed25519 is RFC 8463's example (appendix A.2)", () => {
    const dkim = { brisbane: { type: "ed25519", publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" } };
    assert.deepEqual(txt("brisbane._domainkey.example.test", domain({ dkim })), [
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ]);
  });

  it("of RSA is split where a string ends, and whole again for a reader (RFC 6376 section 3.6.2.2)", () => {
    const publicKey = spki(2048);
    const [line = ""] = at("s1._domainkey.example.test", domain({ dkim: { s1: { publicKey } } }));
    const strings = [...line.matchAll(/"([^"]*)"/g)].map(([, string = ""]) => string);
    assert.deepEqual(
      strings.map(({ length }) => length),
      [255, publicKey.length + "v=DKIM1; k=rsa; h=sha256; p=".length - 255],
    );
    assert.equal(strings.join(""), `v=DKIM1; k=rsa; h=sha256; p=${publicKey}`);
  });

  it("that is revoked keeps its record, with nothing in p (section 3.6.1)", () => {
    const dkim = { old: { revoked: true, publicKey: spki(2048) }, new: { type: "ed25519" } };
    assert.deepEqual(txt("old._domainkey.example.test", domain({ dkim })), ["v=DKIM1; k=rsa; h=sha256; p="]);
    assert.deepEqual(txt("new._domainkey.example.test", domain({ dkim })), [
      "v=DKIM1; k=ed25519; p=«DKIM key of selector new for example.test»",
    ]);
    const known = new Map([["DKIM key of selector new for example.test", "AAAA"]]);
    assert.deepEqual(at("new._domainkey.example.test", domain({ dkim }), known), ['TXT "v=DKIM1; k=ed25519; p=AAAA"']);
  });

  it("has at least 2048 bits (RFC 8301 section 3.2)", () => {
    assert.throws(() => txt("", domain({ dkim: { s1: { publicKey: spki(1024) } } })), /has 1024 bits/);
  });
});

describe("DMARC", () => {
  const dmarc = (settings: object, name = "_dmarc.example.test"): string[] => txt(name, domain({ dmarc: settings }));

  it("has p first, tags in the RFC's order, and no default written out (RFC 9989 section 4.7)", () => {
    assert.deepEqual(dmarc({}), ["v=DMARC1; p=none"]);
    assert.deepEqual(
      dmarc({
        t: true,
        p: "quarantine",
        sp: "reject",
        np: "reject",
        adkim: "r",
        aspf: "s",
        fo: "0",
        rua: ["dmarc-feedback@example.com", "tld!test@thirdparty.example.net"],
        ruf: ["auth-reports@thirdparty.example.net"],
      }),
      [
        "v=DMARC1; p=quarantine; sp=reject; np=reject; aspf=s; rua=mailto:dmarc-feedback@example.com,mailto:tld%21test@thirdparty.example.net; " +
          "ruf=mailto:auth-reports@thirdparty.example.net; t=y",
      ],
    );
  });

  it("of a domain in another's zone is that zone's matter, unless it is said", () => {
    const below = (settings: object): unknown => domain({ name: "sub.example.test", zone: { name: "example.test" }, ...settings });
    assert.deepEqual(at("_dmarc.sub.example.test", below({})), []);
    assert.deepEqual(at("_dmarc.sub.example.test", below({ dmarc: { p: "reject" } })), ['TXT "v=DMARC1; p=reject"']);
  });

  it("reports elsewhere are taken by a record there (RFC 9990 section 4), where that domain is ours, and not within one tree of names", () => {
    const [first, club] = twoExchangers.domains;
    const sub = { name: "sub.example.test", zone: { name: "example.test" }, dmarc: { rua: ["alice@example.test"] } };
    const declaration = changed({
      domains: [{ ...first, dmarc: { rua: ["carol@club.test", "carol@club.test.elsewhere.test"] } }, club, sub],
    });
    const consents = planRecords(planOf(declaration)).filter(({ name }) => name.includes("._report._dmarc."));
    assert.deepEqual(
      consents.map((record) => present(record, facts)).map(({ name, content }) => `${name} ${content}`),
      ['example.test._report._dmarc.club.test "v=DMARC1"'],
    );
  });
});

describe("MTA-STS and TLS-RPT", () => {
  it("have RFC 8461's and RFC 8460's form (sections 3.1 and 3.2; 3)", () => {
    const declaration = domain({
      mtaSts: { mode: "enforce", maxAge: 604_800, host: "user.provider.test" },
      tlsReports: ["alice@example.test", "https://reporting.example.com/v1/tlsrpt"],
    });
    assert.match(txt("_mta-sts.example.test", declaration).join(), /^v=STSv1; id=[0-9a-f]{20};$/);
    assert.deepEqual(at("mta-sts.example.test", declaration), ["CNAME user.provider.test"]);
    assert.deepEqual(txt("_smtp._tls.example.test", declaration), [
      "v=TLSRPTv1; rua=mailto:alice@example.test,https://reporting.example.com/v1/tlsrpt",
    ]);
    assert.equal(
      mtaStsPolicy({ mode: "enforce", maxAge: 604_800 }, [{ fqdn: "mail.example.com" }, { fqdn: "backupmx.example.com" }]),
      "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n",
    );
  });

  it("have another id with another policy, and only then", () => {
    const id = (settings: object, more: object = {}): string => txt("_mta-sts.example.test", domain({ mtaSts: settings, ...more })).join();
    assert.equal(id({}), id({ mode: "testing", maxAge: 604_800, host: "x.test" }, { spf: { terms: ["mx"] } }));
    assert.notEqual(id({}), id({ mode: "enforce" }));
    assert.notEqual(id({}), id({ maxAge: 604_801 }));
  });
});

describe("TLSA", () => {
  const signed = (settings: object): unknown => ({ ...(exchanger({}) as object), dnssec: ["example.test"], ...settings });

  it("is 3 1 1 at port 25 of every host, and only in a signed zone (RFC 7672 sections 2.2, 3.1.1)", () => {
    assert.deepEqual(at("_25._tcp.mx1.example.test", signed({})), [`TLSA 3 1 1 ${"0d".repeat(32)}`]);
    assert.deepEqual(at("_25._tcp.mx2.example.test", signed({}), new Map()), ["TLSA 3 1 1 «TLS key of mx2»"]);
    assert.deepEqual(at("_25._tcp.mx1.example.test", signed({ dnssec: ["club.test"] })), []);
  });

  it("of the next key stands beside the present one (section 8.1)", () => {
    const next = createHash("sha256").update("next").digest("hex");
    const exchangers = { ...twoExchangers.exchangers, mx1: { role: "primary", nextTlsKey: next.toUpperCase() } };
    assert.deepEqual(at("_25._tcp.mx1.example.test", signed({ exchangers })), [`TLSA 3 1 1 ${"0d".repeat(32)}`, `TLSA 3 1 1 ${next}`]);
  });
});

describe("SRV, autoconfig and autodiscover", () => {
  const srv = (service: string, settings: object = {}): string[] => at(`_${service}._tcp.example.test`, domain(settings));

  it("name what the primary has, TLS from the first byte first (RFC 6186 section 3, RFC 8314 section 5.1)", () => {
    assert.deepEqual(srv("imaps"), ["SRV 0 1 993 mx1.example.test"]);
    assert.deepEqual(srv("submissions"), ["SRV 0 1 465 mx1.example.test"]);
    assert.deepEqual(srv("sieve"), ["SRV 0 1 4190 mx1.example.test"]);
    assert.deepEqual(srv("submission"), ["SRV 10 1 587 mx1.example.test"]);
  });

  it("say that the others are not there (RFC 6186 section 3.4)", () => {
    assert.deepEqual(srv("sieve", { services: ["imaps", "submissions"] }), ["SRV 0 0 0 ."]);
    assert.deepEqual(srv("pop3", { services: ["imaps", "submissions"] }), ["SRV 0 0 0 ."]);
    assert.deepEqual(srv("pop3", { without: ["srv"] }), []);
  });

  it("lead to a web host", () => {
    const settings = { autoconfig: "Web.Example.net" };
    assert.deepEqual(at("autoconfig.example.test", domain(settings)), ["CNAME web.example.net"]);
    assert.deepEqual(srv("autodiscover", settings), ["SRV 0 0 443 web.example.net"]);
  });
});

describe("CAA", () => {
  it("is RFC 8659's and RFC 8657's (sections 4.2 and 4.4; 5), at every host's name and nowhere else", () => {
    const declaration = changed({
      caa: { issuer: "ca1.example.net", accountUri: "https://example.net/account/1234", iodef: "security@example.com" },
    });
    const expected = [
      'CAA 0 issue "ca1.example.net; accounturi=https://example.net/account/1234"',
      'CAA 0 issuewild ";"',
      'CAA 0 iodef "mailto:security@example.com"',
    ];
    for (const host of ["mx1.example.test", "mx2.example.test"]) assert.deepEqual(at(host, declaration).slice(2), expected);
    assert.ok(!at("example.test", declaration).some((line) => line.startsWith("CAA")));
  });
});

describe("a backup more", () => {
  it("is in everything that follows from the set of exchangers, at once", () => {
    const with3 = { ...twoExchangers.exchangers, mx3: { role: "backup", preference: 30 } };
    const system = (exchangers: object): unknown => ({
      ...(domain({ mtaSts: { mode: "enforce" } }) as object),
      exchangers,
      dnssec: ["example.test"],
      caa: { issuer: "ca.test" },
    });
    const lines = (declaration: unknown): string[] =>
      planRecords(planOf(declaration))
        .map((record) => present(record, new Map()))
        .map(({ name, type, priority = "", content }) => `${name} ${type} ${priority} ${content}`);
    const before = lines(system(twoExchangers.exchangers));
    const added = lines(system(with3)).filter((line) => !before.includes(line));
    const id = (exchangers: object): string =>
      createHash("sha256")
        .update(mtaStsPolicy({ mode: "enforce", maxAge: 604_800 }, planOf(system(exchangers)).exchangers))
        .digest("hex")
        .slice(0, 20);
    assert.deepEqual(added, [
      "mx3.example.test A  «address of mx3»",
      'mx3.example.test TXT  "v=spf1 a -all"',
      'mx3.example.test CAA  0 issue "ca.test"',
      'mx3.example.test CAA  0 issuewild ";"',
      "_25._tcp.mx3.example.test TLSA  3 1 1 «TLS key of mx3»",
      "example.test MX 30 mx3.example.test",
      `_mta-sts.example.test TXT  "v=STSv1; id=${id(with3)};"`,
      "«reverse name of mx3's address» PTR  mx3.example.test",
    ]);
  });
});
