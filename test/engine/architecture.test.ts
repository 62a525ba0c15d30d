/** Default machines, which are arm64, on the real engine; and the change to another processor. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { imageById } from "../../lab/cloud/aws/images";
import { projectRoot } from "../../lab/engine/root";

const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as { config: { [key: string]: unknown } };
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.architecture.yaml");
const write = (exchanger: object): void =>
  writeFileSync(
    stackFile,
    stringify({ config: { ...config, "mailserver:protect": false, "mailserver:exchangers": { mx1: { role: "primary", ...exchanger } } } }),
  );
write({});
const engine = engineOn({ project: "mailserver", stackFile });
after(() => engine.destroy());

const machine = (): { id: string; type: string; image: string | undefined } => {
  const [instance, ...more] = Object.values(engine.cloud().instances);
  assert.ok(instance !== undefined && more.length === 0);
  return { id: instance.id, type: instance.instanceType, image: imageById(instance.imageId, instance.region)?.architecture };
};

test("an exchanger without an instance type is a Graviton machine with the image for it", async () => {
  await engine.up();
  assert.deepEqual([machine().type, machine().image], ["t4g.small", "arm64"]);
  assert.deepEqual(await engine.preview(), []);
});

test("another size of the same processor keeps the machine, another processor replaces it, and its image follows", async () => {
  const { id } = machine();
  write({ instanceType: "m7g.medium" });
  assert.deepEqual(
    (await engine.preview()).filter(({ name }) => name.endsWith("-machine")).map(({ op }) => op),
    ["update"],
  );
  write({ instanceType: "t3.small" });
  const steps = await engine.preview();
  assert.ok(
    steps.some(({ op, name }) => op === "replace" && name === "mail-mx1-machine"),
    JSON.stringify(steps.map(({ op, name }) => `${op} ${name}`)),
  );
  assert.ok(!steps.some(({ name }) => /-(volume|eip|address)$/.test(name) || name.includes("-mx-")), "volume, address and records stay");
  await engine.up();
  assert.deepEqual([machine().type, machine().image], ["t3.small", "amd64"]);
  assert.notEqual(machine().id, id);
});
