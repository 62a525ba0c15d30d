import type { Presented } from "../../dns/presentation";
import type { Change } from "../../dns/review/change";
import type { DomainReport, ExchangerReport, Finding, Report } from "../../dns/review/report";
import { quotedStrings } from "../../dns/text";
import { masterFile } from "../../dns/zone-file";

/** Reports made by hand, for every face: what a review may say, and what a zone may hold that nobody wished to see. */

const mx = (name: string, host: string, priority: number, ttl = 300): Presented => ({ name, type: "MX", content: host, priority, ttl });
const txt = (name: string, value: string, ttl = 300): Presented => ({ name, type: "TXT", content: quotedStrings(value), ttl });
const a = (name: string, content: string, ttl = 300): Presented => ({ name, type: "A", content, ttl });

/** One record that changes. */
export function changed(op: Change["op"], record: Presented, reason: string, more: Partial<Change> = {}): Change {
  const sides = op === "create" ? { after: record } : op === "delete" ? { before: record } : {};
  return {
    op,
    domain: record.name,
    name: record.name,
    type: record.type,
    ...sides,
    reason,
    unknown: [],
    checksum: "0".repeat(64),
    ...more,
  };
}

const mx1: ExchangerReport = {
  ...{ key: "mx1", host: "mx1.example.test", machine: "none", mail: "" },
  ...{ address: "192.0.2.1", reverse: "mx1.example.test", helo: "mx1.example.test", consistent: true },
};
const hop1 = { preference: 10, host: "mx1.example.test", addresses: ["192.0.2.1"] };
const hop2 = { preference: 20, host: "mx2.example.test", addresses: ["«address of mx2»"] };

const quiet = (domain: string): DomainReport => ({
  ...{ domain, verdict: "nothing changes", blocked: false, changes: [], policies: [], path: { before: [hop1], after: [hop1] } },
  ...{ oldAnswers: 0, findings: [] },
});

const nobody = [{ preference: 0, host: ".", addresses: [] }];
const silent: DomainReport = { ...quiet("silent.test"), path: { before: nobody, after: nobody } };

const wanted = [
  a("mx1.example.test", "192.0.2.1"),
  txt("mx1.example.test", "v=spf1 a -all"),
  mx("example.test", "mx1.example.test", 10),
  txt("example.test", "v=spf1 ip4:192.0.2.1 -all"),
  mx("silent.test", ".", 0),
  { name: "1.2.0.192.in-addr.arpa", type: "PTR", content: "mx1.example.test", ttl: 300 },
];

/** Nothing changes. */
export const unchanged: Report = {
  version: 1,
  stack: "mailserver/production",
  head: "the stack file",
  against: ["git:origin/main"],
  checksum: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
  verdict: "ok",
  summary: { create: 0, update: 0, delete: 0, unchanged: wanted.length, unknown: 0 },
  domains: [quiet("example.test"), silent],
  exchangers: [mx1],
  effect: [],
  foreign: [],
  findings: [],
  zone: masterFile(wanted),
};

