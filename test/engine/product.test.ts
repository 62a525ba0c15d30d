/** The product's program, unchanged, on the real engine and the simulated cloud. */
import { engineOn, type Step } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { initialState } from "../../lab/cloud/initial-state";
import type { CloudState } from "../../lab/cloud/state";
import { changeState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";
import { mailboxPasswords } from "../../lab/engine/secrets";

const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as {
  config: {
    "mailserver:exchangers": { [key: string]: { generation?: number } };
    "mailserver:domains": { name: string; mailboxes: { [local: string]: object } }[];
    [key: string]: unknown;
  };
};
const exchangers = Object.keys(config["mailserver:exchangers"]);
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.product.yaml");
/** Nothing is protected, so that `destroy` is one. */
const write = (): void => writeFileSync(stackFile, stringify({ config: { "mailserver:protect": false, ...config } }));
write();
const engine = engineOn({ project: "mailserver", stackFile });
after(() => engine.destroy());

const custom = (steps: readonly Step[]): Step[] => steps.filter(({ type }) => !/^(pulumi:pulumi:|pulumi-mailserver:)/.test(type));
const shown = (steps: readonly Step[]): string[] => steps.map(({ op, name }) => `${op} ${name}`).sort();
const volumesByHost = (state: CloudState): Record<string, string> =>
  Object.fromEntries(Object.values(state.volumes).map(({ id, tags }) => [tags["mailserver:exchanger"] ?? "", id]));
const machineOf = (state: CloudState, key: string): string | undefined =>
  Object.values(state.instances).find(({ tags }) => tags["mailserver:exchanger"] === key)?.id;

test("a first preview creates everything, and nothing is there yet", async () => {
  const steps = custom(await engine.preview());
  assert.ok(steps.length > 0);
  assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
  assert.deepEqual(engine.cloud(), initialState());
});

test("up makes hosts, records and reverse names, and then there is nothing to do", async () => {
  await engine.up();
  const { instances, records, addresses } = engine.cloud();
  assert.equal(Object.keys(instances).length, exchangers.length);
  for (const { publicIp, ptrRecord } of Object.values(addresses)) {
    const forward = Object.values(records).find(({ type, name }) => type === "A" && name === ptrRecord);
    assert.equal(forward?.content, publicIp, `${publicIp} is called ${ptrRecord}, which leads back to it`);
  }
  for (const { name } of config["mailserver:domains"]) {
    const mx = Object.values(records).filter((record) => record.type === "MX" && record.name === name);
    assert.equal(mx.length, exchangers.length, `every exchanger is an MX of ${name}`);
  }
  assert.deepEqual(await engine.preview(), []);
});

test("no password hash and no private key is readable in the state, in user data or in the cloud", () => {
  const secrets = readFileSync(join(engine.lab.dir, "secrets.json"), "utf8");
  const { operator, mailboxes } = JSON.parse(secrets) as {
    operator: { privateKey: string };
    mailboxes: { [address: string]: { password: string; hash: string } };
  };
  const keyLine = operator.privateKey.split("\n")[2] ?? "";
  assert.ok(keyLine.length > 20 && Object.keys(mailboxes).length > 0);
  const written = engine.stateText() + JSON.stringify(engine.cloud());
  for (const secret of [keyLine, ...Object.values(mailboxes).flatMap(({ password, hash }) => [password, hash])]) {
    assert.ok(!written.includes(secret));
  }
});

test("a mailbox more is one update an exchanger and no DNS change", async () => {
  config["mailserver:domains"][0]!.mailboxes.dora = {};
  write();
  const steps = custom(await engine.preview());
  assert.deepEqual(shown(steps), exchangers.map((key) => `update mail-${key}-apply`).sort());
  const records = engine.cloud().records;
  await engine.up();
  assert.deepEqual(engine.cloud().records, records);
  assert.deepEqual(await engine.preview(), []);
  assert.ok(mailboxPasswords(engine.lab)[`dora@${config["mailserver:domains"][0]!.name}`] !== undefined);
});

for (const key of exchangers) {
  test(`a raised generation of ${key} is a new machine; volume, address and records stay`, async () => {
    const before = engine.cloud();
    config["mailserver:exchangers"][key]!.generation = 2;
    write();
    const steps = custom(await engine.preview());
    assert.ok(steps.some(({ op, name }) => op === "replace" && name === `mail-${key}-machine`));
    assert.ok(!steps.some(({ type }) => type.startsWith("cloudflare:")), "no record is touched");
    assert.ok(
      !steps.some(({ type }) => ["aws:ebs/volume:Volume", "aws:ec2/eip:Eip", "aws:ec2/eipDomainName:EipDomainName"].includes(type)),
    );
    await engine.up();
    const now = engine.cloud();
    assert.notEqual(machineOf(now, key), machineOf(before, key));
    for (const other of exchangers.filter((each) => each !== key)) assert.equal(machineOf(now, other), machineOf(before, other));
    assert.deepEqual(volumesByHost(now), volumesByHost(before));
    assert.equal(Object.values(now.volumes).find(({ id }) => id === volumesByHost(now)[key])?.attachment?.instanceId, machineOf(now, key));
    assert.deepEqual(now.records, before.records);
    assert.deepEqual(
      Object.values(now.addresses).map(({ publicIp, ptrRecord }) => [publicIp, ptrRecord]),
      Object.values(before.addresses).map(({ publicIp, ptrRecord }) => [publicIp, ptrRecord]),
    );
    assert.deepEqual(await engine.preview(), []);
  });
}

test("what was changed behind the program's back is seen by a refresh and mended by up", async () => {
  const before = engine.cloud();
  await changeState(engine.lab, (state) => {
    const mx = Object.values(state.records).find(({ type }) => type === "MX");
    if (mx !== undefined) mx.priority = 99;
    const rule = Object.values(state.securityGroupRules).find(({ toPort }) => toPort === 25);
    if (rule !== undefined) delete state.securityGroupRules[rule.id];
  });
  await engine.pulumi("refresh", "--yes", "--skip-preview");
  assert.deepEqual(
    custom(await engine.preview())
      .map(({ op }) => op)
      .sort(),
    ["create", "update"],
  );
  await engine.up();
  const values = (state: CloudState): unknown => [
    Object.values(state.records).map(({ name, type, content, priority }) => [name, type, content, priority]),
    Object.values(state.securityGroupRules)
      .map(({ securityGroupId, direction, toPort, cidrIpv4 }) => [securityGroupId, direction, toPort, cidrIpv4])
      .sort(),
  ];
  assert.deepEqual(values(engine.cloud()), values(before));
});

test("destroy leaves nothing", async () => {
  await engine.destroy();
  assert.deepEqual(engine.cloud(), initialState());
});

test("a plain password is refused before anything is made, and is not repeated", async () => {
  const wrong = engineOn({ project: "mailserver", stackFile });
  await wrong.preview();
  const secretsFile = join(wrong.lab.dir, "secrets.json");
  const secrets = JSON.parse(readFileSync(secretsFile, "utf8")) as { mailboxes: { [address: string]: { hash: string } } };
  secrets.mailboxes["alice@example.test"] = { ...secrets.mailboxes["alice@example.test"], hash: "hunter2-plain" };
  writeFileSync(secretsFile, JSON.stringify(secrets));
  // What was encrypted before is kept, so the old hash has to go.
  const composed = join(wrong.lab.dir, "Pulumi.lab.yaml");
  const stack = parse(readFileSync(composed, "utf8")) as { config: { [key: string]: { [address: string]: unknown } } };
  delete stack.config["mailserver:passwordHashes"]?.["alice@example.test"];
  writeFileSync(composed, stringify(stack));

  const output = await wrong.failing("up", "--yes", "--skip-preview");
  assert.match(output, /passwordHashes\S*alice@example\.test\S*: The value is not a hash/);
  assert.ok(!output.includes("hunter2"), "the password is not repeated");
  assert.ok(!/^ +at /m.test(output), "no stack trace");
  assert.deepEqual(wrong.cloud(), initialState());
});
