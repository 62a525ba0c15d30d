import assert from "node:assert/strict";
import { test } from "node:test";
import { setPower, setVcpuQuota } from "../../lab/cloud/behind-the-program";
import type { Properties } from "../../lab/cloud/protocol/property-value";
import { disk, IMAGE, machine } from "./machine";
import { providerOf, TOKENS, withSimulated } from "./simulated";

const smtp = { ipProtocol: "tcp", fromPort: 25, toPort: 25, cidrIpv4: "0.0.0.0/0" };
const refused = (code: string): RegExp => new RegExp(`^Error: ${code.replace(".", "\\.")}: `);

test("security groups: two of a name, reserved names, foreign characters, one in use", async () => {
  await withSimulated(async (it) => {
    await it.create(TOKENS.group, { name: "mx", description: "mail" });
    await assert.rejects(it.create(TOKENS.group, { name: "mx", description: "mail" }), refused("InvalidGroup.Duplicate"));
    await assert.rejects(it.create(TOKENS.group, { name: "default" }), refused("InvalidGroup.Reserved"));
    await assert.rejects(it.create(TOKENS.group, { name: "sg-mx" }), /cannot begin with sg-/);
    await assert.rejects(it.create(TOKENS.group, { description: "a".repeat(256) }), /in the range \(0 - 255\)/);
    await assert.rejects(it.create(TOKENS.group, { description: "" }), refused("MissingParameter"));
    await assert.rejects(it.create(TOKENS.group, { description: "Zürich" }), /Character sets beyond ASCII are not supported/);
    await assert.rejects(
      it.create(TOKENS.group, { description: "it's" }),
      /^Error: InvalidParameterValue: Invalid security group description/,
    );
    await assert.rejects(it.create(TOKENS.group, { description: "mail", vpcId: "vpc-0" }), refused("InvalidVpcID.NotFound"));
    const { group } = await machine(it);
    await assert.rejects(it.delete(TOKENS.group, { id: group, outputs: {} }), refused("DependencyViolation"));
  });
});

test("quotas of a region: 2,500 groups; 60 rules a group, a direction and a version of IP", async () => {
  await withSimulated(async (it) => {
    const { id: securityGroupId } = await it.create(TOKENS.group, { description: "mail" });
    await it.cloud.change((state) => {
      const [group] = Object.values(state.securityGroups);
      for (let index = 1; index < 2500; index += 1)
        state.securityGroups[`sg-${index}`] = { ...group!, id: `sg-${index}`, name: `n${index}` };
      const rule = { region: "eu-central-1", securityGroupId, direction: "ingress", ipProtocol: "-1", tags: {} } as const;
      for (let index = 0; index < 60; index += 1) {
        state.securityGroupRules[`sgr-${index}`] = { ...rule, id: `sgr-${index}`, cidrIpv4: `192.0.2.${index}/32` };
      }
    });
    await assert.rejects(it.create(TOKENS.group, { description: "mail" }), refused("SecurityGroupLimitExceeded"));
    const all = { securityGroupId, ipProtocol: "-1" };
    await assert.rejects(it.create(TOKENS.ingress, { ...all, cidrIpv4: "0.0.0.0/0" }), refused("RulesPerSecurityGroupLimitExceeded"));
    await assert.rejects(
      it.create(TOKENS.ingress, { ...all, referencedSecurityGroupId: securityGroupId }),
      refused("RulesPerSecurityGroupLimitExceeded"),
    );
    await it.create(TOKENS.ingress, { ...all, cidrIpv6: "::/0" });
    await it.create(TOKENS.egress, { ...all, cidrIpv4: "0.0.0.0/0" });
  });
});

test("a rule keeps the kind of its source: another kind is another rule", () => {
  const rule = { securityGroupId: "sg-1", ...smtp };
  const replaces = (after: Properties): boolean =>
    providerOf(TOKENS.ingress)
      .diff(TOKENS.ingress, rule, after)
      .some((change) => change.replaces);
  assert.ok(replaces({ securityGroupId: "sg-1", ipProtocol: "tcp", fromPort: 25, toPort: 25, cidrIpv6: "::/0" }));
  assert.ok(!replaces({ ...rule, cidrIpv4: "192.0.2.0/24" }));
});

