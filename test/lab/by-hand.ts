/** What somebody changed by hand, at the consoles of the services and on the hosts' power. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withCloud } from "../../lab/cloud/cloud";
import { setVcpuQuota } from "../../lab/cloud/behind-the-program";
import { readState } from "../../lab/cloud/store";
import { addressOf, instanceOf } from "../../lab/command/hosts-of";
import { stopExchanger } from "../../lab/command/power";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

export function byHand(it: LabUnderTest): void {
  test("up makes the system", async () => {
    // What a new account has is enough for two exchangers.
    await setVcpuQuota(it.lab, 32);
    await it.up();
  });

  test("record, rule, address and power changed by hand: refresh finds them, up mends them, and mail flows", async () => {
    await stopExchanger(it.lab, "mx2");
    await withCloud(it.lab, (state) => {
      const mx = Object.values(state.records).find(
        ({ type, name, priority }) => type === "MX" && name === "example.test" && priority === 10,
      );
      assert.ok(mx !== undefined);
      delete state.records[mx.id];
      const group = instanceOf(state, "mx1")?.securityGroupIds[0];
      const rule = Object.values(state.securityGroupRules).find(
        ({ toPort, securityGroupId }) => toPort === 25 && securityGroupId === group,
      );
      assert.ok(rule !== undefined);
      delete state.securityGroupRules[rule.id];
      const address = addressOf(state, "mx1");
      assert.ok(address?.instanceId !== undefined);
      delete address.instanceId;
      delete address.associationId;
    });
    await it.pulumi("refresh", "--yes", "--skip-preview");
    assert.deepEqual(await it.preview(), [
      "create mail-example.test-mx-mx1",
      "create mail-mx1-association",
      "create mail-mx1-in-25",
      "update mail-mx2-power",
    ]);
    await it.up();
    assert.equal(instanceOf(readState(it.lab), "mx2")?.state, "running");
    await it.greets("mx1", "mx2");
    for (const key of ["mx1", "mx2"]) await arrives(it, key, "alice@example.test");
    assert.deepEqual(await it.preview(), []);
  });
}
