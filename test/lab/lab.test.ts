/** The product on real hosts: one lab for all of these, one subject after the other. */
import { after, before, beforeEach, describe } from "node:test";
import { appPasswords } from "./app-passwords";
import { bundles } from "./bundles";
import { failover } from "./failover";
import { forwarding } from "./forwarding";
import { generated } from "./generated";
import { guard } from "./guard";
import { hostFiles } from "./host-files";
import { LabUnderTest } from "./lab-under-test";
import { mailboxes } from "./mailboxes";
import { migration } from "./migration";
import { missingVolume } from "./missing-volume";
import { peerPort } from "./peer-port";
import { powerCut } from "./power-cut";
import { powerOn } from "./power-on";
import { quotas } from "./quotas";
import { reading } from "./reading";
import { rebuild } from "./rebuild";
import { relayClients } from "./relay-clients";
import { sending } from "./sending";
import { sieve } from "./sieve";
import { submission } from "./submission";

describe("two exchangers", { timeout: 1_800_000 }, () => {
  const it = new LabUnderTest("test-a");
  before(async () => {
    await it.begin();
    // Its clients try many a wrong password on purpose.
    it.config["mailserver:operator"] = { addresses: [`${it.lab.addresses.internet}/32`] };
  });
  after(() => it.end());
  beforeEach(() => it.assertUsable());
  powerOn(it);
  hostFiles(it);
  submission(it);
  sending(it);
  sieve(it);
  quotas(it);
  mailboxes(it);
  appPasswords(it);
  reading(it);
  migration(it);
  guard(it);
  relayClients(it);
  forwarding(it);
  generated(it);
  peerPort(it);
  failover(it);
  powerCut(it);
  bundles(it);
  rebuild(it);
  missingVolume(it);
});
