/** The real engine and the simulated providers, on a program small enough to see what each does. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { initialState } from "../../lab/cloud/initial-state";
import { readCalls } from "../../lab/cloud/journal";

const CANARY = "canary-3f1c";
const program = join(__dirname, "programs", "small");
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.small.yaml");
const configure = (settings: object): void => writeFileSync(stackFile, stringify({ config: settings }));
configure({ "small:canary": CANARY });
const engine = engineOn({ program, project: "small", stackFile });
after(() => engine.destroy());

test("a first preview creates everything and knows no address", async () => {
  const steps = await engine.preview();
  assert.ok(steps.length >= 12 && steps.every(({ op }) => op === "create"));
  assert.deepEqual(engine.cloud(), initialState());
  assert.match(await engine.pulumi("preview"), /address: \[unknown\]/);
});

test("up makes it, and then there is nothing to do", async () => {
  await engine.up();
  const { addresses, instances, records, volumes } = engine.cloud();
  assert.equal(Object.keys(instances).length, 1);
  assert.equal(Object.values(addresses)[0]?.ptrRecord, "mx1.example.test");
  assert.ok(Object.values(volumes)[0]?.attachment !== undefined);
  assert.equal(Object.keys(records).length, 2);
  assert.deepEqual(await engine.preview(), []);
});

test("the journal holds the calls that the real providers would have made, each of them", () => {
  assert.deepEqual(readCalls(engine.lab), [
    "DNS Edit",
    "Zone Read",
    "ec2:AllocateAddress",
    "ec2:AssociateAddress",
    "ec2:AttachVolume",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:DescribeAddresses",
    "ec2:DescribeAddressesAttribute",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstanceCreditSpecifications",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcs",
    "ec2:ModifyAddressAttribute",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RunInstances",
    "ssm:GetParameter",
    "sts:GetCallerIdentity",
  ]);
});

test("a secret stays one in what the engine writes down, though the cloud has it in clear", () => {
  assert.ok(JSON.stringify(engine.cloud()).includes(CANARY));
  assert.ok(!engine.stateText().includes(CANARY));
});

test("a new generation is a new machine with the same address and volume, also after a refresh", async () => {
  // It reads a public address, which the program says the machine does not have, and ignores.
  await engine.pulumi("refresh", "--yes", "--skip-preview");
  assert.deepEqual(await engine.preview(), []);
  const before = engine.cloud();
  configure({ "small:canary": CANARY, "small:generation": 2 });
  await engine.up();
  const now = engine.cloud();
  assert.deepEqual(Object.keys(now.volumes), Object.keys(before.volumes));
  assert.deepEqual(Object.keys(now.addresses), Object.keys(before.addresses));
  assert.deepEqual(now.records, before.records);
  assert.notDeepEqual(Object.keys(now.instances), Object.keys(before.instances));
  assert.equal(Object.values(now.volumes)[0]?.attachment?.instanceId, Object.keys(now.instances)[0]);
  assert.deepEqual(await engine.preview(), []);
});

test("a refusal of the service is shown with its code, and nothing changes", async () => {
  const before = engine.cloud();
  configure({ "small:canary": CANARY, "small:generation": 2, "small:size": 4 });
  assert.match(await engine.failing("up", "--yes", "--skip-preview"), /InvalidParameterValue: New size cannot be smaller/);
  assert.deepEqual(engine.cloud(), before);
  configure({ "small:canary": CANARY, "small:generation": 2 });
});

test("`pulumi config` works on the file that a person edits, without the lab's secrets", async () => {
  await engine.pulumi("config", "set", "small:size", "9");
  const edited = parse(readFileSync(stackFile, "utf8")) as { config: Record<string, unknown> };
  assert.equal(edited.config["small:size"], "9");
  assert.ok(!("mailserver:operatorPrivateKey" in edited.config) && !("encryptionsalt" in edited));
  assert.deepEqual(
    (await engine.preview()).map(({ op, type }) => `${op} ${type}`),
    ["update aws:ebs/volume:Volume"],
  );
});

test("destroy leaves the cloud as it was", async () => {
  await engine.destroy();
  assert.deepEqual(engine.cloud(), initialState());
});
