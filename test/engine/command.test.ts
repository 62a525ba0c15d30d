import assert from "node:assert/strict";
import { test } from "node:test";
import { hostKeyCommand, keysCommand, parseKeys } from "../../cloud-init/door";
import { holdsSecret, secret, type Properties } from "../../lab/cloud/protocol/property-value";
import { TOKENS, withSimulated, type Simulated } from "./simulated";

const COMMAND = "command:remote:Command";

/** A serving host: machine, address and volume. */
async function host(it: Simulated): Promise<{ address: string; instanceId: string; volumeId: string }> {
  const group = await it.create(TOKENS.group, { description: "mail" });
  const image = await it.invoke("aws:ssm/getParameter:getParameter", { name: "/aws/service/debian/release/13/latest/amd64" });
  const instance = await it.create(TOKENS.instance, {
    ami: image.insecureValue ?? null,
    instanceType: "t3.micro",
    availabilityZone: "eu-central-1a",
    vpcSecurityGroupIds: [group.id],
  });
  const volume = await it.create(TOKENS.volume, { availabilityZone: "eu-central-1a", size: 8 });
  const eip = await it.create(TOKENS.eip, { domain: "vpc" });
  await it.create(TOKENS.association, { allocationId: eip.id, instanceId: instance.id });
  await it.create(TOKENS.attachment, { deviceName: "/dev/sdf", instanceId: instance.id, volumeId: volume.id });
  return { address: String(eip.outputs.publicIp), instanceId: instance.id, volumeId: volume.id };
}

test("keys belong to the volume, and a pinned host key is compared", async () => {
  await withSimulated(async (it) => {
    const { address, volumeId } = await host(it);
    const run = (create: string, connection: Properties = {}): ReturnType<Simulated["create"]> =>
      it.create(COMMAND, { create, connection: secret({ host: address, ...connection }) });
    const key = await run(hostKeyCommand(volumeId));
    assert.match(String(key.outputs.stdout), /^ssh-ed25519 \S+$/);
    const hostKey = key.outputs.stdout ?? null;
    const keys = parseKeys(String((await run(keysCommand(volumeId), { hostKey })).outputs.stdout));
    assert.notEqual(keys.peer, keys.tls);
    await assert.rejects(run(keysCommand(volumeId), { hostKey: "ssh-ed25519 AAAA" }), /host key mismatch/);
    assert.ok(holdsSecret(key.outputs.connection));
  });
});

test("a command that fails says how, and never what it was sent", async () => {
  await withSimulated(async (it) => {
    const { address } = await host(it);
    const failing = it.create(COMMAND, { create: "false", stdin: secret("canary"), connection: { host: address } });
    await assert.rejects(failing, (error: Error) => {
      assert.match(error.message, /^Process exited with status 127: running "false":\n/);
      assert.ok(!error.message.includes("canary"));
      return true;
    });
  });
});

test("a host that is switched off does not answer", async () => {
  await withSimulated(async (it) => {
    const { address, instanceId, volumeId } = await host(it);
    await it.cloud.change((state) => {
      const instance = state.instances[instanceId];
      if (instance !== undefined) instance.state = "stopped";
    });
    await assert.rejects(it.create(COMMAND, { create: hostKeyCommand(volumeId), connection: { host: address } }), /error dialing/);
  });
});

test("an update without a command keeps the outputs; inputs are known by name", async () => {
  await withSimulated(async (it) => {
    const inputs = { connection: { host: "192.0.2.1" } };
    const outputs = await it.update(COMMAND, "cmd-1", { ...inputs, delete: "true" }, { ...inputs, stdout: "before", stderr: "" });
    assert.equal(outputs.stdout, "before");
    assert.throws(() => it.check(COMMAND, { connection: { host: "192.0.2.1", hostkey: "x" } }), /connection\.hostkey: unknown input/);
    assert.throws(() => it.check(COMMAND, { ...inputs, logging: "all" }), /logging: /);
  });
});
