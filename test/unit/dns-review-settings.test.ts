import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAllowed, readSettings } from "../../dns/review/read-settings";
import { assertForm } from "../generated/verdict";

const acknowledgement = { rule: "mx-last-removed", record: "club.test MX", reason: "the club has closed", until: "2026-12-31" };
const severity = { rule: "dmarc-none", domain: "bücher.test", severity: "block", reason: "a year of reports" };

function problems(value: unknown): string[] {
  const parsed = readSettings(value);
  assert.ok(!parsed.ok, "nothing was found wrong");
  parsed.problems.forEach((problem) => assertForm({ ...problem, path: problem.path.replace("mailserver-review", "review") }));
  return parsed.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("what a stack file says about the review", () => {
  it("is nothing, or acknowledgements and severities", () => {
    assert.deepEqual(readSettings({}), { ok: true, value: { acknowledge: [], severities: [] } });
    assert.deepEqual(readSettings({ acknowledge: [acknowledgement], severity: [severity] }), {
      ok: true,
      value: { acknowledge: [acknowledgement], severities: [{ ...severity, domain: "xn--bcher-kva.test" }] },
    });
  });

  it("has a day as Pulumi rewrites it", () => {
    for (const until of ["2026-12-31 00:00:00 +0000 UTC", "2026-12-31T00:00:00Z"]) {
      const parsed = readSettings({ acknowledge: [{ ...acknowledgement, until }] });
      assert.ok(parsed.ok);
      assert.equal(parsed.value.acknowledge[0]?.until, "2026-12-31");
    }
  });

  it("is refused with all that is wrong", () => {
    const wrong = {
      acknowledge: [
        { rule: "mx-last-remove", record: "club.test", reason: " ", until: "2026-02-30" },
        { rule: "mx-last-removed", record: "club.test mx", reason: "r" },
      ],
      severity: [{ rule: "no-such-thing", domain: "a_b", severity: "error", reason: "" }],
      acknowledged: [],
    };
    assert.deepEqual(problems(wrong), [
      'mailserver-review.acknowledged: There is no property "acknowledged"; did you mean "acknowledge"?',
      'mailserver-review.acknowledge[0].rule: "mx-last-remove" is no rule; did you mean "mx-last-removed"?',
      'mailserver-review.acknowledge[0].record: "club.test" is no record; give its name and its type as the finding has them, such as "example.org MX".',
      "mailserver-review.acknowledge[0].reason: The reason is empty; say why the danger is none, or is taken on.",
      'mailserver-review.acknowledge[0].until: "2026-02-30" is no day; write year, month and day, such as "2026-12-31".',
      'mailserver-review.acknowledge[1].record: "club.test mx" is no record; give its name and its type as the finding has them, such as "example.org MX".',
      "mailserver-review.acknowledge[1].until: Missing; give the last day, such as 2026-12-31.",
      'mailserver-review.severity[0].rule: "no-such-thing" is no rule; mailserver dns rules lists them.',
      'mailserver-review.severity[0].domain: "a_b" is no domain: "_" cannot stand in one; use letters, digits and "-" in labels with dots between them, such as example.org.',
      'mailserver-review.severity[0].severity: "error" is no severity; write "block" or "warn".',
      "mailserver-review.severity[0].reason: The reason is empty; say why the rule weighs otherwise there.",
    ]);
  });

  it("is refused whatever else it is", () => {
    for (const value of [null, [], "x", { acknowledge: {} }, { acknowledge: [null, 1, [], {}] }, { severity: [{ severity: 3 }] }])
      problems(value);
  });
});

describe("--allow", () => {
  it("is an acknowledgement for today", () => {
    assert.deepEqual(readAllowed(["mx-last-removed=club.test MX", "mass-delete=* *"], "2026-11-24"), {
      ok: true,
      value: [
        { rule: "mx-last-removed", record: "club.test MX", reason: "allowed on the command line", until: "2026-11-24" },
        { rule: "mass-delete", record: "* *", reason: "allowed on the command line", until: "2026-11-24" },
      ],
    });
  });

  it("is refused where it names no rule or no record", () => {
    for (const text of ["mx-last-removed", "mx-last=club.test MX", "mx-last-removed=club.test", ""])
      assert.equal(readAllowed([text], "2026-11-24").ok, false, text);
  });
});
