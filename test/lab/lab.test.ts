/** The product on real hosts: one lab for all of these, one subject after the other. */
import { after, before, describe } from "node:test";
import { LabUnderTest } from "./lab-under-test";
import { peerPort } from "./peer-port";
import { powerOn } from "./power-on";
import { submission } from "./submission";

describe("two exchangers", { timeout: 900_000 }, () => {
  const it = new LabUnderTest("test-a");
  before(() => it.begin());
  after(() => it.end());
  powerOn(it);
  submission(it);
  peerPort(it);
});