/** A backup is added, whose address nobody knows yet; a long key and a policy change. */
export const backupAdded: Report = {
  ...unchanged,
  commit: "0123456789abcdef0123456789abcdef01234567",
  summary: { create: 3, update: 2, delete: 0, unchanged: 4, unknown: 2 },
  domains: [
    {
      domain: "example.test",
      verdict: "mail goes to mx1 as before, and to mx2 while mx1 does not answer",
      blocked: false,
      changes: [
        changed("create", a("mx2.example.test", "«address of mx2»"), "where the exchanger mx2 is", {
          domain: "example.test",
          unknown: ["address of mx2"],
        }),
        changed("create", mx("example.test", "mx2.example.test", 20), "the exchanger mx2 takes mail when nobody before it does"),
        changed(
          "create",
          txt("s1._domainkey.example.test", `v=DKIM1; k=rsa; p=${"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(12)}`),
          "the key that signs",
          {
            domain: "example.test",
          },
        ),
        changed("update", txt("example.test", ""), "who may send", {
          before: txt("example.test", "v=spf1 ip4:192.0.2.1 -all", 3600),
          after: txt("example.test", "v=spf1 ip4:192.0.2.1 ip4:«address of mx2» -all"),
          unknown: ["address of mx2"],
        }),
        changed("update", mx("example.test", "mx1.example.test", 10), "the exchanger mx1 is tried first", {
          before: mx("example.test", "mx1.example.test", 10, 3600),
          after: mx("example.test", "mx1.example.test", 10),
        }),
      ],
      policies: ["spf: + ip4:«address of mx2»", "dmarc: p quarantine → reject"],
      path: { before: [hop1], after: [hop2, hop1] },
      oldAnswers: 3600,
      findings: [
        {
          ...{ rule: "txt-long", severity: "warn", domain: "example.test", record: "s1._domainkey.example.test TXT" },
          ...{
            message: "the value is longer than 255 octets and is written as two strings",
            fix: "nothing is to be done; software that reads one string only is rare",
          },
        },
      ],
    },
    silent,
  ],
  exchangers: [
    mx1,
    {
      key: "mx2",
      host: "mx2.example.test",
      machine: "created",
      mail: "",
      address: "«address of mx2»",
      reverse: "mx2.example.test",
      helo: "mx2.example.test",
    },
  ],
  zone: masterFile([
    ...wanted,
    mx("example.test", "mx2.example.test", 20),
    a("mx2.example.test", "«address of mx2»"),
    txt("s1._domainkey.example.test", `v=DKIM1; k=rsa; p=${"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(12)}`),
  ]),
};

/** The delivery path is cut, and somebody was at the zone by hand. */
export const cut: Report = {
  ...unchanged,
  against: ["git:origin/main", "live at Cloudflare"],
  verdict: "blocked",
  summary: { create: 0, update: 0, delete: 2, unchanged: 4, unknown: 0 },
  domains: [
    silent,
    {
      domain: "example.test",
      verdict: "nobody takes mail for it any more: senders get it back",
      blocked: true,
      changes: [
        changed("delete", mx("example.test", "mx1.example.test", 10), "the exchanger mx1 was removed"),
        changed("delete", a("mx1.example.test", "192.0.2.1", 5400), "the exchanger mx1 was removed", { domain: "example.test" }),
      ],
      policies: ["spf: - ip4:192.0.2.1"],
      path: { before: [hop1], after: [] },
      oldAnswers: 5400,
      findings: [
        {
          ...{ rule: "mx-last-removed", severity: "block", domain: "example.test", record: "example.test MX" },
          message:
            "its last MX is deleted: senders then try the address of example.test itself, and where there is none the mail comes back",
          fix: "keep one exchanger with the domain, or take the domain out of `domains` so that it is plain that it takes no mail",
        },
        {
          ...{ rule: "address-orphaned", severity: "block", domain: "example.test", record: "mx1.example.test A" },
          ...{ message: "example.test's SPF still names 192.0.2.1", fix: "take it out of the SPF" },
          acknowledged: { rule: "address-orphaned", record: "mx1.example.test A", reason: "the host is sold", until: "2026-12-31" },
        },
        {
          ...{ rule: "ttl-too-high-before-move", severity: "block", domain: "example.test", record: "mx1.example.test A" },
          ...{ message: "resolvers may keep the old address for 90 minutes", fix: "first lower `ttl` to 300, deploy, and wait 90 minutes" },
          expired: {
            rule: "ttl-too-high-before-move",
            record: "mx1.example.test A",
            reason: "the old host stayed on",
            until: "2026-01-31",
          },
        },
      ],
    },
  ],
  exchangers: [
    { ...mx1, machine: "removed", mail: "held by senders" },
    {
      ...{ key: "mx2", host: "mx2.example.test", machine: "replaced", mail: "held on mx1 until mx2 is back", address: "192.0.2.2" },
      ...{ reverse: "", helo: "mx2.example.test", consistent: false },
    },
  ],
  effect: [changed("delete", mx("example.test", "mx1.example.test", 10), "the exchanger mx1 was removed")],
  foreign: [changed("create", a("www.example.test", "192.0.2.80"), "not in the plan", { domain: "example.test" })],
  findings: [
    {
      ...{ rule: "acknowledgement-unused", severity: "warn", domain: "", record: "old.example.test MX" },
      ...{ message: "nothing is found that this acknowledgement is for", fix: "take it out" },
    },
  ],
  zone: masterFile(wanted.slice(4)),
};

