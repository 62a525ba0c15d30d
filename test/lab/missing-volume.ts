/** A machine that starts without its volume. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import execa from "execa";
import { PEER_PORT, ports } from "../../cloud-init/ports";
import { withCloud } from "../../lab/cloud/cloud";
import type { Volume } from "../../lab/cloud/state";
import { exchangerNamed } from "../../lab/command/hosts-of";
import { startExchanger, stopExchanger } from "../../lab/command/power";
import { hostFolder } from "../../lab/hosts/host";
import { hostsWorld } from "../../lab/hosts/world";
import { inNetwork } from "../../lab/network/links";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

const PORTS = [22, ...ports("primary", "dovecot").map(({ port }) => port), PEER_PORT];

export function missingVolume(it: LabUnderTest): void {
  test("without its volume a host serves nothing, not even SSH, and the console says why; with it, it serves again", async () => {
    const { instance, volumes } = exchangerNamed(it.lab, "mx1");
    const volume = volumes[0];
    assert.ok(volume?.attachment !== undefined);
    const attach = (attachment: Volume["attachment"]): Promise<void> =>
      withCloud(it.lab, (state) => {
        const there = state.volumes[volume.id];
        assert.ok(there !== undefined);
        if (attachment === undefined) delete there.attachment;
        else there.attachment = attachment;
      });
    const log = join(hostFolder(it.lab, instance.id), "console.log");
    await stopExchanger(it.lab, "mx1");
    const before = readFileSync(log).length;
    await attach(undefined);
    try {
      await startExchanger(it.lab, "mx1");
      await until("the console to say that the volume is missing", 60, async () =>
        readFileSync(log).subarray(before).toString().includes(`mailserver: waiting for volume ${volume.id}`),
      );
      // Everything else has started: nothing more will open a port.
      await until("the end of the boot", 60, async () =>
        /^(running|degraded)$/.test((await it.on("mx1", "systemctl", "is-system-running", "--wait")).stdout),
      );
      const listening = (await it.sh("mx1", "ss -ltnH")).split("\n").map((line) => Number(/:(\d+) /.exec(line)?.[1]));
      assert.deepEqual(
        listening.filter((port) => PORTS.includes(port)),
        [],
      );
      for (const port of PORTS) assert.ok(!(await it.clients.connects(it.address("mx1"), port, 300)), `port ${port}`);
      const [command = "", ...prefix] = inNetwork(it.lab, "operator");
      const { stdout } = await execa(command, [...prefix, "ssh-keyscan", "-T", "2", it.address("mx1")], { reject: false });
      assert.equal(stdout, "", "sshd answers nobody");
      const store = await it.sh("mx1", "find /srv/mailserver -mindepth 1 -maxdepth 2 2>/dev/null || :");
      assert.equal(store, "", "nothing was written where the volume belongs");
      // However late it is: no job waits for it that systemd could give up, and what waits may run for ever.
      assert.equal(await it.sh("mx1", "systemctl list-jobs --no-legend"), "");
      assert.equal(
        await it.sh("mx1", "systemctl show -P RuntimeMaxUSec -P WatchdogUSec -P ActiveState mailserver-boot.service"),
        "infinity\n0\nactive",
      );
    } finally {
      await attach(volume.attachment);
      await hostsWorld(it.lab).attach(volume, instance.id);
    }
    await it.greets("mx1");
    for (const key of ["mx1", "mx2"]) await arrives(it, key, "carol@club.test");
    assert.deepEqual(await it.preview(), []);
  });
}
