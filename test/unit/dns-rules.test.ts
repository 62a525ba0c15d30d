import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rulesPage } from "../../docs/dns-rules";
import { rules } from "../../dns/rules/rules";
import { findings } from "../rules/case";
import { cases } from "../rules/cases";

for (const rule of rules) {
  describe(`rule ${rule.id}`, () => {
    const own = cases.filter((one) => one.rule === rule.id);

    it("has a change that it sees and one that it does not", () => {
      assert.ok(own.some(({ finds }) => finds !== undefined));
      assert.ok(own.some(({ finds }) => finds === undefined));
    });

    for (const one of own) {
      it(`${one.finds === undefined ? "lets pass" : "sees"}: ${one.what}`, () => {
        const found = findings(one, rule);
        assert.equal(found.map(({ record }) => record).join(", ") || undefined, one.finds, JSON.stringify(found, undefined, 1));
        for (const { message, fix, domain } of found) {
          assert.match(message, /^[^\n]+\.$/);
          assert.match(fix, /^[A-Z][^\n]+\.$/);
          assert.doesNotMatch(`${message} ${fix}`, /undefined|NaN|\[object/);
          assert.match(domain, /^$|\.test$/);
        }
      });
    }
  });
}

describe("the rules", () => {
  it("have each an id of its own, and say what, why and from where", () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const { id, summary, reason, source } of rules) {
      assert.match(id, /^[a-z]+(-[a-z]+)+$/);
      assert.match(summary, /^[A-Z][^\n]*[^.]$/, id);
      assert.match(reason, /^[^\n]+\.$/, id);
      assert.match(source, /RFC \d{3,4}|https:\/\//, id);
    }
  });

  it("are all those of the cases", () => {
    const ids = new Set(rules.map(({ id }) => id));
    for (const { rule } of cases) assert.ok(ids.has(rule), rule);
  });
});

it("docs/dns-rules.md has every rule", () => {
  assert.equal(readFileSync(join(__dirname, "../../docs/dns-rules.md"), "utf8"), rulesPage(), "run: node --import tsx docs/dns-rules.ts");
});
