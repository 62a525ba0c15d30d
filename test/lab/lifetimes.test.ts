/** What is mended, grown, handed on and taken away in the life of a mail system: one lab for all of these, one subject after the other. */
import { after, before, beforeEach, describe } from "node:test";
import { adoption } from "./adoption";
import { byHand } from "./by-hand";
import { everythingGoes } from "./everything-goes";
import { LabUnderTest } from "./lab-under-test";
import { operatorKeys } from "./operator-keys";
import { removal } from "./removal";
import { volumeGrowth } from "./volume-growth";

describe("lifetimes", { timeout: 1_800_000 }, () => {
  const it = new LabUnderTest("test-l");
  // Waiting for old answers to expire is part of some; the shortest that Cloudflare has.
  it.config["mailserver:ttl"] = 60;
  before(() => it.begin());
  after(() => it.end());
  beforeEach(() => it.assertUsable());
  byHand(it);
  adoption(it);
  operatorKeys(it);
  volumeGrowth(it);
  removal(it);
  everythingGoes(it);
});
