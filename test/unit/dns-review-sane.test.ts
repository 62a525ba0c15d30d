import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { review } from "../../dns/review/review";
import { planSide, type Side } from "../../dns/review/side";
import type { MailPlan } from "../../plan/types";
import { kinds, operation } from "../generated/operations";
import { planOf } from "./plan-verdicts";

const settings = { acknowledge: [], severities: [] };
const day = "2026-11-24";

/** Each exchanger has an address and keys of its own, whatever it is called. */
const factsOf = ({ exchangers, domains }: MailPlan): Map<string, string> =>
  new Map([
    ...exchangers.flatMap(({ key }, index) => [
      [`address of ${key}`, `198.51.100.${index + 1}`] as const,
      [`TLS key of ${key}`, index.toString(16).padStart(64, "0")] as const,
    ]),
    ...domains.flatMap(({ name, policies }) =>
      policies.dkim.map(({ selector }) => [`DKIM key of selector ${selector} for ${name}`, "QUJD"] as const),
    ),
  ]);

/** What is published when a plan has been deployed, among what others have in the same zones. */
function published(plan: MailPlan, hasComments: boolean): Side {
  const zones = [...new Set([plan.hostZone.name, ...[...plan.domains, ...plan.parkedDomains].map(({ zone }) => zone.name)])];
  const own = planSide("live", plan, factsOf(plan)).records.filter(({ type }) => type !== "PTR");
  const others = zones.flatMap((zone) => [
    { name: zone, type: "TXT", content: '"site-verification=1"', ttl: 3600, comment: "" },
    { name: `www.${zone}`, type: "A", content: "203.0.113.80", ttl: 3600, comment: "", proxied: true },
    { name: `shop.${zone}`, type: "CNAME", content: "shop.provider.test", ttl: 3600, comment: "Shop" },
    { name: `shop.${zone}`, type: "MX", content: "mx.provider.test", priority: 1, ttl: 3600, comment: "Shop" },
  ]);
  const records = [...own, ...others].map(({ comment, ...record }) =>
    hasComments && comment !== undefined ? { ...record, comment } : record,
  );
  return { label: "live", kind: "zone", zones, records };
}

describe("what an operator changes", () => {
  it("is not blocked, whatever it is compared with", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        operation(),
        fc.constantFrom("plan", "plan and zone", "zone", "zone with comments", "nothing"),
        ({ what, before, after }, against) => {
          seen.add(what);
          const old = planOf(before);
          const git = planSide("git:main", old);
          const sides: { readonly [against: string]: readonly [Side, ...Side[]] } = {
            plan: [git],
            "plan and zone": [git, published(old, false)],
            zone: [published(old, false)],
            "zone with comments": [published(old, true)],
            nothing: [{ label: "nothing", kind: "plan", records: [] }],
          };
          const report = review({
            stack: "mailserver/test",
            head: planSide("the stack file", planOf(after)),
            against: sides[against] ?? [git],
            settings,
            day,
          });
          const found = [...report.findings, ...report.domains.flatMap(({ findings }) => findings)];
          assert.deepEqual(
            found.filter(({ severity }) => severity === "block"),
            [],
            `${what}, against ${against}`,
          );
          assert.equal(report.verdict, "ok");
          assert.deepEqual(report.foreign, []);
          if (what === "nothing" && against !== "nothing")
            assert.deepEqual(
              report.domains.flatMap(({ changes }) => changes),
              [],
            );
        },
      ),
      { numRuns: 1000 },
    );
    assert.deepEqual([...seen].sort(), [...kinds].sort());
  });
});
