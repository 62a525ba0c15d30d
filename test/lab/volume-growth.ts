/** A volume is made larger while the host serves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { letTimePass } from "../../lab/cloud/behind-the-program";
import { startExchanger, stopExchanger } from "../../lab/command/power";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

export function volumeGrowth(it: LabUnderTest): void {
  const sizeGiB = async (): Promise<number> => Number(await it.sh("mx2", "findmnt -bno SIZE /srv/mailserver")) / 1024 ** 3;

  test("a volume grows: its file system while it is in use, or where the kernel refuses that, at the next start, and the host says which", async () => {
    it.config["mailserver:exchangers"].mx2!.volumeSize = 12;
    assert.deepEqual(await it.preview(), ["update mail-mx2-apply", "update mail-mx2-volume"]);
    const { exitCode, output } = await it.tryUp();
    assert.equal(exitCode, 0, output);
    assert.match(output, /the file system grows to 12 GiB/);
    if (/grows at the next start of the machine/.test(output)) {
      // EXT4_IOC_RESIZE_FS wants CAP_SYS_RESOURCE, which not every machine that the lab runs on gives.
      assert.match(output, /Permission denied/);
      await stopExchanger(it.lab, "mx2");
      await startExchanger(it.lab, "mx2");
      await it.greets("mx2");
    }
    assert.ok((await sizeGiB()) > 11, `${await sizeGiB()} GiB`);
    await arrives(it, "mx2", "bob@example.test");
    assert.deepEqual(await it.preview(), []);
    // EBS would refuse another change of this volume for six hours, and the next subjects make one.
    await letTimePass(it.lab, 6 * 3600);
  });
}
