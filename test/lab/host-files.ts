/** What the programs themselves say of the files that a host got. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readState } from "../../lab/cloud/store";
import { instanceOf } from "../../lab/command/hosts-of";
import { startExchanger, stopExchanger } from "../../lab/command/power";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

export function hostFiles(it: LabUnderTest): void {
  for (const key of ["mx1", "mx2"]) {
    test(`${key}: Postfix and cloud-init find nothing wrong`, async () => {
      for (const command of [
        ["postfix", "check"],
        ["postconf", "-n"],
        ["postconf", "-M"],
        ["postconf", "-P"],
      ]) {
        const { exitCode, stdout, stderr } = await it.on(key, ...command);
        assert.deepEqual([exitCode, stderr], [0, ""], command.join(" "));
        assert.equal(stdout === "", command[0] === "postfix");
      }
      const userData = gunzipSync(Buffer.from(instanceOf(readState(it.lab), key)?.userDataBase64 ?? "", "base64")).toString();
      assert.match(userData, /^#cloud-config\n/);
      const valid = await it.sh(key, "cat >/run/user-data; cloud-init schema --config-file /run/user-data; rm /run/user-data", userData);
      assert.match(valid, /^Valid schema/m);
      const { stdout } = await it.on(key, "cloud-init", "status", "--format", "json");
      const { status, errors, recoverable_errors } = JSON.parse(stdout) as { status: string; errors: unknown; recoverable_errors: unknown };
      assert.deepEqual({ status, errors, recoverable_errors }, { status: "done", errors: [], recoverable_errors: {} });
      assert.equal(await it.sh(key, "systemctl list-units --failed --plain --no-legend"), "");
    });
  }

  test("mx1: Dovecot's whole configuration can be read", async () => {
    const { exitCode, stdout, stderr } = await it.on("mx1", "doveconf", "-n");
    assert.deepEqual([exitCode, stderr], [0, ""]);
    assert.match(stdout, /^mail_driver = maildir$/m);
  });

  test("mx2 serves again after a clean stop and a start", async () => {
    await stopExchanger(it.lab, "mx2");
    await startExchanger(it.lab, "mx2");
    await it.greets("mx2");
    await arrives(it, "mx2", "bob@example.test");
    assert.equal(await it.sh("mx2", "systemctl list-units --failed --plain --no-legend"), "");
  });
}
