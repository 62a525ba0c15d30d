/** Services that throttle and that show changes late, as their providers' processes pass it on to the engine, and the product's program on them. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { resetReverseName } from "../../lab/cloud/behind-the-program";
import type { Properties } from "../../lab/cloud/protocol/property-value";
import { writeSettings } from "../../lab/cloud/settings";
import { projectRoot } from "../../lab/engine/root";
import { until } from "../../lab/until";
import { TOKENS, withSimulated } from "./simulated";

const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as { config: { [key: string]: unknown } };
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.faults.yaml");
writeFileSync(stackFile, stringify({ config: { "mailserver:protect": false, ...config } }));
const engine = engineOn({ project: "mailserver", stackFile });
after(async () => {
  writeSettings(engine.lab, { throttling: "none", consistency: "immediate" });
  await engine.destroy();
});

const failed = async (): Promise<string> => {
  const output = await engine.failing("up", "--yes", "--skip-preview");
  assert.ok(!/^ +at /m.test(output), "no stack trace");
  return output;
};
const made = (): number =>
  Object.values(engine.cloud()).reduce((sum, part) => sum + (typeof part === "object" ? Object.keys(part).length : 0), 0);

test("an `up` that EC2 has enough of ends with the service's words, and what was made is kept", async () => {
  const before = made();
  writeSettings(engine.lab, { throttling: { aws: 60 } });
  assert.match(await failed(), /exceeded maximum number of attempts, 25, .* RequestLimitExceeded: Request limit exceeded/);
  assert.ok(made() > before);
});

test("the next one goes on from there, until EC2 does not know a new id yet", async () => {
  const before = made();
  writeSettings(engine.lab, { throttling: "none", consistency: "unlucky" });
  assert.match(await failed(), /Invalid\w+\.NotFound: .* does not exist/);
  assert.ok(made() > before);
});

test("and the next one, until Cloudflare has had enough of it", async () => {
  const before = made();
  writeSettings(engine.lab, { consistency: "immediate", throttling: { cloudflare: 4 } });
  assert.match(await failed(), /429 Too Many Requests .*"code":971/);
  assert.ok(made() > before);
});

test("with limits that the providers' own attempts get over, and changes that they wait for, it ends well", async () => {
  writeSettings(engine.lab, { throttling: "retried", consistency: "eventual" });
  await engine.up();
  const { addresses, instances } = engine.cloud();
  const exchangers = Object.keys(config["mailserver:exchangers"] as object).length;
  assert.equal(Object.keys(instances).length, exchangers, "nothing was made twice");
  assert.equal(Object.values(addresses).filter(({ ptrRecord }) => ptrRecord !== undefined).length, exchangers);
  assert.deepEqual(await engine.preview(), []);
});

test("a Read sees the account as it was a moment before", async () => {
  await withSimulated(
    async (it) => {
      const inputs: Properties = { domain: "vpc" };
      const eip = await it.create(TOKENS.eip, inputs);
      const { allocationId } = Object.values(it.cloud.read().addresses)[0]!;
      assert.equal(allocationId, eip.id, "creation waits until the address is seen");
      await it.update(TOKENS.eip, eip.id, { ...inputs, tags: { Name: "new" } }, eip.outputs);
      const tags = async (): Promise<unknown> => (await it.read(TOKENS.eip, eip.id, inputs, eip.outputs))?.outputs.tags;
      assert.deepEqual(await tags(), {});
      await until("the new tags", 5, async () => JSON.stringify(await tags()) === '{"Name":"new"}', 50);
    },
    { consistency: "eventual" },
  );
});

test("an address whose reverse name has just gone is not released yet", async () => {
  await withSimulated(
    async (it) => {
      const eip = await it.create(TOKENS.eip, { domain: "vpc" });
      await it.cloud.change((state) => {
        state.addresses[eip.id]!.ptrRecord = "mx1.example.test";
      });
      const name = async (): Promise<string | undefined> => it.cloud.asSeenLast().read().addresses[eip.id]?.ptrRecord;
      await until("everybody to see the name", 5, name, 50);
      await resetReverseName(it.cloud.lab, eip.id);
      await assert.rejects(it.delete(TOKENS.eip, eip), /^Error: InvalidAddress\.PtrSet: /);
      assert.ok(eip.id in it.cloud.read().addresses);
      await until("the release of the address", 5, () => it.delete(TOKENS.eip, eip).then(() => true), 50);
    },
    { consistency: "unlucky" },
  );
});