test("machines: five virtual CPUs run at once in a region, until AWS raises the quota", async () => {
  await withSimulated(async (it) => {
    const first = await machine(it);
    await machine(it);
    await assert.rejects(machine(it), /^Error: VcpuLimitExceeded: .* current vCPU limit of 5 allows/);
    await assert.rejects(machine(it, { instanceType: "g4dn.xlarge" }), /current vCPU limit of 0 allows/);
    await machine(it, { region: "eu-west-1" });
    const power = { instanceId: first.id, state: "stopped" };
    const made = await it.create(TOKENS.power, power);
    await machine(it);
    await assert.rejects(it.update(TOKENS.power, first.id, { ...power, state: "running" }, made.outputs), refused("VcpuLimitExceeded"));
    await setVcpuQuota(it.cloud.lab, 6);
    await it.update(TOKENS.power, first.id, { ...power, state: "running" }, made.outputs);
  });
});

test("machines: one zone of us-east-1 has old types only", async () => {
  await withSimulated(async (it) => {
    const old = { region: "us-east-1", availabilityZone: "us-east-1e", instanceType: "t2.micro" };
    await machine(it, old);
    await assert.rejects(
      machine(it, { ...old, instanceType: "t3.micro" }),
      /^Error: Unsupported: .*\(us-east-1e\).* choosing us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f\.$/,
    );
  });
});

test("security group rules: the same twice, host bits, ports without a protocol, an unknown group", async () => {
  await withSimulated(async (it) => {
    const { id: securityGroupId } = await it.create(TOKENS.group, { description: "mail" });
    await it.create(TOKENS.ingress, { securityGroupId, ...smtp });
    await assert.rejects(it.create(TOKENS.ingress, { securityGroupId, ...smtp }), refused("InvalidPermission.Duplicate"));
    await it.create(TOKENS.egress, { securityGroupId, ...smtp });
    await assert.rejects(it.create(TOKENS.ingress, { securityGroupId, ...smtp, cidrIpv4: "192.0.2.1/24" }), /cidrIpv4: .*network address/);
    await assert.rejects(it.create(TOKENS.ingress, { securityGroupId, ...smtp, ipProtocol: "-1" }), /no ports/);
    await assert.rejects(
      it.create(TOKENS.ingress, { securityGroupId, ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }),
      refused("MissingParameter"),
    );
    await assert.rejects(it.create(TOKENS.ingress, { securityGroupId: "sg-0", ...smtp }), refused("InvalidGroup.NotFound"));
    await assert.rejects(
      it.create(TOKENS.ingress, { securityGroupId, ...smtp, fromPort: 26, toPort: 26, description: "it's" }),
      refused("InvalidParameterValue"),
    );
  });
});

test("addresses: five in a region; one with a reverse name is not released, one in use is disassociated", async () => {
  await withSimulated(async (it) => {
    const [first] = await Promise.all(Array.from({ length: 5 }, () => it.create(TOKENS.eip, { domain: "vpc" })));
    assert.ok(first !== undefined);
    await assert.rejects(it.create(TOKENS.eip, { domain: "vpc" }), refused("AddressLimitExceeded"));
    const { id: instanceId } = await machine(it);
    await it.create(TOKENS.association, { allocationId: first.id, instanceId });
    await it.cloud.change((state) => {
      const address = state.addresses[first.id];
      if (address !== undefined) address.ptrRecord = "mx1.example.test";
    });
    await assert.rejects(it.delete(TOKENS.eip, first), refused("InvalidAddress.PtrSet"));
    await it.delete(TOKENS.ptr, { id: first.id, outputs: {} });
    await it.delete(TOKENS.eip, first);
    assert.equal(Object.keys(it.cloud.read().addresses).length, 4);
  });
});

test("an association moves an address, unless that is forbidden", async () => {
  await withSimulated(async (it) => {
    const eip = await it.create(TOKENS.eip, { domain: "vpc" });
    const [one, two] = [await machine(it), await machine(it)];
    await it.create(TOKENS.association, { allocationId: eip.id, instanceId: one.id });
    await assert.rejects(
      it.create(TOKENS.association, { allocationId: eip.id, instanceId: two.id, allowReassociation: false }),
      refused("Resource.AlreadyAssociated"),
    );
    await it.create(TOKENS.association, { allocationId: eip.id, instanceId: two.id });
    assert.equal(it.cloud.read().addresses[eip.id]?.instanceId, two.id);
    await assert.rejects(it.create(TOKENS.association, { allocationId: eip.id, instanceId: "i-0" }), refused("InvalidInstanceID.NotFound"));
    await assert.rejects(
      it.create(TOKENS.association, { allocationId: "eipalloc-0", instanceId: two.id }),
      refused("InvalidAllocationID.NotFound"),
    );
  });
});