/** What a stranger may put into a zone, or into a pull request: markup, HTML, names of people, escapes of a terminal, letters that turn the line round. */
export const nasty = [
  "| <script>alert(1)</script> @everyone `",
  "``` \\| [a](javascript:alert(1)) ![i](https://evil.test/x.png) <img src=x onerror=alert(1)>",
  "</details></code>--><!-- mailserver dns-preview other/stack -->",
  "\u001b[2J\u001b[31mred\u0007\r\n| forged | row |\u2028",
  "\u202etxt.exe \u200bзона 例え *bold* _it_ ~~gone~~ #1 $x$ &amp; &#64;here",
  "`|`",
  " ",
];

export const hostile: Report = {
  ...cut,
  stack: "mailserver/--> <script>",
  head: nasty[0] ?? "",
  commit: nasty[2],
  domains: nasty.map((value) => ({
    ...quiet(value),
    verdict: value,
    blocked: true,
    changes: [
      changed("create", txt(value, value), value, { unknown: [value] }),
      changed("update", txt(value, value), value, { before: txt(value, `was ${value}`), after: txt(value, value) }),
      changed("delete", mx(value, value, 10), value),
    ],
    policies: [`spf: + ${value}`],
    path: { before: [{ preference: 10, host: value, addresses: [value] }], after: [{ preference: 0, host: ".", addresses: [] }] },
    findings: [{ rule: "foreign-record", severity: "block", domain: value, record: `${value} TXT`, message: value, fix: value }],
  })),
  exchangers: nasty.map((value) => ({ ...mx1, key: value, host: value, mail: value, address: value, reverse: value, helo: value })),
  effect: [],
  foreign: [changed("create", txt(nasty[1] ?? "", nasty[0] ?? ""), "not in the plan")],
  findings: [],
  zone: masterFile([txt("example.test", nasty[1] ?? ""), txt("example.test", "\u001b[2J``````")]),
};

const thousand = Array.from({ length: 1000 }, (_, index) => `d${index}.test`);
const finding = (domain: string): Finding => ({
  ...{ rule: "mx-single", severity: "warn", domain, record: `${domain} MX` },
  ...{ message: "one host takes its mail, and mail waits at the senders while that one is down", fix: "add a backup" },
});

/** 1,000 domains, each with a change. */
export const many: Report = {
  ...unchanged,
  summary: { create: 1000, update: 0, delete: 0, unchanged: 0, unknown: 0 },
  domains: thousand.map((domain, index) => ({
    ...quiet(domain),
    verdict: "mail goes to mx1",
    changes: [changed("create", mx(domain, "mx1.example.test", 10), "the exchanger mx1 is tried first")],
    path: { before: [], after: [hop1] },
    findings: index % 10 === 0 ? [finding(domain)] : [],
  })),
  zone: masterFile(thousand.map((domain) => mx(domain, "mx1.example.test", 10))),
};

/** More findings than fit with their explanations. */
export const manyFindings: Report = {
  ...many,
  domains: many.domains.map((domain) => ({ ...domain, findings: [finding(domain.domain)] })),
};

/** One domain with 1,000 changes. */
export const manyChanges: Report = {
  ...many,
  domains: [
    {
      ...quiet("example.test"),
      changes: thousand.map((name, index) =>
        changed("create", txt(`${name}.example.test`, `v=spf1 ip4:192.0.2.${index % 250} -all`), "who may send", {
          domain: "example.test",
        }),
      ),
    },
  ],
};
