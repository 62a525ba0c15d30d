/** Debian as EC2 offers it: the machine installs its packages at its first boot, once its address gives it a way out. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ports } from "../../cloud-init/ports";
import { withCloud } from "../../lab/cloud/cloud";
import { readState } from "../../lab/cloud/store";
import { addressOf, instanceOf } from "../../lab/command/hosts-of";
import { hostFolder, initOf } from "../../lab/hosts/host";
import { runOn } from "../../lab/hosts/run-on";
import { until } from "../../lab/until";
import { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

describe("one primary from the plain image", { timeout: 600_000 }, () => {
  const it = new LabUnderTest("test-plain");
  before(() => it.begin());
  after(() => it.end());

  test("it has no way out until its Elastic IP is associated, installs its packages then, and ends serving", async () => {
    delete it.config["mailserver:exchangers"].mx2;
    const up = it.up("plain");
    const looked = (async (): Promise<string> => {
      const id = await until(
        "the machine to run",
        120,
        async () => {
          const instance = instanceOf(readState(it.lab), "mx1");
          return instance !== undefined && initOf(it.lab, instance.id) !== undefined && instance.id;
        },
        10,
      );
      const { stdout } = await runOn(it.lab, id, ["sh", "-c", "ls /usr/sbin/postfix /usr/sbin/dovecot 2>/dev/null || echo neither"]);
      return stdout;
    })();
    const [, before] = await Promise.all([up, looked]);
    assert.equal(before, "neither", "the image has no mail server");
    const id = instanceOf(readState(it.lab), "mx1")?.id ?? "";
    assert.match(readFileSync(join(hostFolder(it.lab, id), "console.log"), "utf8"), /mailserver: .*install/);
    for (const { port } of ports("primary")) assert.ok(await it.clients.connects(it.address("mx1"), port, 2000), `port ${port}`);
    // What the first boot began with: no address, no way out.
    const wayOut = async (): Promise<boolean> =>
      (await it.on("mx1", "timeout", "4", "apt-get", "-q", "update", "--error-on=any")).exitCode === 0;
    const associate = (instanceId: string | undefined): Promise<void> =>
      withCloud(it.lab, (state) => {
        const address = addressOf(state, "mx1");
        assert.ok(address !== undefined);
        if (instanceId === undefined) delete address.instanceId;
        else address.instanceId = instanceId;
      });
    await associate(undefined);
    assert.ok(!(await wayOut()), "without an Elastic IP nothing gets out");
    await associate(id);
    await until("a way out", 60, wayOut);
    await arrives(it, "mx1", "alice@example.test");
    assert.equal(await it.sh("mx1", "systemctl list-units --failed --plain --no-legend"), "");
    assert.deepEqual(await it.preview(), []);
  });
});