test("a reverse name needs an A record that leads to the address, not through a proxy", async () => {
  await withSimulated(async (it) => {
    const eip = await it.create(TOKENS.eip, { domain: "vpc" });
    const { zoneId } = await it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.test" } });
    const name = { allocationId: eip.id, domainName: "mx1.example.test" };
    const a = { zoneId: zoneId ?? null, name: "mx1.example.test", type: "A", ttl: 1 };
    await assert.rejects(it.create(TOKENS.ptr, name), refused("InvalidParameterValue"));
    const record = await it.create(TOKENS.record, { ...a, content: "192.0.2.1" });
    await assert.rejects(it.create(TOKENS.ptr, name), refused("InvalidParameterValue"));
    await it.update(TOKENS.record, record.id, { ...a, content: eip.outputs.publicIp ?? null, proxied: true }, record.outputs);
    await assert.rejects(it.create(TOKENS.ptr, name), refused("InvalidParameterValue"));
    await it.update(TOKENS.record, record.id, { ...a, content: eip.outputs.publicIp ?? null }, record.outputs);
    const ptr = await it.create(TOKENS.ptr, name);
    assert.equal(ptr.outputs.ptrRecord, "mx1.example.test.");
    await it.cloud.change((state) => {
      state.addresses[eip.id]!.ptrRecord = "other.example.test";
    });
    const read = await it.read(TOKENS.ptr, ptr.id, name, ptr.outputs);
    assert.deepEqual(
      [read?.inputs.domainName, read?.outputs.ptrRecord],
      ["mx1.example.test", "other.example.test."],
      "seen, and not mended",
    );
  });
});

test("attachments: another zone, a taken volume or device, an unknown id", async () => {
  await withSimulated(async (it) => {
    const [one, two] = [await machine(it), await machine(it)];
    const volume = await it.create(TOKENS.volume, disk);
    const attach = { deviceName: "/dev/sdf", instanceId: one.id, volumeId: volume.id };
    await it.create(TOKENS.attachment, attach);
    await assert.rejects(it.create(TOKENS.attachment, { ...attach, instanceId: two.id }), refused("VolumeInUse"));
    const other = await it.create(TOKENS.volume, disk);
    await assert.rejects(it.create(TOKENS.attachment, { ...attach, volumeId: other.id }), refused("InvalidParameterValue"));
    await assert.rejects(
      it.create(TOKENS.attachment, { ...attach, volumeId: other.id, deviceName: "/dev/xvda" }),
      refused("InvalidParameterValue"),
    );
    const far = await it.create(TOKENS.volume, { ...disk, availabilityZone: "eu-central-1b" });
    await assert.rejects(it.create(TOKENS.attachment, { ...attach, volumeId: far.id }), refused("InvalidVolume.ZoneMismatch"));
    await assert.rejects(it.create(TOKENS.attachment, { ...attach, volumeId: "vol-0" }), refused("InvalidVolume.NotFound"));
  });
});

test("a volume leaves a running machine only by stopping it or by force", async () => {
  await withSimulated(async (it) => {
    const { id: instanceId } = await machine(it);
    const volume = await it.create(TOKENS.volume, disk);
    const attach = { deviceName: "/dev/sdf", instanceId, volumeId: volume.id };
    const plain = await it.create(TOKENS.attachment, attach);
    await assert.rejects(it.delete(TOKENS.attachment, plain), /last state: 'busy'/);
    await it.delete(TOKENS.attachment, { ...plain, outputs: { ...attach, stopInstanceBeforeDetaching: true } });
    assert.equal(it.cloud.read().instances[instanceId]?.state, "stopped");
    assert.equal(it.cloud.read().volumes[volume.id]?.attachment, undefined);
  });
});

