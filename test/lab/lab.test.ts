/** The product on real hosts: one lab for all of these, one subject after the other. */
import { after, before, beforeEach, describe } from "node:test";
import { bundles } from "./bundles";
import { failover } from "./failover";
import { generated } from "./generated";
import { hostFiles } from "./host-files";
import { LabUnderTest } from "./lab-under-test";
import { mailboxes } from "./mailboxes";
import { missingVolume } from "./missing-volume";
import { peerPort } from "./peer-port";
import { powerCut } from "./power-cut";
import { powerOn } from "./power-on";
import { quotas } from "./quotas";
import { rebuild } from "./rebuild";
import { relayClients } from "./relay-clients";
import { sieve } from "./sieve";
import { submission } from "./submission";

describe("two exchangers", { timeout: 900_000 }, () => {
  const it = new LabUnderTest("test-a");
  before(() => it.begin());
  after(() => it.end());
  beforeEach(() => it.assertUsable());
  powerOn(it);
  hostFiles(it);
  submission(it);
  sieve(it);
  quotas(it);
  mailboxes(it);
  relayClients(it);
  generated(it);
  peerPort(it);
  failover(it);
  powerCut(it);
  bundles(it);
  rebuild(it);
  missingVolume(it);
});
