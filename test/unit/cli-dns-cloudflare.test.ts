import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { readZones } from "../../cli/dns/sources/cloudflare-api";
import { fromCloudflare } from "../../cli/dns/sources/cloudflare-record";
import type { Report } from "../../dns/review/report";
import { planSide, type SourceRecord } from "../../dns/review/side";
import { CloudflareApi, TOKEN, type ApiRecord } from "../cli/cloudflare-api";
import { mailserver, type Ended } from "../cli/mailserver";
import { MailProject } from "../cli/mail-project";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
]);
let id = 0;
const asApi = ({ name, type, content, ttl, priority, comment }: SourceRecord): ApiRecord => ({
  id: (id += 1).toString(16).padStart(32, "0"),
  name,
  type,
  content,
  ttl,
  proxied: false,
  comment: comment ?? null,
  ...(priority === undefined ? {} : { priority }),
});

describe("records at Cloudflare", () => {
  let api: CloudflareApi;
  let url: string;
  let project: MailProject;
  before(() => (project = new MailProject()));
  after(() => project.remove());
  beforeEach(async () => {
    api = new CloudflareApi();
    url = await api.start();
    const { records } = planSide("", planOf(twoExchangers), addresses);
    for (const [zone, letter] of [
      ["example.test", "a"],
      ["club.test", "c"],
    ] as const) {
      const own = records.filter(({ name, type }) => type !== "PTR" && (name === zone || name.endsWith(`.${zone}`)));
      api.zones.set(zone, { id: letter.repeat(32), records: own.map(asApi) });
    }
  });
  afterEach(() => api.stop());

  const preview = (...args: string[]): Promise<Ended> =>
    mailserver(["dns", "preview", "--against", "live", "--format", "json", ...args], {
      cwd: project.folder,
      env: { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: url },
    });

  it("are what was deployed, page by page, and nothing but GET is asked", async () => {
    api.pageSize = 2;
    const ended = await preview("--expect-no-changes");
    assert.equal(ended.code, 0, ended.stderr);
    const { summary, against } = JSON.parse(ended.stdout) as Report;
    assert.equal(summary.unchanged, planSide("", planOf(twoExchangers)).records.length);
    assert.deepEqual(against, ["live at Cloudflare"]);
    assert.ok(api.requests.every((request) => request.startsWith("GET ")));
    assert.ok(api.requests.filter((request) => request.includes("dns_records")).length >= 5);
    assert.match(ended.stderr, /asking Cloudflare for the records of/);
  });

  it("show what somebody has changed by hand", async () => {
    const zone = api.zones.get("club.test");
    const index = zone?.records.findIndex(({ type, priority }) => type === "MX" && priority === 20) ?? -1;
    zone?.records.splice(index, 1);
    const ended = await preview("--expect-no-changes");
    assert.equal(ended.code, 3, ended.stderr);
    const { domains } = JSON.parse(ended.stdout) as Report;
    assert.deepEqual(
      domains.flatMap(({ changes }) => changes).map(({ op, name, type }) => [op, name, type]),
      [["create", "club.test", "MX"]],
    );
  });

  it("are waited for as long as the API asks", async () => {
    api.throttled = 2;
    const started = Date.now();
    const ended = await preview();
    assert.equal(ended.code, 0, ended.stderr);
    assert.ok(Date.now() - started >= 2000);
    assert.match(ended.stderr, /rate limit is reached; waiting 1 s/);
  });

  for (const [what, set, says] of [
    ["turns everything away", () => (api.throttled = 1000), /answered 429 \(971: Please wait/],
    [
      "errs",
      () => (api.broken = { status: 400, body: { success: false, errors: [{ code: 7003, message: "Could not route" }] } }),
      /answered 400 \(7003: Could not route\)/,
    ],
    [
      "answers what is no JSON of the API",
      () => (api.broken = { status: 403, body: "<html>" }),
      /answered 403; the token needs Zone: Read and DNS: Read/,
    ],
    ["gives fewer records than there are", () => (api.forgets = 1), /there are 2 zones, and gave 1; they changed meanwhile, run it again/],
  ] as const) {
    it(`are not known where the API ${what}, and no part is shown as the whole`, async () => {
      api.retryAfter = 0;
      set();
      const { code, stdout, stderr } = await preview();
      assert.equal(code, 1, stderr);
      assert.match(stderr, says);
      assert.equal(stdout, "");
      assert.doesNotMatch(stderr, /\n\s+at |canary/);
    });
  }

  it("are not known to a token that may not read them", async () => {
    const env = { CLOUDFLARE_API_TOKEN: "canary-of-somebody-else", CLOUDFLARE_BASE_URL: url };
    const { code, stderr } = await mailserver(["dns", "preview", "--against", "live"], { cwd: project.folder, env });
    assert.equal(code, 1);
    assert.match(stderr, /answered 403 \(9109: Invalid access token\); the token needs/);
    assert.doesNotMatch(stderr, /canary/);
  });

  it("are not known where a zone is missing", async () => {
    api.zones.delete("club.test");
    const { code, stderr } = await preview();
    assert.equal(code, 2);
    assert.match(stderr, /the API token can read no zone that club\.test \(and \d+ more names\) is in; give it Zone: Read/);
  });

  it("are not waited for without an end", async () => {
    api.silent = true;
    const { CLOUDFLARE_API_TOKEN, CLOUDFLARE_BASE_URL } = process.env;
    Object.assign(process.env, { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: url });
    try {
      const asked = readZones({ choose: (zones) => zones, askSigned: () => false, say: () => {}, timeout: 20 });
      await assert.rejects(asked, /did not answer in time/);
    } finally {
      Object.assign(process.env, { CLOUDFLARE_API_TOKEN: CLOUDFLARE_API_TOKEN ?? "", CLOUDFLARE_BASE_URL: CLOUDFLARE_BASE_URL ?? "" });
    }
  });

  it("cannot be asked where nobody listens", async () => {
    const env = { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: "http://127.0.0.1:1/client/v4" };
    const { code, stderr } = await mailserver(["dns", "preview", "--against", "live"], { cwd: project.folder, env });
    assert.equal(code, 1);
    assert.match(stderr, /Cloudflare's API could not be reached: /);
  });
});

describe("a record of Cloudflare", () => {
  const content = (record: object): string => fromCloudflare({ name: "example.test", ttl: 1, ...record }, "x").content;

  it("has automatic TTL as seconds, and says whether it is proxied", () => {
    const { ttl, proxied } = fromCloudflare({ name: "example.test", type: "A", content: "192.0.2.1", ttl: 1, proxied: true }, "x");
    assert.deepEqual({ ttl, proxied }, { ttl: 300, proxied: true });
  });

  it("is in the form of all sources, whether by content or by fields, of the API or of the provider", () => {
    assert.equal(content({ type: "TXT", content: "v=spf1 -all" }), '"v=spf1 -all"');
    assert.equal(content({ type: "TXT", content: '"v=spf1 " "-all"' }), '"v=spf1 -all"');
    assert.equal(content({ type: "MX", content: "MX1.example.test", priority: 10 }), "mx1.example.test");
    assert.equal(content({ type: "MX", content: ".", priority: 0 }), ".");
    assert.equal(
      content({ type: "SRV", data: { priority: 0, weight: 1, port: 465, target: "mx1.example.test" } }),
      "0 1 465 mx1.example.test",
    );
    assert.equal(content({ type: "CAA", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } }), '0 issue "letsencrypt.org"');
    const tlsa = { usage: 3, selector: 1, certificate: "ABCD" };
    assert.equal(content({ type: "TLSA", data: { ...tlsa, matching_type: 1 } }), "3 1 1 abcd");
    assert.equal(content({ type: "TLSA", data: { ...tlsa, matchingType: 1 } }), "3 1 1 abcd");
    assert.equal(content({ type: "AAAA", content: "2001:DB8::0:1" }), "2001:db8::1");
    assert.equal(content({ type: "A" }), "«x»");
  });
});
