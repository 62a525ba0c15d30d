/** A fresh lab's first `up`, looked at from outside and from inside its hosts while it runs. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { PEER_PORT, ports } from "../../cloud-init/ports";
import { readState } from "../../lab/cloud/store";
import { instanceOf } from "../../lab/command/hosts-of";
import { initOf } from "../../lab/hosts/host";
import { runOn } from "../../lab/hosts/run-on";
import { netns } from "../../lab/network/links";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";

const PORTS = [...ports("primary", "dovecot").map(({ port }) => port), PEER_PORT];

/** Looks until the active bundle has accounts; prints each mail port that somebody listens on before, and at last how often it looked. The list is taken first. */
const WATCH = `
looks=0
while :; do
  listening=$(ss -ltnH | awk '{ print $4 }' | grep -E ':(${PORTS.join("|")})$' || :)
  if grep -q '"accounts": true' /srv/mailserver/active/bundle.json 2>/dev/null; then echo "looks $looks"; exit; fi
  [ -z "$listening" ] || echo "$listening"
  looks=$((looks + 1))
  sleep 0.05
done`;

export function powerOn(it: LabUnderTest): void {
  test("from power-on no mail port answers before accounts are active; then all do", async () => {
    const keys = Object.keys(it.config["mailserver:exchangers"]);
    let done = false;
    const began = (async (): Promise<void> => {
      try {
        await it.up();
      } finally {
        done = true;
      }
    })();

    const inside = keys.map(async (key): Promise<string[]> => {
      const id = await until(
        `${key} to run`,
        180,
        async () => {
          if (done) throw new Error("up has ended");
          const instance = instanceOf(readState(it.lab), key);
          return instance !== undefined && initOf(it.lab, instance.id) !== undefined && instance.id;
        },
        20,
      );
      const { stdout, stderr, exitCode } = await runOn(it.lab, id, ["timeout", "300", "bash", "-c", WATCH]);
      assert.equal(exitCode, 0, stderr);
      return stdout.split("\n");
    });

    /** By address and port: when it first took a connection, in milliseconds. */
    const first = new Map<string, number>();
    const looks = new Map<string, number>();
    const outside = (async (): Promise<void> => {
      const onInternet = `/run/netns/${netns(it.lab, "internet")}`;
      await until("the lab's internet", 120, async () => existsSync(onInternet));
      const look = async (host: string, port: number): Promise<void> => {
        const place = `${host}:${port}`;
        while (!done && !first.has(place)) {
          if (await it.clients.connects(host, port, 300)) first.set(place, Date.now());
          looks.set(place, (looks.get(place) ?? 0) + 1);
        }
      };
      // The first two addresses of the lab are those that the exchangers will get.
      await Promise.all(it.lab.elasticIps.slice(0, 2).flatMap((host) => PORTS.map((port) => look(host, port))));
    })();

    // A failure of `up` is the first to be told.
    await began;
    await outside;
    for (const [index, lines] of (await Promise.all(inside)).entries()) {
      const last = lines.pop() ?? "";
      assert.deepEqual(lines, [], `${keys[index]}: listened on before accounts were active`);
      assert.ok(Number(/^looks (\d+)$/.exec(last)?.[1]) > 10, `${keys[index]} was looked at: ${last}`);
    }
    for (const key of keys) {
      const address = it.address(key);
      const active = Number(await it.sh(key, "stat -c %.Y /srv/mailserver/active")) * 1000;
      const role = it.config["mailserver:exchangers"][key]?.role === "primary" ? "primary" : "backup";
      for (const port of PORTS) {
        assert.ok((looks.get(`${address}:${port}`) ?? 0) > 10, `${address}:${port} was looked at`);
        const answered = first.get(`${address}:${port}`);
        assert.ok(answered === undefined || answered >= active, `${key} took a connection on port ${port} before accounts were active`);
      }
      for (const { port } of ports(role, "dovecot"))
        assert.ok(await it.clients.connects(address, port, 2000), `${key} answers on port ${port}`);
      assert.ok(!(await it.clients.connects(address, PEER_PORT, 500)), `${key}: the peer port is closed to the internet`);
      assert.ok((await it.sh(key, "ss -ltnH")).includes(`:${PEER_PORT} `), `${key}: the peer port is open on the host`);
    }
  });

  test("after up there is nothing to do", async () => {
    assert.deepEqual(await it.preview(), []);
  });
}
