/** What hands change is seen by a refresh, and mended by the next `up`. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { stringify } from "yaml";
import * as hands from "../../lab/cloud/behind-the-program";
import { disk, machine } from "./machine";
import { TOKENS, withSimulated } from "./simulated";

const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.drift.yaml");
writeFileSync(stackFile, stringify({ config: {} }));
const engine = engineOn({ program: join(__dirname, "programs", "small"), project: "small", stackFile });
after(() => engine.destroy());

const only = <T>(all: Record<string, T>, wanted: (one: T) => boolean = () => true): T => {
  const [found, ...more] = Object.values(all).filter(wanted);
  assert.ok(found !== undefined && more.length === 0);
  return found;
};

/** What a person would look at, without ids and times. */
function shown(): unknown {
  const { addresses, instances, records, securityGroupRules, securityGroups, volumes } = engine.cloud();
  const instance = only(instances);
  return {
    address: only(addresses).instanceId === instance.id && only(addresses).ptrRecord,
    machine: [instance.state, instance.instanceType],
    records: Object.values(records)
      .map(({ name, type, content, priority, ttl }) => [name, type, content, priority, ttl])
      .sort(),
    rules: Object.values(securityGroupRules)
      .map(({ direction, ipProtocol, fromPort, toPort, cidrIpv4, description }) => [
        direction,
        ipProtocol,
        fromPort,
        toPort,
        cidrIpv4,
        description,
      ])
      .sort(),
    tags: only(securityGroups).tags,
    volume: only(volumes).attachment?.instanceId === instance.id && only(volumes).sizeGiB,
  };
}

async function mended(by: () => Promise<void>, expected: readonly string[]): Promise<void> {
  const before = shown();
  await by();
  assert.deepEqual(await engine.preview(), [], "nothing is seen before the refresh");
  await engine.pulumi("refresh", "--yes", "--skip-preview");
  const steps = (await engine.preview()).map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`);
  assert.deepEqual(steps.sort(), [...expected].sort());
  await engine.up();
  assert.deepEqual(shown(), before);
  assert.deepEqual(await engine.preview(), []);
}

test("records, rules, tags, an address, a volume, the power and a reverse name that were changed", async () => {
  await engine.up();
  const { lab } = engine;
  const { addresses, instances, records, securityGroupRules, securityGroups, volumes } = engine.cloud();
  await mended(async () => {
    await hands.alterRecord(lab, only(records, ({ type }) => type === "MX").id, { priority: 99, ttl: 60 });
    await hands.alterRule(lab, only(securityGroupRules, ({ toPort }) => toPort === 25).id, { toPort: 26, cidrIpv4: "192.0.2.0/24" });
    await hands.alterRule(lab, only(securityGroupRules, ({ direction }) => direction === "egress").id, {
      ipProtocol: "tcp",
      fromPort: 1,
      toPort: 2,
    });
    await hands.retag(lab, only(securityGroups).id, { Name: "someone else's" });
    await hands.disassociateAddress(lab, only(addresses).allocationId);
    await hands.detach(lab, only(volumes).id);
    await hands.setPower(lab, only(instances).id, "stopped");
    await hands.resetReverseName(lab, only(addresses).allocationId);
  }, [
    "create EipAssociation mx",
    "create EipDomainName ptr",
    "create VolumeAttachment mx",
    "update DnsRecord mx",
    "update InstanceState mx",
    "update SecurityGroup mx",
    "update SecurityGroupEgressRule mx-out",
    "update SecurityGroupIngressRule mx-smtp",
  ]);
});

test("a record, a rule and the machine that are gone; its volume, address and name stay", async () => {
  const { lab } = engine;
  const before = engine.cloud();
  await mended(async () => {
    await hands.alterRecord(lab, only(before.records, ({ type }) => type === "MX").id, "delete");
    await hands.alterRule(lab, only(before.securityGroupRules, ({ toPort }) => toPort === 25).id, "delete");
    await hands.terminate(lab, only(before.instances).id);
  }, [
    "create DnsRecord mx",
    "create EipAssociation mx",
    "create Instance mx",
    "create InstanceState mx",
    "create SecurityGroupIngressRule mx-smtp",
    "create VolumeAttachment mx",
  ]);
  const now = engine.cloud();
  assert.deepEqual(Object.keys(now.volumes), Object.keys(before.volumes));
  assert.deepEqual(Object.keys(now.addresses), Object.keys(before.addresses));
  assert.notDeepEqual(Object.keys(now.instances), Object.keys(before.instances));
});

test("of every resource: what is gone reads as gone, and so do tags that others replaced", async () => {
  await withSimulated(async (it) => {
    const tags = { Name: "ours" };
    const { zoneId = null } = await it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.test" } });
    const host = await machine(it, { tags });
    const eip = await it.create(TOKENS.eip, { domain: "vpc", tags });
    const volume = await it.create(TOKENS.volume, { ...disk, tags });
    const group = await it.create(TOKENS.group, { description: "mail", tags });
    const everybody = { securityGroupId: group.id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", tags };
    const a = { zoneId, name: "mx1.example.test", type: "A", ttl: 300, content: eip.outputs.publicIp ?? null };
    const made = [
      { token: TOKENS.instance, ...host },
      { token: TOKENS.eip, ...eip },
      { token: TOKENS.volume, ...volume },
      { token: TOKENS.group, ...group },
      { token: TOKENS.ingress, ...(await it.create(TOKENS.ingress, everybody)) },
      { token: TOKENS.egress, ...(await it.create(TOKENS.egress, everybody)) },
      { token: TOKENS.power, ...(await it.create(TOKENS.power, { instanceId: host.id, state: "running" })) },
      { token: TOKENS.association, ...(await it.create(TOKENS.association, { allocationId: eip.id, instanceId: host.id })) },
      {
        token: TOKENS.attachment,
        ...(await it.create(TOKENS.attachment, { deviceName: "/dev/sdf", instanceId: host.id, volumeId: volume.id })),
      },
      { token: TOKENS.record, ...(await it.create(TOKENS.record, a)) },
      { token: TOKENS.ptr, ...(await it.create(TOKENS.ptr, { allocationId: eip.id, domainName: "mx1.example.test" })) },
    ];
    // Whether it is signed every zone says; that goes with the zone alone.
    const goes = Object.values(TOKENS).filter((token) => token !== TOKENS.dnssec);
    assert.deepEqual(made.map(({ token }) => token).sort(), goes.sort(), "every simulated resource is among them");
    for (const { token, id, outputs } of made.filter((one) => one.outputs.tags !== undefined && one.token !== TOKENS.record)) {
      await hands.retag(it.cloud.lab, id, { Name: "theirs" });
      assert.deepEqual((await it.read(token, id, { tags }, outputs))?.inputs.tags, { Name: "theirs" }, token);
    }
    await it.cloud.change((state) =>
      Object.assign(state, { addresses: {}, instances: {}, records: {}, securityGroupRules: {}, securityGroups: {}, volumes: {} }),
    );
    for (const { token, id, outputs } of made) assert.equal(await it.read(token, id, {}, outputs), undefined, token);
  });
});
