import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { differenceOf } from "../../dns/review/checksum";
import type { Change } from "../../dns/review/change";
import { review } from "../../dns/review/review";
import type { ExchangerReport, Report } from "../../dns/review/report";
import type { Acknowledgement, ReviewSettings } from "../../dns/review/settings";
import type { Side } from "../../dns/review/side";
import type { Rule } from "../../dns/rules/rule";
import { addresses, exchangers, planned, record, side, zone } from "../rules/case";

const none: ReviewSettings = { acknowledge: [], severities: [] };
const day = "2026-11-24";

const reviewed = (head: Side, against: readonly [Side, ...Side[]], settings = none, rules?: readonly Rule[]): Report =>
  review({ stack: "mailserver/test", head, against, settings, day }, rules);

const line = ({ op, name, type, before, after }: Change): string => {
  const text = (one: Change["before"]): string =>
    one === undefined ? "" : [one.priority, one.content, one.ttl].filter((part) => part !== undefined).join(" ");
  return `${op} ${name} ${type}: ${[text(before), text(after)].filter((part) => part !== "").join(" → ")}`;
};
const changes = ({ domains }: Report): string[] => domains.flatMap((domain) => domain.changes.map(line));
const changed = (before: readonly string[], after: readonly string[]): string[] => changes(reviewed(side(after), [side(before)]));
/** Records in no plan, so that names are sorted as they are. */
const unknown = new Map<string, string>();

describe("a record is the same one", () => {
  for (const [what, before, after, expected] of [
    [
      "with another SPF",
      ["a.test TXT v=spf1 -all", "a.test TXT key=1"],
      ["a.test TXT v=spf1 mx -all", "a.test TXT key=1"],
      ['update a.test TXT: "v=spf1 -all" 300 → "v=spf1 mx -all" 300'],
    ],
    [
      "with another text, which is another one",
      ["a.test TXT key=1"],
      ["a.test TXT key=2"],
      ['delete a.test TXT: "key=1" 300', 'create a.test TXT: "key=2" 300'],
    ],
    ["as the MX of its host", ["a.test MX 10 x.test"], ["a.test MX 20 x.test"], ["update a.test MX: 10 x.test 300 → 20 x.test 300"]],
    [
      "not as the MX of another host",
      ["a.test MX 10 x.test"],
      ["a.test MX 10 y.test"],
      ["delete a.test MX: 10 x.test 300", "create a.test MX: 10 y.test 300"],
    ],
    [
      "with another DKIM key, though none says its version",
      ["s._domainkey.a.test TXT p=AA"],
      ["s._domainkey.a.test TXT v=DKIM1; p=BB"],
      ['update s._domainkey.a.test TXT: "p=AA" 300 → "v=DKIM1; p=BB" 300'],
    ],
    [
      "as a CAA of its tag",
      ['a.test CAA 0 issue "x.test"', 'a.test CAA 0 iodef "mailto:a@a.test"'],
      ['a.test CAA 0 issue "y.test"', 'a.test CAA 0 iodef "mailto:a@a.test"'],
      ['update a.test CAA: 0 issue "x.test" 300 → 0 issue "y.test" 300'],
    ],
    [
      "beside another of its kind",
      ["a.test TLSA 3 1 1 aa"],
      ["a.test TLSA 3 1 1 aa", "a.test TLSA 3 1 1 bb"],
      ["create a.test TLSA: 3 1 1 bb 300"],
    ],
    ["for another time", ["a.test A 192.0.2.1"], ["a.test 600 A 192.0.2.1"], ["update a.test A: 192.0.2.1 300 → 192.0.2.1 600"]],
    [
      "as a reverse name, for which AWS chooses the time",
      ["1.2.0.192.in-addr.arpa PTR a.test"],
      ["1.2.0.192.in-addr.arpa 60 PTR a.test"],
      [],
    ],
  ] as const)
    it(what, () => assert.deepEqual(changed(before, after), expected));

  it("however its text is split", () => {
    const long = "x".repeat(300);
    const whole = record("a.test TXT v=spf1", { content: `"${long}"` });
    assert.deepEqual(changes(reviewed(side([record(`a.test TXT ${long}`)]), [side([whole])])), []);
  });
});