test("machines: user data over 16 KB, another architecture, unknown ids and types", async () => {
  await withSimulated(async (it) => {
    const bytes = (length: number): string => Buffer.alloc(length, "a").toString("base64");
    await machine(it, { userDataBase64: bytes(16384) });
    await assert.rejects(machine(it, { userDataBase64: bytes(16385) }), refused("InvalidParameterValue"));
    await assert.rejects(machine(it, { instanceType: "t4g.micro" }), /architecture 'arm64' .* architecture 'x86_64'/);
    await assert.rejects(machine(it, { instanceType: "t3.tiny" }), /Invalid value 't3.tiny'/);
    await assert.rejects(machine(it, { ami: "ami-0" }), refused("InvalidAMIID.NotFound"));
    await assert.rejects(machine(it, { subnetId: "subnet-0" }), refused("InvalidSubnetID.NotFound"));
    await assert.rejects(machine(it, { vpcSecurityGroupIds: ["sg-0"] }), refused("InvalidGroup.NotFound"));
    await assert.rejects(machine(it, { userData: "a", userDataBase64: "YQ==" }), /userData: conflicts/);
    await assert.rejects(machine(it, { associatePublicIpAddress: true }), /Elastic IP only/);
    assert.equal(Object.keys(it.cloud.read().instances).length, 1, "what was refused is not there");
  });
});

test("a machine with an Elastic IP reads as one with a public address, which replaces one that is declared without", async () => {
  await withSimulated(async (it) => {
    const { id: instanceId, outputs } = await machine(it, { associatePublicIpAddress: false });
    assert.equal(outputs.associatePublicIpAddress, false);
    const eip = await it.create(TOKENS.eip, { domain: "vpc" });
    await it.create(TOKENS.association, { allocationId: eip.id, instanceId });
    const inputs = { ...outputs, associatePublicIpAddress: false };
    const read = await it.read(TOKENS.instance, instanceId, inputs, outputs);
    assert.equal(read?.inputs.associatePublicIpAddress, true);
    assert.ok(
      providerOf(TOKENS.instance)
        .diff(TOKENS.instance, read.inputs, inputs)
        .some((change) => change.replaces),
    );
  });
});

test("another type stops the machine and starts it, also one that was stopped", async () => {
  await withSimulated(async (it) => {
    const { id, outputs, group } = await machine(it);
    await setPower(it.cloud.lab, id, "stopped");
    const { ami = null } = outputs;
    await it.update(TOKENS.instance, id, { ami, instanceType: "t3.small", vpcSecurityGroupIds: [group] }, outputs);
    assert.deepEqual([it.cloud.read().instances[id]?.state, it.cloud.read().instances[id]?.instanceType], ["running", "t3.small"]);
  });
});

test("a refused change leaves the cloud as it was", async () => {
  await withSimulated(async (it) => {
    const refusing = { ...it.cloud.world, launch: () => Promise.reject(new Error("no room")) };
    Object.assign(it.cloud, { world: refusing });
    await assert.rejects(machine(it), /no room/);
    assert.deepEqual(it.cloud.read().instances, {});
  });
});

test("lookups: Debian's image by architecture, the default VPC and its subnets", async () => {
  await withSimulated(async (it) => {
    const amd64 = await it.invoke("aws:ssm/getParameter:getParameter", { name: IMAGE });
    const arm64 = await it.invoke("aws:ssm/getParameter:getParameter", { name: IMAGE.replace("amd64", "arm64") });
    assert.match(String(amd64.insecureValue), /^ami-/);
    assert.notEqual(amd64.insecureValue, arm64.insecureValue);
    await assert.rejects(
      it.invoke("aws:ssm/getParameter:getParameter", { name: "/aws/service/debian/release/99/latest/amd64" }),
      refused("ParameterNotFound"),
    );
    const vpc = await it.invoke("aws:ec2/getVpc:getVpc", { default: true });
    const { ids } = await it.invoke("aws:ec2/getSubnets:getSubnets", { filters: [{ name: "vpc-id", values: [vpc.id ?? null] }] });
    assert.equal((ids as string[]).length, 3);
    await assert.rejects(it.invoke("aws:ec2/getSubnet:getSubnet", { vpcId: vpc.id ?? null }), /multiple EC2 Subnets matched/);
    await assert.rejects(it.invoke("aws:ec2/getSubnet:getSubnet", { id: "subnet-0" }), /no matching EC2 Subnet found/);
    const zones = async (filters: Properties[]): Promise<unknown> =>
      (await it.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { filters })).names;
    assert.deepEqual(await zones([{ name: "opt-in-status", values: ["opt-in-not-required"] }]), [
      "eu-central-1a",
      "eu-central-1b",
      "eu-central-1c",
    ]);
    assert.deepEqual(await zones([{ name: "opt-in-status", values: ["opted-in"] }]), []);
  });
});
