/** A mail system with Courier on real hosts, the way to Dovecot, and back. */
import { after, before, beforeEach, describe, test } from "node:test";
import { courier } from "./courier";
import { guard } from "./guard";
import { LabUnderTest } from "./lab-under-test";
import { mailboxes } from "./mailboxes";
import { submission } from "./submission";
import { switching } from "./switching";

describe("two exchangers, with Courier", { timeout: 1_200_000 }, () => {
  const it = new LabUnderTest("test-courier");
  before(async () => {
    await it.begin();
    // Its clients try many a wrong password on purpose.
    it.config["mailserver:operator"] = { addresses: [`${it.lab.addresses.internet}/32`] };
  });
  after(() => it.end());
  beforeEach(() => it.assertUsable());
  test("up", async () => {
    it.config["mailserver:mailboxServer"] = "courier";
    await it.up();
  });
  submission(it);
  courier(it);
  mailboxes(it);
  guard(it, "courier");
  switching(it);
});
