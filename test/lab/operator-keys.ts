/** The operator's key changes: the new one is proved before the old one goes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabSecrets } from "../../lab/engine/secrets";
import { sshKeyPair } from "../../lab/ssh-key-pair";
import { changeSecrets, readSecrets } from "../examples/lab-secrets";
import type { LabUnderTest } from "./lab-under-test";

export function operatorKeys(it: LabUnderTest): void {
  /** What the lab's person declares and logs in with. */
  const become = (operator: LabSecrets["operator"], others: readonly string[]): void => {
    changeSecrets(it.lab, (secrets) => ({ ...secrets, operator }));
    it.config["mailserver:operator"] = { publicKeys: others };
  };
  const listed = (key: string): Promise<string> => it.sh(key, "cat /etc/ssh/mailops_keys");

  test("an operator's key is changed in three steps, and a step too many at once is refused by every host", async () => {
    const old = readSecrets(it.lab).operator;
    const pair = sshKeyPair("operator@new");
    const next = { publicKey: pair.public.trim(), privateKey: pair.private };

    // Only the new one, brought by the old one: nobody could be sure that the new one works.
    become({ ...next, privateKey: old.privateKey }, []);
    const { exitCode, output } = await it.tryUp();
    assert.notEqual(exitCode, 0);
    assert.match(output, /nothing was changed: this session logged in with a key that is not among the new operator\.publicKeys/);
    for (const key of ["mx1", "mx2"]) assert.equal(await listed(key), old.publicKey);

    become(old, [next.publicKey]);
    assert.deepEqual(await it.preview(), ["update mail-mx1-apply", "update mail-mx2-apply"]);
    await it.up();
    become(next, [old.publicKey]);
    await it.up();
    become(next, []);
    assert.deepEqual(await it.preview(), ["update mail-mx1-apply", "update mail-mx2-apply"]);
    await it.up();
    for (const key of ["mx1", "mx2"]) assert.equal(await listed(key), next.publicKey);
    assert.deepEqual(await it.preview(), []);
    delete it.config["mailserver:operator"];
  });
}
