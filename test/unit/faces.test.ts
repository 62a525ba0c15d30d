import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import Ajv, { type AnySchemaObject } from "ajv";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import wrapAnsi from "wrap-ansi";
import { code, prose, text } from "../../dns/faces/escape-markdown";
import { json } from "../../dns/faces/json";
import { budget, failureMarkdown, markdown, marker } from "../../dns/faces/markdown";
import { deliveryDiagram } from "../../dns/faces/mermaid";
import { terminal } from "../../dns/faces/terminal";
import { visible } from "../../dns/faces/visible";
import { zoneFiles } from "../../dns/faces/zone";
import { reportSchemaFile, reportSchemaText } from "../../docs/report-schema";
import type { Report } from "../../dns/review/report";
import { quotedStrings } from "../../dns/text";
import { masterFile } from "../../dns/zone-file";
import { assertGolden } from "../golden/golden";
import { backupAdded, cut, hostile, many, manyChanges, manyFindings, nasty, unchanged } from "../golden/reports";

const reports: Record<string, Report> = { unchanged, "backup-added": backupAdded, cut, hostile };
const everyReport = { ...reports, many, manyChanges, manyFindings };
const html = (source: string): string => micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
/** What a person reads where a page has this text. */
const read = (page: string): string =>
  page.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name] ?? "");

describe("faces of a report, as a reviewer finds them in test/golden/faces", () => {
  for (const [name, report] of Object.entries(reports)) {
    it(name, () => {
      assertGolden(`faces/${name}.terminal.txt`, terminal(report, { width: 100, colour: false }));
      assertGolden(`faces/${name}.md`, markdown(report));
      assertGolden(`faces/${name}.json`, json(report));
      assertGolden(`faces/${name}.mmd`, deliveryDiagram(report.domains));
      // No domain of a plan is called as the hostile ones are.
      if (report === hostile) return;
      const zones = [...zoneFiles(report)].map(([zone, file]) => `;; ${zone}\n${file}`);
      assertGolden(`faces/${name}.zone`, zones.join(""));
    });
  }
  it("no report", () => {
    assertGolden(
      "faces/failure.md",
      failureMarkdown("mailserver/production", ["domains[0].name: `exa mple.test` is not a domain name", ...nasty]),
    );
  });
});