describe("against a zone", () => {
  const head = planned({}, { known: unknown });
  const published = planned().records.filter(({ type }) => type !== "PTR");
  const live = (...more: Parameters<typeof zone>[0]): Side => zone([...published, ...more]);

  it("what is not known is known from there, and others' records are nobody's business", () => {
    const report = reviewed(head, [
      live("www.example.test A 203.0.113.80", "example.test MX 1 mx.provider.test", "example.test TXT key=1"),
    ]);
    assert.deepEqual(changes(report), []);
    assert.equal(report.summary.unchanged, head.records.length);
    assert.equal(report.summary.unknown, 0);
    assert.deepEqual(report.domains[0]?.path.after.slice(0, 2), [
      { preference: 1, host: "mx.provider.test", addresses: [], elsewhere: true },
      { preference: 10, host: "mx1.example.test", addresses: ["192.0.2.1"] },
    ]);
  });

  it("what an older plan had is deleted, whatever somebody made of it", () => {
    const older = planned({ exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) });
    const mx3 = ["mx3.example.test A 203.0.113.3", "example.test MX 35 mx3.example.test"];
    const report = reviewed(head, [live(...mx3, "example.test MX 1 mx.provider.test"), older]);
    assert.deepEqual(changes(report), ["delete example.test MX: 35 mx3.example.test 300", "delete mx3.example.test A: 203.0.113.3 300"]);
    assert.deepEqual(changes(reviewed(head, [live(...mx3)])), []);
  });

  it("intent, effect and what was changed by hand are three things", () => {
    const after = planned({ ttl: 600 }, { known: unknown, without: /^(?!club\.test)/ });
    const before = planned({}, { known: unknown, without: /^(?!club\.test)/ });
    const report = reviewed(after, [
      before,
      zone(["club.test 60 MX 10 mx1.example.test", "club.test MX 20 mx2.example.test", "club.test MX 5 mx.provider.test"]),
    ]);
    assert.deepEqual(changes(report).slice(0, 2), [
      "update club.test MX: 10 mx1.example.test 300 → 10 mx1.example.test 600",
      "update club.test MX: 20 mx2.example.test 300 → 20 mx2.example.test 600",
    ]);
    assert.deepEqual(report.effect.map(line).slice(0, 2), [
      "update club.test MX: 10 mx1.example.test 60 → 10 mx1.example.test 600",
      "update club.test MX: 20 mx2.example.test 300 → 20 mx2.example.test 600",
    ]);
    assert.deepEqual(report.foreign.map(line), [
      "create club.test MX: 5 mx.provider.test 300",
      "update club.test MX: 10 mx1.example.test 300 → 10 mx1.example.test 60",
      'delete club.test TXT: "v=spf1 ip4:«address of mx1» -all" 300',
    ]);
    assert.match(report.foreign[0]?.reason ?? "", /^Not as the stack file has it$/);
  });

  it("what its source could not have is no change", () => {
    const report = reviewed(head, [{ ...zone(published.filter(({ name }) => name.endsWith("club.test"))), zones: ["club.test"] }]);
    assert.deepEqual(
      changes(report).filter((change) => !change.includes("club.test")),
      [],
    );
  });
});

