/** `pulumi destroy` of a whole mail system. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readState } from "../../lab/cloud/store";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { inMaildirs, newToken, SENDER } from "./mail-flow";

export function everythingGoes(it: LabUnderTest): void {
  const backups = (): string[] =>
    Object.entries(it.config["mailserver:exchangers"]).flatMap(([key, { role }]) => (role === "backup" ? [key] : []));

  test("destroy stops at what is protected, says how to let go of it, and has changed nothing", async () => {
    const before = readState(it.lab);
    // With its preview, as a person runs it: without, all that is not protected goes before the engine comes to what is.
    await assert.rejects(it.pulumi("destroy", "--yes"), (error: Error) => {
      const said = error.message.replace(/\s+/g, " ");
      assert.match(said, /mail-mx1-volume" cannot be deleted because it is protected\. To unprotect .*pulumi state unprotect/);
      return true;
    });
    assert.deepEqual(readState(it.lab), before);
    await it.greets("mx1", ...backups());
  });

  test("without protection everything goes, and what a backup holds is in the primary's mailboxes before", async () => {
    it.config["mailserver:protect"] = false;
    await it.up();
    const [backup = ""] = backups();
    // The wait for resolvers, seen where one exchanger is removed.
    for (const key of ["mx1", ...backups()])
      await it.sh(key, "sed -i 's/time.sleep(seconds)/time.sleep(1)/' /srv/mailserver/active/lib/drain");
    await it.sh(backup, "postconf -e defer_transports=peer; postfix reload");
    const tokens = Array.from({ length: 5 }, newToken);
    for (const token of tokens) {
      const answer = await it.clients.send({ host: it.address(backup), port: 25 }, { from: SENDER, to: "bob@example.test", token });
      assert.equal(answer.code, 250, answer.text);
    }
    const destroyed = it.pulumi("destroy", "--yes", "--skip-preview");
    const failed = destroyed.then(
      () => assert.fail("the backup went with mail in its queue"),
      (error: Error) => assert.fail(error.message),
    );
    await Promise.race([failed, until("the backup's drain", 60, () => drains(backup))]);
    const { records, instances } = readState(it.lab);
    assert.deepEqual(
      [Object.values(records).filter(({ type }) => type === "MX"), Object.keys(instances).length],
      [[], 1 + backups().length],
    );

    // A listing misses a message that moves between two queues: the drain may have stopped Postfix to look again, and starts it with this.
    await it.sh(backup, "postconf -X defer_transports; postfix reload || ! postfix status");
    await until("everything in a Maildir", 60, async () => {
      const found = await inMaildirs(it, "mx1");
      return tokens.every((token) => found.get(token) === 1);
    });
    await destroyed;
    const left = readState(it.lab);
    assert.deepEqual([left.instances, left.volumes, left.addresses, left.securityGroupRules, left.records], [{}, {}, {}, {}, {}]);
  });

  const drains = async (key: string): Promise<boolean> => (await it.on(key, "pgrep", "-f", "lib/drain empty")).exitCode === 0;
}
