import assert from "node:assert/strict";
import { test } from "node:test";
import { REGIONS } from "../../lab/cloud/aws/regions";
import { disk, IMAGE, machine } from "./machine";
import { TOKENS, withSimulated } from "./simulated";

const IRELAND = { region: "eu-west-1" };
const refused = (code: string): RegExp => new RegExp(`^Error: ${code.replace(".", "\\.")}: `);

test("each region has zones, a default VPC and images of its own", async () => {
  await withSimulated(async (it) => {
    const ids = new Set<unknown>();
    for (const { code: region, zones } of REGIONS) {
      const { names } = await it.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { region });
      assert.deepEqual(
        names,
        zones.map((letter) => region + letter),
      );
      const vpc = await it.invoke("aws:ec2/getVpc:getVpc", { default: true, region });
      const subnets = await it.invoke("aws:ec2/getSubnets:getSubnets", { filters: [{ name: "vpc-id", values: [vpc.id ?? null] }], region });
      assert.equal((subnets.ids as string[]).length, zones.length);
      const image = await it.invoke("aws:ssm/getParameter:getParameter", { name: IMAGE, region });
      for (const id of [vpc.id, image.insecureValue]) ids.add(id);
    }
    assert.equal(ids.size, REGIONS.length * 2, "no two regions share one");
  });
});

test("no two subnets of the account overlap, because all regions are one network", async () => {
  await withSimulated(async (it) => {
    const ranges = Object.values(it.cloud.read().subnets).map(({ cidrBlock }) => cidrBlock);
    assert.equal(new Set(ranges).size, ranges.length);
    assert.ok(ranges.every((range) => /^172\.31\.\d+\.0\/20$/.test(range) && Number(range.split(".")[2]) % 16 === 0));
  });
});

test("what is in one region is unknown in another", async () => {
  await withSimulated(async (it) => {
    const { id: instanceId, group } = await machine(it);
    const eip = await it.create(TOKENS.eip, { domain: "vpc", ...IRELAND });
    const volume = await it.create(TOKENS.volume, disk);
    const association = { allocationId: eip.id, instanceId };
    await assert.rejects(it.create(TOKENS.association, association), refused("InvalidAllocationID.NotFound"));
    await assert.rejects(it.create(TOKENS.association, { ...association, ...IRELAND }), refused("InvalidInstanceID.NotFound"));
    const attachment = { deviceName: "/dev/sdf", instanceId, volumeId: volume.id, ...IRELAND };
    await assert.rejects(it.create(TOKENS.attachment, attachment), refused("InvalidVolume.NotFound"));
    const rule = { securityGroupId: group, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", ...IRELAND };
    await assert.rejects(it.create(TOKENS.egress, rule), refused("InvalidGroup.NotFound"));
    await assert.rejects(it.create(TOKENS.volume, { ...disk, ...IRELAND }), refused("InvalidZone.NotFound"));
    const { insecureValue = null } = await it.invoke("aws:ssm/getParameter:getParameter", { name: IMAGE });
    await assert.rejects(machine(it, { ...IRELAND, ami: insecureValue }), refused("InvalidAMIID.NotFound"));
    await assert.rejects(machine(it, { ...IRELAND, vpcSecurityGroupIds: [group] }), refused("InvalidGroup.NotFound"));
    await assert.rejects(it.create(TOKENS.power, { instanceId, state: "running", ...IRELAND }), refused("InvalidInstanceID.NotFound"));
    assert.equal(await it.read(TOKENS.instance, instanceId, {}, IRELAND), undefined);
    assert.equal(await it.read(TOKENS.eip, eip.id, {}, {}), undefined, "the provider's region is another one");
    assert.notEqual(await it.read(TOKENS.eip, eip.id, {}, IRELAND), undefined);
  });
});

test("five addresses in each region, and a machine's names are its region's", async () => {
  await withSimulated(async (it) => {
    for (let count = 0; count < 5; count += 1) await it.create(TOKENS.eip, { domain: "vpc" });
    await assert.rejects(it.create(TOKENS.eip, { domain: "vpc" }), refused("AddressLimitExceeded"));
    const eip = await it.create(TOKENS.eip, { domain: "vpc", region: "us-east-1" });
    assert.match(String(eip.outputs.publicDns), /^ec2-[\d-]+\.compute-1\.amazonaws\.com$/);
    assert.match(String(eip.outputs.arn), /^arn:aws:ec2:us-east-1:/);
    assert.match(String((await machine(it, IRELAND)).outputs.privateDns), /^ip-172-31-[\d-]+\.eu-west-1\.compute\.internal$/);
  });
});

test("a region that the account does not have is refused", async () => {
  await withSimulated(async (it) => {
    await assert.rejects(it.create(TOKENS.eip, { domain: "vpc", region: "eu-north-1" }), /has the regions .*"eu-north-1" is none of them/);
  });
});