describe("an address", () => {
  const live = zone(planned().records.filter(({ type }) => type !== "PTR"));
  const with_ = (settings: Parameters<typeof exchangers>[0]): Side => planned({ exchangers: exchangers(settings) }, { known: unknown });
  const before = planned({}, { known: unknown });
  const of = (report: Report, key: string): string | undefined => report.exchangers.find((exchanger) => exchanger.key === key)?.address;

  it("stays with the exchanger under another name, and under another key", () => {
    assert.equal(of(reviewed(with_({ mx1: { hostname: "post" } }), [before, live]), "mx1"), "192.0.2.1");
    assert.equal(
      of(reviewed(with_({ mx2: undefined, relay: { role: "backup", hostname: "mx2", aliases: ["mx2"] } }), [before, live]), "relay"),
      "198.51.100.2",
    );
  });

  it("is the same unknown under another key", () => {
    const report = reviewed(with_({ mx2: undefined, relay: { role: "backup", hostname: "mx2", aliases: ["mx2"] } }), [before]);
    assert.deepEqual(changes(report), []);
  });

  it("is another one in another region, and of another exchanger with the same name", () => {
    assert.equal(of(reviewed(with_({ mx2: { region: "eu-west-1" } }), [before, live]), "mx2"), "address of mx2");
    const other = reviewed(with_({ mx2: undefined, mx9: { role: "backup", hostname: "mx2" } }), [before, live]);
    assert.equal(of(other, "mx9"), "address of mx9");
    assert.deepEqual(
      other.domains[0]?.changes.filter(({ type }) => type === "A").map(({ unknown: names }) => names),
      [["address of mx9"]],
    );
  });
});

describe("policies by term", () => {
  const mx = "a.test MX 10 x.test";
  for (const [before, after, expected] of [
    [
      ["a.test TXT v=spf1 ip4:192.0.2.1 -all"],
      ["a.test TXT v=spf1 ip4:192.0.2.1 ip4:192.0.2.7 ~all"],
      ["spf: + ip4:192.0.2.7", "spf: -all → ~all"],
    ],
    [["a.test TXT v=spf1 a mx -all"], ["a.test TXT v=spf1 mx a -all"], ["spf: a mx -all → mx a -all"]],
    [["a.test TXT v=spf1 -all"], ["a.test TXT v=spf1 ip4:«address of mx2» -all"], ["spf: + ip4:«address of mx2»"]],
    [
      ["_dmarc.a.test TXT v=DMARC1; p=quarantine; pct=10"],
      ["_dmarc.a.test TXT v=DMARC1; p=reject; rua=mailto:a@a.test"],
      ["dmarc: - pct=10", "dmarc: p quarantine → reject", "dmarc: + rua=mailto:a@a.test"],
    ],
    [["_mta-sts.a.test TXT v=STSv1; id=1;"], ["_mta-sts.a.test TXT v=STSv1; id=2;"], ["mta-sts: id 1 → 2"]],
    [[], ["_smtp._tls.a.test TXT v=TLSRPTv1; rua=mailto:a@a.test"], ["tls-rpt: + v=TLSRPTv1", "tls-rpt: + rua=mailto:a@a.test"]],
    [["s._domainkey.a.test TXT v=DKIM1; k=rsa; p=AAAA"], ["s._domainkey.a.test TXT v=DKIM1; k=rsa; p="], ["dkim s: p AAAA → nothing"]],
    [['a.test CAA 0 issue "x.test"'], ['a.test CAA 0 issue "y.test"'], ["caa: - issue x.test", "caa: + issue y.test"]],
    [["a.test TXT key=1"], ["a.test TXT key=2"], []],
  ] as const)
    it(`${before.join()} → ${after.join()}`, () => {
      assert.deepEqual(
        reviewed(side([mx, ...after]), [side([mx, ...before])]).domains.flatMap(({ policies }) => policies),
        expected,
      );
    });

  it("of a host go with its name, those of the mail domain without", () => {
    const more = ["club.test TXT v=spf1 mx -all", "mx1.example.test TXT v=spf1 mx -all"];
    const report = reviewed(planned({}, { without: /^(?:club|mx1\.example)\.test TXT/, add: more }), [planned()]);
    assert.deepEqual(report.domains.find(({ domain }) => domain === "example.test")?.policies, [
      "spf of mx1.example.test: - a",
      "spf of mx1.example.test: + mx",
    ]);
    assert.deepEqual(report.domains.find(({ domain }) => domain === "club.test")?.policies, ["spf: - ip4:192.0.2.1", "spf: + mx"]);
  });
});

