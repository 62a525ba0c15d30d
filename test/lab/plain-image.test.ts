/** Debian as EC2 offers it: the machine installs its packages at its first boot, once its address gives it a way out. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ports } from "../../cloud-init/ports";
import { withCloud } from "../../lab/cloud/cloud";
import { readState } from "../../lab/cloud/store";
import { addressOf } from "../../lab/command/hosts-of";
import { hostFolder } from "../../lab/hosts/host";
import { readImages } from "../../lab/hosts/images-in-use";
import { until } from "../../lab/until";
import { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

describe("one primary from the plain image", { timeout: 600_000 }, () => {
  const it = new LabUnderTest("test-plain");
  before(() => it.begin());
  after(() => it.end());

  test("it has no way out until its Elastic IP is associated, installs its packages then, and ends serving", async () => {
    delete it.config["mailserver:exchangers"].mx2;
    const console = (id: string): string => readFileSync(join(hostFolder(it.lab, id), "console.log"), "utf8");
    const associate = (instanceId: string | undefined): Promise<void> =>
      withCloud(it.lab, (state) => {
        const address = addressOf(state, "mx1");
        assert.ok(address !== undefined);
        if (instanceId === undefined) delete address.instanceId;
        else address.instanceId = instanceId;
      });
    // AWS can take its time: the address is taken away as soon as it is there, and given back when the machine has tried in vain.
    const late = async (): Promise<string> => {
      const id = await until("the address", 120, async () => addressOf(readState(it.lab), "mx1")?.instanceId, 10);
      await associate(undefined);
      await until("the machine to say that it gets no packages", 120, async () => /mailserver: no packages yet/.test(console(id)));
      await associate(id);
      return id;
    };
    const [, id] = await Promise.all([it.up("plain"), late()]);
    for (const layer of readImages(it.lab).plain) {
      for (const program of ["postfix", "dovecot"]) assert.ok(!existsSync(join(layer, "usr/sbin", program)), `the image has no ${program}`);
    }
    assert.match(console(id), /mailserver: installing .*postfix/);
    for (const { port } of ports("primary")) assert.ok(await it.clients.connects(it.address("mx1"), port, 2000), `port ${port}`);
    await arrives(it, "mx1", "alice@example.test");
    assert.equal(await it.sh("mx1", "systemctl list-units --failed --plain --no-legend"), "");
    assert.deepEqual(await it.preview(), []);
  });
});
