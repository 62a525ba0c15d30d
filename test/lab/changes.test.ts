/** What becomes of running hosts when one key of the declaration changes: one lab, each change on top of those before. */
import { after, before, beforeEach, describe } from "node:test";
import { setVcpuQuota } from "../../lab/cloud/behind-the-program";
import { hostEffects } from "./host-effects";
import { LabUnderTest } from "./lab-under-test";

describe("changes", { timeout: 1_800_000 }, () => {
  const it = new LabUnderTest("test-c");
  // Waiting for old answers to expire is part of some; the shortest that Cloudflare has.
  it.config["mailserver:ttl"] = 60;
  before(async () => {
    await it.begin();
    // What a new account has is enough for two exchangers.
    await setVcpuQuota(it.lab, 32);
    await it.up();
  });
  after(() => it.end());
  beforeEach(() => it.assertUsable());
  hostEffects(it);
});