describe("a machine", () => {
  const effect = (
    before: Parameters<typeof exchangers>[0],
    after: Parameters<typeof exchangers>[0],
  ): Partial<Record<string, [ExchangerReport["machine"], string]>> => {
    const { exchangers: all } = reviewed(planned({ exchangers: exchangers(after) }), [planned({ exchangers: exchangers(before) })]);
    return Object.fromEntries(all.map(({ key, machine, mail }) => [key, [machine, mail]]));
  };
  const alone = { mx2: undefined };
  for (const [what, before, after, key, expected] of [
    ["is not touched by another preference", {}, { mx2: { preference: 30 } }, "mx2", ["none", ""]],
    ["is not touched by a larger volume", {}, { mx2: { volumeSize: 9 } }, "mx2", ["none", ""]],
    [
      "is replaced by another generation, and mail is held",
      {},
      { mx1: { generation: 2 } },
      "mx1",
      ["replaced", "held on mx2 until mx1 is back"],
    ],
    [
      "that is alone leaves mail to its senders",
      alone,
      { ...alone, mx1: { generation: 2 } },
      "mx1",
      ["replaced", "waits at its senders until mx1 is back"],
    ],
    ["of a backup is replaced and nothing waits", {}, { mx2: { instanceType: "t3.small" } }, "mx2", ["replaced", ""]],
    ["is stopped for a larger one", {}, { mx1: { instanceType: "t4g.large" } }, "mx1", ["updated", "held on mx2 until mx1 is back"]],
    ["is replaced in another region", {}, { mx2: { region: "eu-west-1" } }, "mx2", ["replaced", ""]],
    [
      "is replaced in another subnet",
      { mx2: { subnet: "subnet-01234567" } },
      { mx2: { subnet: "subnet-01234568" } },
      "mx2",
      ["replaced", ""],
    ],
    ["is created", alone, {}, "mx2", ["created", ""]],
    ["is removed when it has handed over", {}, alone, "mx2", ["removed", "held on mx2 goes to mx1 first"]],
    ["is removed with what it holds", { mx2: { drain: false } }, alone, "mx2", ["removed", "held on mx2 is lost"]],
  ] as const)
    it(what, () => assert.deepEqual(effect(before, after)[key], expected));

  it("is what the source says, where it says so; unknown where nothing tells", () => {
    const machines = new Map([["mx1", "updated" as const]]);
    assert.equal(reviewed(planned(), [{ ...planned(), machines }]).exchangers[0]?.machine, "updated");
    assert.equal(reviewed(planned(), [zone([])]).exchangers[0]?.machine, "unknown");
  });

  it("has one name forward, back and in HELO, or not, or that is known later", () => {
    const consistent = (head: Side): (boolean | undefined)[] =>
      reviewed(head, [side([])]).exchangers.map((exchanger) => exchanger.consistent);
    assert.deepEqual(consistent(planned()), [true, true]);
    assert.deepEqual(consistent(planned({}, { without: /^2\.100/ })), [true, false]);
    assert.deepEqual(consistent(planned({}, { known: new Map([["address of mx1", "192.0.2.1"]]) })), [true, undefined]);
  });
});

