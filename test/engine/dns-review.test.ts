/** What the commands of DNS read of the real engine, and what it reads of them. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import type { ImportFile } from "../../cli/dns/import-file";
import type { Report } from "../../dns/review/report";
import type { DnsRecord } from "../../lab/cloud/state";
import { changeState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";
import { besideCloudflare } from "../cli/beside-cloudflare";
import { mailserver, type Ended } from "../cli/mailserver";

const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as { config: { [key: string]: unknown } };
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.dns.yaml");
const write = (changes: object = {}): void =>
  writeFileSync(stackFile, stringify({ config: { "mailserver:protect": false, ...config, ...changes } }));
write();
const engine = engineOn({ project: "mailserver", stackFile });
after(() => engine.destroy());
const files = join(process.env.MAILSERVER_LAB_ROOT ?? "", "files");

/** The stack's file with the operator's keys in it, as the engine was given it last. */
function composed(): string {
  const name = readdirSync(engine.lab.dir).find((file) => /^Pulumi\..*\.yaml$/.test(file));
  assert.ok(name !== undefined, readdirSync(engine.lab.dir).join(" "));
  return join(engine.lab.dir, name);
}

const beside = (args: readonly string[]): Promise<Ended> => besideCloudflare(engine.cloud(), args);

const former = { A: "192.0.2.99", TXT: '"v=spf1 include:old.example -all"', MX: "mail.old.example" };

test("adopt writes a file by which the real engine takes over the records of a provider before, and touches no other", async () => {
  await engine.preview();
  await changeState(engine.lab, (state) => {
    const zoneId = Object.values(state.zones).find(({ name }) => name === "example.test")?.id ?? "";
    const add = (id: string, record: Pick<DnsRecord, "name" | "type" | "content" | "priority">): void => {
      state.records[id] = {
        id,
        zoneId,
        ttl: 3600,
        proxied: false,
        createdOn: "2020-01-01T00:00:00Z",
        modifiedOn: "2020-01-01T00:00:00Z",
        ...record,
      };
    };
    add("a".repeat(32), { name: "mx1.example.test", type: "A", content: former.A });
    add("b".repeat(32), { name: "example.test", type: "TXT", content: former.TXT });
    add("c".repeat(32), { name: "example.test", type: "MX", content: former.MX, priority: 5 });
  });
  const output = `${files}-import.json`;
  const ended = await beside(["dns", "adopt", "--stack", "lab", "--stack-file", composed(), "--output", output]);
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /^2 of \d+ records are there already:/);
  assert.match(ended.stdout, /example\.test TXT "v=spf1 include:old\.example -all" \(the first `pulumi up` makes it/);
  const { resources } = JSON.parse(readFileSync(output, "utf8")) as ImportFile;
  assert.deepEqual(
    resources
      .filter(({ id }) => id !== undefined)
      .map(({ logicalName }) => logicalName)
      .sort(),
    ["mail-example.test-spf", "mail-mx1-a"],
  );

  await engine.pulumi("import", "--file", output, "--yes", "--skip-preview", "--protect=false", "--generate-code=false");
  const steps = await engine.preview();
  assert.deepEqual(
    steps
      .filter(({ name }) => ["mail-example.test-spf", "mail-mx1-a"].includes(name))
      .map(({ op, name }) => `${op} ${name}`)
      .sort(),
    ["update mail-example.test-spf", "update mail-mx1-a"],
  );
  await engine.up();
  const { records } = engine.cloud();
  assert.match(records["b".repeat(32)]?.content ?? "", /^"v=spf1 ip4:\S+ -all"$/, "the same record, as it ought to be");
  assert.equal(records["c".repeat(32)]?.content, former.MX, "what is somebody else's is as it was");
  assert.equal(Object.values(records).filter(({ name, type }) => name === "mx1.example.test" && type === "A").length, 1);

  // Of a stack that has its records already, only what is new to it.
  const preview = `${files}-adopt-preview.json`;
  writeFileSync(preview, await engine.pulumi("preview", "--json", "--show-sames"));
  const words = ["dns", "adopt", "--stack", "lab", "--stack-file", composed(), "--preview", preview, "--output", output];
  const again = await beside(words);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /^0 of \d+ records are there already:/);
});

test("a preview's JSON tells what there is, and what becomes of machines", async () => {
  write({ "mailserver:ttl": 600 });
  const file = `${files}-preview.json`;
  writeFileSync(file, await engine.pulumi("preview", "--json", "--show-sames"));
  const preview = (path: string): Promise<Ended> =>
    mailserver(["dns", "preview", "--stack-file", composed(), "--against", `pulumi:${path}`, "--format", "json"]);
  const ended = await preview(file);
  assert.equal(ended.code, 0, ended.stderr);
  const { summary, exchangers, domains } = JSON.parse(ended.stdout) as Report;
  assert.deepEqual([summary.create, summary.delete, summary.unknown], [0, 0, 0]);
  const { records } = engine.cloud();
  assert.equal(summary.update, Object.values(records).length - 1, "every record of ours gets another TTL");
  assert.ok(domains.flatMap(({ changes }) => changes).every(({ before, after: now }) => before?.ttl === 300 && now?.ttl === 600));
  assert.deepEqual(
    exchangers.map(({ key, machine }) => [key, machine]),
    [
      ["mx1", "none"],
      ["mx2", "none"],
    ],
  );

  const digest = JSON.parse(readFileSync(file, "utf8")) as { steps: { op: string }[] };
  digest.steps = digest.steps.filter(({ op }) => op !== "same");
  writeFileSync(file, JSON.stringify(digest));
  const partial = await preview(file);
  assert.equal(partial.code, 2);
  assert.match(partial.stderr, /leaves out the \d+ resources that stay as they are; add --show-sames/);

  write({
    "mailserver:ttl": 300,
    "mailserver:domains": [...(config["mailserver:domains"] as object[]), { name: "third.example.test", zone: { name: "example.test" } }],
  });
  writeFileSync(file, await engine.pulumi("preview", "--json", "--show-sames"));
  const more = JSON.parse((await preview(file)).stdout) as Report;
  assert.equal(more.summary.create, 10);
  assert.deepEqual(
    more.exchangers.map(({ machine }) => machine),
    ["updated", "updated"],
    "a domain more is another configuration of the hosts",
  );
});
