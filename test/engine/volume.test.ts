import assert from "node:assert/strict";
import { test } from "node:test";
import { letTimePass } from "../../lab/cloud/behind-the-program";
import type { Properties } from "../../lab/cloud/protocol/property-value";
import { disk, machine } from "./machine";
import { TOKENS, withSimulated, type Simulated } from "./simulated";

const refused = (code: string): RegExp => new RegExp(`^Error: ${code.replace(".", "\\.")}: `);

/** A volume, and a way to change its inputs as the engine does. */
async function changing(it: Simulated): Promise<{ id: string; outputs: Properties; change(inputs: Properties): Promise<Properties> }> {
  const made = await it.create(TOKENS.volume, disk);
  let { outputs } = made;
  return {
    ...made,
    change: async (inputs) => (outputs = await it.update(TOKENS.volume, made.id, { ...disk, ...inputs }, outputs)),
  };
}

test("a volume grows in place and never shrinks", async () => {
  await withSimulated(async (it) => {
    const volume = await changing(it);
    const grown: number[] = [];
    Object.assign(it.cloud, {
      world: { ...it.cloud.world, growVolume: async ({ sizeGiB }: { sizeGiB: number }) => void grown.push(sizeGiB) },
    });
    assert.equal((await volume.change({ size: 9 })).size, 9);
    assert.deepEqual(grown, [9], "the disk behind it grew");
    await assert.rejects(volume.change({ size: 8 }), refused("InvalidParameterValue"));
    assert.equal(it.cloud.read().volumes[volume.id]?.sizeGiB, 9);
  });
});

test("while a modification is being optimised, the next one is refused; a tag is none", async () => {
  await withSimulated(async (it) => {
    const volume = await changing(it);
    await volume.change({ size: 9 });
    await assert.rejects(volume.change({ size: 10 }), refused("IncorrectModificationState"));
    assert.deepEqual((await volume.change({ size: 9, tags: { Name: "mx1" } })).tags, { Name: "mx1" });
    // Nine GiB are optimised for 9/1024 of six hours.
    await letTimePass(it.cloud.lab, 180);
    await assert.rejects(volume.change({ size: 10 }), refused("IncorrectModificationState"));
    await letTimePass(it.cloud.lab, 60);
    assert.equal((await volume.change({ size: 10 })).size, 10);
  });
});

test("four modifications in 24 hours, and then one more a day after the first", async () => {
  await withSimulated(async (it) => {
    const volume = await changing(it);
    for (const size of [9, 10, 11, 12]) {
      await volume.change({ size });
      await letTimePass(it.cloud.lab, 3600);
    }
    await assert.rejects(volume.change({ size: 13 }), refused("VolumeModificationRateExceeded"));
    await letTimePass(it.cloud.lab, 20 * 3600);
    await volume.change({ size: 13 });
    await letTimePass(it.cloud.lab, 600);
    await assert.rejects(volume.change({ size: 14 }), refused("VolumeModificationRateExceeded"));
  });
});

test("performance belongs to a type: what is not asked for follows from it", async () => {
  await withSimulated(async (it) => {
    const volume = await changing(it);
    assert.deepEqual([volume.outputs.iops, volume.outputs.throughput], [3000, 125]);
    assert.equal((await volume.change({ iops: 4000 })).iops, 4000);
    assert.equal((await volume.change({ tags: {} })).iops, 4000, "left out is not taken back");
    await letTimePass(it.cloud.lab, 3600);
    assert.equal((await volume.change({ type: "gp2" })).iops, 100);
    await assert.rejects(
      it.create(TOKENS.volume, { ...disk, type: "gp2", throughput: 125 }),
      /'throughput' must not be set when 'type' is 'gp2'/,
    );
    await assert.rejects(it.create(TOKENS.volume, { ...disk, type: "gp2", iops: 100 }), /'iops' must not be set when 'type' is 'gp2'/);
    await assert.rejects(it.create(TOKENS.volume, { ...disk, type: "io2" }), /'iops' must be set when 'type' is 'io2'/);
  });
});

test("a volume is in a zone that exists; an attached one is not deleted, one that is gone is no problem", async () => {
  await withSimulated(async (it) => {
    await assert.rejects(it.create(TOKENS.volume, { ...disk, availabilityZone: "eu-central-1z" }), refused("InvalidZone.NotFound"));
    const volume = await it.create(TOKENS.volume, disk);
    const { id: instanceId } = await machine(it);
    const attachment = await it.create(TOKENS.attachment, { deviceName: "/dev/sdf", instanceId, volumeId: volume.id, forceDetach: true });
    await assert.rejects(it.delete(TOKENS.volume, volume), refused("VolumeInUse"));
    await it.delete(TOKENS.attachment, attachment);
    await it.delete(TOKENS.volume, volume);
    await it.delete(TOKENS.volume, volume);
    assert.deepEqual(it.cloud.read().volumes, {});
  });
});

test("a volume has a type, a size and a performance that exist, and room in the account", async () => {
  await withSimulated(async (it) => {
    const make = (inputs: Properties): Promise<unknown> => it.create(TOKENS.volume, { ...disk, ...inputs });
    await assert.rejects(make({ type: "gp9" }), refused("UnknownVolumeType"));
    await assert.rejects(make({ type: "st1" }), /st1 volumes must be at least 125 GiB in size/);
    await assert.rejects(make({ type: "gp2", size: 16385 }), /Volume of 16385GiB is too large for volume type gp2; maximum is 16384GiB/);
    await assert.rejects(make({ iops: 4001 }), /Iops to volume size ratio of 500\.125000 is too high; maximum is 500/);
    await assert.rejects(make({ iops: 80001, size: 1000 }), /Volume iops of 80001 is too high; maximum is 80000/);
    await assert.rejects(make({ throughput: 751 }), /maximum is 0\.250000 MiBps per iops/);
    await make({ size: 51200 });
    await assert.rejects(make({ size: 1 }), refused("VolumeLimitExceeded"));
    await make({ size: 1, type: "gp2" });
  });
});