describe("the checksum", () => {
  const before = planned({}, { known: unknown });
  const after = planned({ ttl: 600 }, { known: unknown });

  it("is the same whatever was learnt meanwhile, and in whatever order it came", () => {
    const first = reviewed(after, [before]);
    assert.equal(
      reviewed({ ...after, records: [...after.records].reverse() }, [{ ...before, records: [...before.records].reverse() }]).checksum,
      first.checksum,
    );
    assert.match(first.checksum, /^[0-9a-f]{64}$/);
    // The address stands in the zone only in the second one; what is reviewed is the same.
    const more = planned({ exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) }, { known: unknown });
    const without = reviewed(more, [before]);
    const withAddresses = reviewed(more, [before, { ...planned({}, { known: addresses }), label: "state" }]);
    assert.deepEqual(
      withAddresses.domains.flatMap((domain) => domain.changes.map(({ checksum }) => checksum)).sort(),
      without.domains.flatMap((domain) => domain.changes.map(({ checksum }) => checksum)).sort(),
    );
  });

  it("is another one for another change, and the difference is shown", () => {
    const first = reviewed(after, [before]);
    const second = reviewed(planned({ ttl: 600, domains: [{ name: "example.test", mailboxes: { alice: {} } }] }, { known: unknown }), [
      before,
    ]);
    assert.notEqual(first.checksum, second.checksum);
    const difference = differenceOf(JSON.parse(JSON.stringify(first)) as Report, second);
    assert.deepEqual(difference.gone.map(line), [
      "update club.test MX: 10 mx1.example.test 300 → 10 mx1.example.test 600",
      "update club.test MX: 20 mx2.example.test 300 → 20 mx2.example.test 600",
      'update club.test TXT: "v=spf1 ip4:«address of mx1» -all" 300 → "v=spf1 ip4:«address of mx1» -all" 600',
    ]);
    assert.deepEqual(difference.come.map(line), [
      "delete club.test MX: 10 mx1.example.test 300",
      "delete club.test MX: 20 mx2.example.test 300",
      'delete club.test TXT: "v=spf1 ip4:«address of mx1» -all" 300',
    ]);
    assert.deepEqual(differenceOf(first, first), { gone: [], come: [] });
  });

  it("is another one when somebody edits the zone", () => {
    const live = planned().records.filter(({ type }) => type !== "PTR");
    const edited = live.filter(({ name }) => name !== "club.test");
    assert.notEqual(reviewed(after, [before, zone(live)]).checksum, reviewed(after, [before, zone(edited)]).checksum);
  });
});

describe("who answers for a finding", () => {
  const head = planned({ domains: [{ name: "example.test", mailboxes: { alice: {} } }] });
  const acknowledgement = (more: Partial<Acknowledgement> = {}): Acknowledgement => ({
    rule: "mx-last-removed",
    record: "club.test MX",
    reason: "the club has closed",
    until: "2026-11-24",
    ...more,
  });
  const withAcknowledgements = (...acknowledge: Acknowledgement[]): Report => reviewed(head, [planned()], { ...none, acknowledge });
  const club = ({ domains }: Report): Report["domains"][0] | undefined => domains.find(({ domain }) => domain === "club.test");

  it("nobody: it blocks", () => {
    const report = withAcknowledgements();
    assert.equal(report.verdict, "blocked");
    assert.equal(club(report)?.blocked, true);
    assert.equal(club(report)?.verdict, "Blocked by mx-last-removed.");
  });

  it("somebody, until the end of the day: it does not", () => {
    const report = withAcknowledgements(acknowledgement());
    assert.equal(report.verdict, "ok");
    assert.equal(club(report)?.findings[0]?.acknowledged?.reason, "the club has closed");
    assert.equal(club(report)?.verdict, "No mail comes in any more.");
    assert.deepEqual(report.findings, []);
  });

  it("somebody, until yesterday: it blocks again and says so", () => {
    const report = withAcknowledgements(acknowledgement({ until: "2026-11-23" }));
    assert.equal(report.verdict, "blocked");
    assert.match(club(report)?.findings[0]?.message ?? "", /until 2026-11-23, which is over\.$/);
    assert.equal(club(report)?.findings[0]?.expired?.until, "2026-11-23");
  });

  it("the later of two counts", () => {
    assert.equal(withAcknowledgements(acknowledgement({ until: "2026-11-23" }), acknowledgement({ until: "2027-01-01" })).verdict, "ok");
  });

  it("somebody, for another record: it blocks, and what matches nothing is told", () => {
    const report = withAcknowledgements(acknowledgement({ record: "klub.test MX" }));
    assert.equal(report.verdict, "blocked");
    assert.deepEqual(
      report.findings.map(({ rule, severity, record: name }) => [rule, severity, name]),
      [["acknowledgement-unused", "warn", "klub.test MX"]],
    );
  });

  it("a domain gives a rule another severity", () => {
    const change = { rule: "mx-last-removed", domain: "club.test", severity: "warn" as const, reason: "it is a test" };
    assert.equal(reviewed(head, [planned()], { ...none, severities: [change] }).verdict, "ok");
    assert.equal(reviewed(head, [planned()], { ...none, severities: [{ ...change, domain: "example.test" }] }).verdict, "blocked");
    const strict = { rule: "mx-single", domain: "club.test", severity: "block" as const, reason: "backups are a must" };
    const single = planned({ exchangers: exchangers({ mx2: undefined }) });
    assert.equal(reviewed(single, [single], { ...none, severities: [strict] }).verdict, "blocked");
  });
});

