import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adoption, type HeldRecord } from "../../dns/adoption";
import type { PlannedRecord } from "../../dns/record";
import { domainRecords } from "../../dns/records";
import { domain, planOf } from "./plan-verdicts";

const plan = planOf(domain({ dkim: { s1: {} } }));
const planned: readonly PlannedRecord[] = domainRecords(plan, plan.domains[0]);
const held = (type: string, name: string, content: string, more: Partial<HeldRecord> = {}): HeldRecord => ({
  id: `${name} ${type} ${content}`,
  type,
  name,
  content,
  ttl: 1,
  comment: "",
  ...more,
});
const adopted = (...records: HeldRecord[]): { readonly [key: string]: string } => {
  const result = adoption(planned, records);
  assert.ok("ids" in result, JSON.stringify(result));
  return Object.fromEntries(result.ids);
};
const refused = (...records: HeldRecord[]): string => {
  const result = adoption(planned, records);
  return "problem" in result ? result.problem : "";
};

describe("which record of a zone is a planned one", () => {
  it("follows from name, type and purpose, not from what it says", () => {
    const spf = held("TXT", "example.test", '"v=spf1 mx ~all"');
    const dkim = held("TXT", "s1._domainkey.example.test", '"p=AAAA"');
    const mx = held("MX", "example.test", "mx2.example.test", { priority: 99 });
    const srv = held("SRV", "_imaps._tcp.example.test", "1 993 mail.former.test");
    assert.deepEqual(adopted(spf, dkim, mx, srv), { spf: spf.id, "dkim-s1": dkim.id, "mx-mx2": mx.id, "srv-imaps": srv.id });
  });

  it("is none of others' at the same name", () => {
    assert.deepEqual(
      adopted(
        held("TXT", "example.test", '"site-verification=1"'),
        held("MX", "example.test", "mx.former.test"),
        held("A", "example.test", "192.0.2.80"),
        held("TXT", "other.test", '"v=spf1 -all"'),
        held("TXT", "_dmarc.sub.example.test", '"v=DMARC1; p=none"'),
      ),
      {},
    );
  });

  it("cannot be said of two, and is not asked of what a mail system has made", () => {
    const spf = held("TXT", "example.test", '"v=spf1 mx ~all"', { comment: "By hand" });
    assert.match(
      refused(spf, held("TXT", "example.test", '"v=spf1 -all"')),
      /2 records example\.test TXT .*"v=spf1 mx ~all" \("By hand"\) and "v=spf1 -all"; take out/,
    );
    assert.match(
      refused({ ...spf, comment: "Only the primary sends as this domain" }),
      /is a record of a mail system like this one already/,
    );
  });
});
