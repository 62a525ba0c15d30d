/** `adoptRecords`: a zone that is full of a former provider's records, by the real engine. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import type { DnsRecord } from "../../lab/cloud/state";
import { changeState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";

const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as {
  config: { "mailserver:domains": { name: string; adoptRecords?: boolean }[]; [key: string]: unknown };
};
const domain = config["mailserver:domains"].find(({ name }) => name === "club.test")!;
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.adoption.yaml");
const write = (adoptRecords: boolean): void => {
  domain.adoptRecords = adoptRecords;
  writeFileSync(stackFile, stringify({ config: { "mailserver:protect": false, ...config } }));
};
write(true);
const engine = engineOn({ project: "mailserver", stackFile });
after(() => engine.destroy());

const held = {
  spf: { name: "club.test", type: "TXT", content: '"v=spf1 include:_spf.former.test ~all"', comment: "Former provider" },
  dmarc: { name: "_dmarc.club.test", type: "TXT", content: '"v=DMARC1; p=reject"' },
  mx: { name: "club.test", type: "MX", content: "mx.former.test", priority: 5 },
  site: { name: "club.test", type: "TXT", content: '"site-verification=1"' },
  web: { name: "club.test", type: "A", content: "192.0.2.80" },
} as const satisfies { readonly [key: string]: Partial<DnsRecord> };
const idOf = (key: string): string => Buffer.from(key.padEnd(16, ".")).toString("hex");
const hold = (key: string, record: Partial<DnsRecord>): Promise<void> =>
  changeState(engine.lab, (state) => {
    const zoneId = Object.values(state.zones).find(({ name }) => name === "club.test")?.id ?? "";
    const times = { createdOn: "2020-01-01T00:00:00Z", modifiedOn: "2020-01-01T00:00:00Z" };
    state.records[idOf(key)] = { id: idOf(key), zoneId, name: "", type: "", ttl: 3600, proxied: false, ...times, ...record };
  });
const contentOf = (key: string): string | undefined => engine.cloud().records[idOf(key)]?.content;

test("two records that could be the one are both named, and nothing is made", async () => {
  await engine.preview();
  for (const [key, record] of Object.entries(held)) await hold(key, record);
  await hold("second", { ...held.spf, content: '"v=spf1 mx -all"', comment: "" });
  const output = (await engine.failing("preview")).replace(/\s+/g, " ");
  assert.match(
    output,
    /adoptRecords: there are 2 records club\.test TXT .*_spf\.former\.test ~all" \("Former provider"\).*v=spf1 mx -all.* take out all but one/,
  );
  assert.ok(!/ at \S+ \(/.test(output), output);
  await changeState(engine.lab, (state) => void delete state.records[idOf("second")]);
});

test("what is there is taken over as it is; what is somebody else's is not touched", async () => {
  const steps = await engine.preview();
  const imported = steps.filter(({ op }) => op === "import").map(({ name }) => name);
  assert.deepEqual(imported.sort(), ["mail-club.test-dmarc", "mail-club.test-spf"]);
  await engine.up();
  for (const [key, { content }] of Object.entries(held)) assert.equal(contentOf(key), content, key);
  const all = Object.values(engine.cloud().records);
  assert.equal(all.filter(({ name, type }) => name === "_dmarc.club.test" && type === "TXT").length, 1);
  assert.equal(all.filter(({ name, type, content }) => name === "club.test" && type === "TXT" && content?.startsWith('"v=spf1')).length, 1);
  assert.ok(all.some(({ name, type, content }) => name === "club.test" && type === "MX" && content === "mx1.example.test"));
});

test("it is for one deployment, and says so", async () => {
  assert.match(
    (await engine.failing("preview")).replace(/\s+/g, " "),
    /adoptRecords: club\.test MX is a record of a mail system like this one already; take adoptRecords out/,
  );
});

test("without it the next preview shows what becomes of them, and up brings it about in the same records", async () => {
  write(false);
  const changed = (await engine.preview()).filter(({ type }) => type.startsWith("cloudflare:"));
  assert.deepEqual(changed.map(({ op, name }) => `${op} ${name}`).sort(), ["update mail-club.test-dmarc", "update mail-club.test-spf"]);
  await engine.up();
  assert.match(contentOf("spf") ?? "", /^"v=spf1 ip4:\S+ -all"$/);
  assert.equal(contentOf("dmarc"), '"v=DMARC1; p=none"');
  for (const key of ["mx", "site", "web"] as const) assert.equal(contentOf(key), held[key].content);
  assert.deepEqual(await engine.preview(), []);
  await engine.destroy();
  assert.deepEqual(Object.keys(engine.cloud().records).sort(), ["mx", "site", "web"].map(idOf).sort());
});
