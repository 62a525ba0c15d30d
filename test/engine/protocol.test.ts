import assert from "node:assert/strict";
import { test } from "node:test";
import { holdsSecret, reveal, secret, UNKNOWN } from "../../lab/cloud/protocol/property-value";
import { providerOf, REGION, TOKENS, withSimulated } from "./simulated";

const groupless = { ipProtocol: "tcp", fromPort: 25, toPort: 25, cidrIpv4: "0.0.0.0/0" };
const rule = { securityGroupId: "sg-1", ...groupless };

const failuresOf = (token: string, inputs: object): { property: string; reason: string }[] =>
  providerOf(token).check(token, "name", { ...inputs } as never, {}, REGION).failures;

test("an unknown input is refused by its path", () => {
  assert.deepEqual(
    failuresOf(TOKENS.ingress, { ...rule, cidrBlocks: ["0.0.0.0/0"] }).map(({ property }) => property),
    ["cidrBlocks"],
  );
  const nested = failuresOf(TOKENS.instance, {
    ami: "ami-1",
    instanceType: "t3.micro",
    vpcSecurityGroupIds: ["sg-1"],
    metadataOptions: { httpToken: "required" },
  });
  assert.deepEqual(
    nested.map(({ property }) => property),
    ["metadataOptions.httpToken"],
  );
});

test("an input that the SDK knows and the lab does not simulate says so", () => {
  const [failure] = failuresOf(TOKENS.ingress, { ...rule, prefixListId: "pl-1" });
  assert.equal(failure?.property, "prefixListId");
  assert.match(failure?.reason ?? "", /does not simulate/);
});

test("missing and mistyped inputs are refused, and no value is repeated", () => {
  assert.deepEqual(failuresOf(TOKENS.ingress, groupless), [{ property: "securityGroupId", reason: "required, and missing" }]);
  const [failure] = failuresOf(TOKENS.ingress, { ...rule, fromPort: secret("hush") });
  assert.deepEqual(failure, { property: "fromPort", reason: "expected a number, got a string" });
});

test("unknown values pass the check and stay unknown in a planned creation", async () => {
  await withSimulated(async ({ cloud }) => {
    const provider = providerOf(TOKENS.ingress);
    const { inputs, failures } = provider.check(
      TOKENS.ingress,
      "name",
      { ...rule, securityGroupId: UNKNOWN, cidrIpv4: UNKNOWN },
      {},
      REGION,
    );
    assert.deepEqual(failures, []);
    const context = { cloud, urn: "", config: {}, log: () => {}, signal: new AbortController().signal };
    const { id, outputs } = await provider.create(TOKENS.ingress, inputs, true, context);
    assert.equal(id, "");
    assert.equal(outputs.securityGroupId, UNKNOWN);
    assert.equal(outputs.securityGroupRuleId, UNKNOWN);
    assert.equal(outputs.fromPort, 25);
    assert.deepEqual(Object.keys(cloud.read().securityGroupRules), [], "a preview changes nothing");
  });
});

test("a secret input is a secret output, created, read and updated", async () => {
  await withSimulated(async ({ cloud, create, read, update }) => {
    const group = await create(TOKENS.group, { description: "mail" });
    const inputs = { ...rule, securityGroupId: group.id, description: secret("canary") };
    const made = await create(TOKENS.ingress, inputs);
    assert.ok(holdsSecret(made.outputs.description));
    assert.ok(!holdsSecret(made.outputs.cidrIpv4));
    const refreshed = await read(TOKENS.ingress, made.id, inputs, made.outputs);
    assert.ok(holdsSecret(refreshed?.inputs.description) && holdsSecret(refreshed?.outputs.description));
    const updated = await update(TOKENS.ingress, made.id, { ...inputs, description: secret("canary two") }, made.outputs);
    assert.ok(holdsSecret(updated.description));
    assert.equal(reveal(updated.description ?? null), "canary two");
    // What changed behind the program's back is as secret as what it replaces.
    await cloud.change((state) => {
      const changed = state.securityGroupRules[made.id];
      if (changed !== undefined) changed.description = "changed";
    });
    const drifted = await read(TOKENS.ingress, made.id, inputs, made.outputs);
    assert.ok(holdsSecret(drifted?.inputs.description));
    assert.equal(reveal(drifted?.inputs.description ?? null), "changed");
  });
});

test("a diff names what changed and whether it replaces", () => {
  const provider = providerOf(TOKENS.volume);
  const before = { availabilityZone: "eu-central-1a", size: 8, tags: { Name: "a" } };
  assert.deepEqual(provider.diff(TOKENS.volume, before, { ...before, size: 9, tags: { Name: "b" } }), [
    { path: "size", kind: "update", property: "size", replaces: false },
    { path: "tags.Name", kind: "update", property: "tags", replaces: false },
  ]);
  const [moved] = provider.diff(TOKENS.volume, before, { ...before, availabilityZone: "eu-central-1b" });
  assert.equal(moved?.replaces, true);
});

test("user data replaces the machine only where the program asks for it", () => {
  const provider = providerOf(TOKENS.instance);
  const replaces = (userDataReplaceOnChange: boolean): boolean | undefined =>
    provider
      .diff(TOKENS.instance, { userDataBase64: "YQ==", userDataReplaceOnChange }, { userDataBase64: "Yg==", userDataReplaceOnChange })
      .find(({ property }) => property === "userDataBase64")?.replaces;
  assert.equal(replaces(false), false);
  assert.equal(replaces(true), true);
});

test("the provider's default tags are under the resource's own", () => {
  const { inputs } = providerOf(TOKENS.eip).check(
    TOKENS.eip,
    "name",
    { tags: { Name: "mx1" } },
    {},
    { ...REGION, defaultTags: JSON.stringify({ tags: { Name: "default", team: "mail" } }) },
  );
  assert.deepEqual(inputs.tags, { Name: "mx1", team: "mail" });
  assert.equal(inputs.region, "eu-central-1");
});

test("a resource without a name keeps the one it got", () => {
  const provider = providerOf(TOKENS.group);
  const first = provider.check(TOKENS.group, "mx", { description: "mail" }, {}, REGION).inputs;
  assert.match(String(first.name), /^mx-[0-9a-f]{7}$/);
  assert.equal(provider.check(TOKENS.group, "mx", { description: "mail" }, first, REGION).inputs.name, first.name);
});