describe("a report", () => {
  it("warns of domains that the change touches, and of no others", () => {
    const single = { exchangers: exchangers({ mx2: undefined }) };
    const touched = planned(single, { without: /^club\.test TXT/, add: ["club.test TXT v=spf1 mx -all"] });
    const found = reviewed(touched, [planned(single)]).domains.flatMap(({ findings }) =>
      findings.map(({ rule, domain }) => `${rule} ${domain}`),
    );
    assert.ok(found.includes("mx-single club.test"));
    assert.ok(!found.includes("mx-single example.test"));
  });

  it("says how long old answers live and what is counted", () => {
    const report = reviewed(side(["a.test MX 10 x.test", "b.test A 192.0.2.2"]), [
      side(["a.test 7200 MX 20 x.test", "a.test 900 MX 30 y.test", "b.test A 192.0.2.2"]),
    ]);
    assert.equal(report.domains[0]?.oldAnswers, 7200);
    assert.deepEqual(report.summary, { create: 0, update: 1, delete: 1, unchanged: 1, unknown: 0 });
  });

  it("has parked domains, which take no mail and are not in danger", () => {
    const report = reviewed(planned({ parkedDomains: [{ name: "parked.test" }] }), [planned()]);
    const parked = report.domains.find(({ domain }) => domain === "parked.test");
    assert.deepEqual(parked?.path, { before: [], after: [{ preference: 0, host: ".", addresses: [] }] });
    assert.equal(parked.changes.length, 3);
    assert.equal(report.verdict, "ok");
  });

  it("is plain data", () => {
    const report = reviewed(planned({}, { known: unknown }), [planned({ ttl: 600 }), zone([])]);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });

  it("needs something to compare with", () => {
    assert.throws(() => reviewed(planned(), [] as unknown as readonly [Side]), /nothing to compare/);
  });

  it("takes ten times as long for ten times as many domains", () => {
    const time = (count: number): number => {
      const domains = Array.from({ length: count }, (_, index) => ({ name: `d${index}.test`, mailboxes: { alice: {} } }));
      const before = planned({ domains });
      const after = planned({ domains, exchangers: exchangers({ mx3: { role: "backup", preference: 30 } }) }, { known: unknown });
      const start = process.cpuUsage();
      const { summary } = reviewed(after, [before, { ...before, kind: "zone" }]);
      const { user, system } = process.cpuUsage(start);
      assert.equal(summary.create, count + 3);
      return user + system;
    };
    time(200);
    const [some, many] = [time(500), time(5000)];
    assert.ok(many < 40 * some, `${many / some} times`);
  });
});