describe("terminal", () => {
  for (const width of [40, 57, 80, 200]) {
    it(`fills no more than ${width} columns and leaves nothing out`, () => {
      for (const [name, report] of Object.entries(everyReport)) {
        const shown = terminal(report, { width, colour: false });
        for (const line of shown.split("\n")) {
          if (line.endsWith(report.checksum)) continue;
          assert.equal(wrapAnsi(line, width, { hard: true, trim: false }), line, `${name} at ${width}`);
        }
        const together = shown.replace(/\s/g, "");
        for (const { changes, findings, policies } of report.domains) {
          for (const { before, after } of changes) {
            for (const { content } of [before, after].flatMap((each) => each ?? []))
              assert.ok(together.includes(visible(content).replace(/\s/g, "")));
          }
          for (const { message, fix } of findings)
            assert.ok([message, fix].every((each) => together.includes(visible(each).replace(/\s/g, ""))));
          for (const policy of policies) assert.ok(together.includes(visible(policy).replace(/\s/g, "")));
        }
      }
    });
  }

  it("counts wide letters as two columns", () => {
    const wide = { ...unchanged, head: "設".repeat(30) };
    const line = terminal(wide, { width: 40, colour: false })
      .split("\n")
      .find((each) => each.startsWith("設"));
    assert.equal(line, "設".repeat(20));
  });

  it("is coloured only when asked, and says the same", () => {
    for (const report of Object.values(reports)) {
      const [plain, coloured] = [false, true].map((colour) => terminal(report, { width: 80, colour }));
      assert.doesNotMatch(plain ?? "", /\p{Cc}(?<!\n)/u);
      assert.match(coloured ?? "", /\p{Cc}\[\d+m/u);
      assert.equal(stripVTControlCharacters(coloured ?? ""), plain);
    }
  });
});

describe("markdown", () => {
  it("begins with the stack's marker, then the verdict and the counts", () => {
    const [first, second] = markdown(cut).split("\n");
    assert.equal(first, "<!-- mailserver dns-preview mailserver/production -->");
    assert.match(second ?? "", /blocked.*0 created, 0 changed, 2 deleted, 4 unchanged/);
  });

  it("a stack's name cannot end the marker", () => {
    for (const stack of ["a/-->b", "a/--!>b", "a/>", "a/->b", "a/\nb"])
      assert.match(marker(stack), /^<!-- (?:(?!--|[>\n]).)* -->$/u, stack);
  });

  it("shows every hostile value as it is, and no markup comes of one", () => {
    const page = html(markdown(hostile));
    const tags = [...page.matchAll(/<\/?([a-z]+\d?)[^>]*>/gi)].map(([tag, name]) => [name, tag] as const);
    const ours = ["p", "br", "strong", "code", "ul", "li", "h4", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre"];
    assert.deepEqual(
      [...new Set(tags.map(([name]) => name))].filter((name) => !ours.includes(name ?? "")),
      [],
    );
    for (const value of nasty.map(visible)) {
      assert.ok(read(page.replaceAll("\u200b", "")).includes(value), value);
    }
    assert.equal(page.match(/<table>/g)?.length, 1 + hostile.domains.length + 1);
    for (const [row] of page.matchAll(/<tr>.*?<\/tr>/gs)) assert.ok([5, 6].includes(row.match(/<t[dh]/g)?.length ?? 0), row);
  });

  it("code and text are read as what they were, in a cell too", () => {
    const cell = (value: string): string => html(`| a |\n| --- |\n| ${value} |\n`).replace(/^.*<td>|<\/td>.*$/gs, "");
    for (const value of [...nasty, "a|b\\|c", "\\|", "``", " `a` ", "a  b", "@a/b", "x@example.test"]) {
      assert.equal(read(html(code(value))).replace(/\n$/, ""), visible(value));
      assert.equal(read(cell(code(value))), visible(value));
      if (value.trim() !== value) continue;
      assert.equal(read(cell(prose(value))).replaceAll("\u200b", ""), visible(value).replace(/`([^`]+)`/g, "$1"));
      assert.equal(
        read(html(text(value)))
          .replaceAll("\u200b", "")
          .replace(/\n$/, ""),
        visible(value),
      );
      assert.equal(read(cell(text(value))).replaceAll("\u200b", ""), visible(value));
    }
  });

  it("calls nobody: outside of code no name follows an @", () => {
    for (const source of [markdown(hostile), failureMarkdown("a/b", nasty)]) {
      const page = html(source).replace(/<(code|pre)[^>]*>.*?<\/\1>/gs, "");
      assert.match(page, /@/);
      assert.doesNotMatch(page, /@[a-z]|#\d/i);
    }
  });

  it("stays below GitHub's limit and says what it left out; no finding is", () => {
    for (const [name, report] of Object.entries(everyReport)) {
      const source = markdown(report);
      assert.ok(source.length <= budget, `${name}: ${source.length}`);
      for (const { findings } of report.domains) {
        for (const { rule, record } of findings) assert.ok(source.includes(`${code(rule)}, ${code(record)}`), record);
      }
      assert.ok(source.includes(report.checksum));
      assert.equal(source.includes("Left out"), !(name in reports), name);
    }
    assert.match(markdown(many), /Left out, as it is too long for a comment: .*changes; .*every record that is wanted/);
    assert.doesNotMatch(markdown(many), /<details>/);
    const kept = markdown(manyChanges).match(/^\| `\+` \|/gm)?.length ?? 0;
    assert.ok(kept > 300);
    assert.match(markdown(manyChanges), new RegExp(`: ${1000 - kept} changes;`));
  });

  it("findings that are too many even for their names are counted by rule", () => {
    const [first] = manyFindings.domains;
    assert.ok(first);
    const source = markdown({ ...many, domains: Array.from({ length: 5000 }, () => ({ ...first, findings: first.findings })) });
    assert.ok(source.length <= budget);
    assert.match(source, /`mx-single`, 5000 records/);
  });

  it("a failure with a thousand problems fits too", () => {
    const source = failureMarkdown(
      "a/b",
      Array.from({ length: 1000 }, (_, index) => `problem ${index} `.repeat(10)),
    );
    assert.ok(source.length <= budget);
    assert.match(source, /and \d+ more, which the log has/);
    assert.equal(source.split("\n")[0], marker("a/b"));
  });
});

describe("JSON", () => {
  const schema = JSON.parse(readFileSync(reportSchemaFile, "utf8")) as AnySchemaObject;
  const validate = new Ajv({ allErrors: true }).compile(schema);

  it("the published schema is the one of the types", () => {
    assert.equal(readFileSync(reportSchemaFile, "utf8"), reportSchemaText(), "if the change is meant, run: npx tsx docs/report-schema.ts");
  });

  it("every report is as the schema says", () => {
    for (const [name, report] of Object.entries(everyReport)) {
      assert.ok(validate(JSON.parse(json(report))), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  });

  it("a report that lacks a part or has another form is not", () => {
    const whole = JSON.parse(json(cut)) as Record<string, unknown>;
    for (const part of Object.keys(whole)) {
      const { [part]: taken, ...rest } = whole;
      assert.notEqual(taken, undefined);
      assert.equal(validate(rest), false, part);
    }
    for (const other of [{ version: 2 }, { verdict: "maybe" }, { summary: { create: "1" } }, { domains: [{}] }]) {
      assert.equal(validate({ ...whole, ...other }), false, JSON.stringify(other));
    }
  });
});

describe("zone files", () => {
  it("what is not known is a comment", () => {
    assert.match(masterFile([{ name: "mx2.example.test", type: "A", content: "«address of mx2»", ttl: 300 }]), /^; not known yet: mx2/);
  });

  it("a value stays on its line, whatever is in it", () => {
    const lines = masterFile(nasty.map((value) => ({ name: "example.test", type: "TXT", content: quotedStrings(value), ttl: 60 })));
    assert.equal(lines.split("\n").length, nasty.length + 1);
    for (const line of lines.trimEnd().split("\n")) assert.match(line, /^example\.test\. 60 IN TXT "[ -~]*"$/);
  });

  it("hosts end in a dot, other octets than ASCII are numbers", () => {
    const records = [
      { name: "a.test", type: "MX", content: "mx.a.test", priority: 10, ttl: 60 },
      { name: "b.test", type: "MX", content: ".", priority: 0, ttl: 60 },
      { name: "_imaps._tcp.a.test", type: "SRV", content: "0 1 993 mx.a.test", ttl: 60 },
      { name: "a.test", type: "TXT", content: '"é\u0007"', ttl: 60 },
    ];
    assert.deepEqual(masterFile(records).trimEnd().split("\n"), [
      "_imaps._tcp.a.test. 60 IN SRV 0 1 993 mx.a.test.",
      "a.test. 60 IN MX 10 mx.a.test.",
      'a.test. 60 IN TXT "\\195\\169\\007"',
      "b.test. 60 IN MX 0 .",
    ]);
  });

  it("one for each zone, a domain below another in that one's", () => {
    const sub = {
      ...unchanged,
      domains: ["sub.example.test", "example.test", "example.net"].map((domain) => ({ ...unchanged.domains[0]!, domain })),
    };
    assert.deepEqual([...zoneFiles(sub).keys()].sort(), ["example.net", "example.test"]);
  });
});
