/** An exchanger comes, gets another key and another name, and goes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readState } from "../../lab/cloud/store";
import { hostNamed, instanceOf } from "../../lab/command/hosts-of";
import { startExchanger, stopExchanger } from "../../lab/command/power";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { arrives, emptyQueues, inMaildirs, lands, newToken, SENDER } from "./mail-flow";

export function removal(it: LabUnderTest): void {
  const send = async (key: string, to: string): Promise<string> => {
    const token = newToken();
    const answer = await it.clients.send({ host: it.address(key), port: 25 }, { from: SENDER, to, token });
    assert.equal(answer.code, 250, answer.text);
    return token;
  };
  const queued = (key: string): Promise<string> => it.sh(key, "postqueue -j");

  test("another exchanger in another region holds mail for the primary and hands it over", async () => {
    // The subject of the last test.
    it.config["mailserver:exchangers"].mx3 = { role: "backup", preference: 30, instanceType: "t3.micro" };
    it.config["mailserver:exchangers"].mx4 = { role: "backup", preference: 50, instanceType: "t3.micro", region: "eu-west-1" };
    await it.up();
    assert.equal(instanceOf(readState(it.lab), "mx4")?.availabilityZone.startsWith("eu-west-1"), true);
    await stopExchanger(it.lab, "mx1");
    const token = await send("mx4", "alice@example.test");
    assert.notEqual(await queued("mx4"), "");
    await startExchanger(it.lab, "mx1");
    await lands(it, token);
    await emptyQueues(it, "mx4");
  });

  test("under another key it is the same machine with the same volume, also after a rebuild that forgot the old key", async () => {
    const machine = hostNamed(it.lab, "mx4");
    const volume = await it.sh("mx4", "cat /srv/mailserver/identity/peer.pem | sha256sum");
    it.config["mailserver:exchangers"].post4 = { ...it.config["mailserver:exchangers"].mx4!, aliases: ["mx4"] };
    delete it.config["mailserver:exchangers"].mx4;
    // Its default host name is its key: another key is another name too.
    await it.up();
    assert.equal(hostNamed(it.lab, "post4"), machine);
    assert.equal(await it.sh("post4", "postconf -h myhostname; hostname"), "post4.example.test\npost4");
    assert.match(
      await it.sh("post4", "openssl x509 -in /srv/mailserver/identity/tls.pem -noout -ext subjectAltName"),
      /DNS:post4\.example\.test/,
    );
    delete it.config["mailserver:exchangers"].post4!.aliases;
    it.config["mailserver:exchangers"].post4!.generation = 2;
    await it.up();
    assert.notEqual(hostNamed(it.lab, "post4"), machine);
    assert.equal(await it.sh("post4", "cat /srv/mailserver/identity/peer.pem | sha256sum"), volume);
    await arrives(it, "post4", "alice@example.test");
    assert.deepEqual(await it.preview(), []);
  });

  test("it is removed only when its queue is empty: held mail stops the removal, which names the way out, and comes home in the next one", async () => {
    const unprotected = async (): Promise<void> => {
      const parent = "urn:pulumi:lab::mailserver::pulumi-mailserver:index:MailServer$pulumi-mailserver:index:MailExchanger";
      for (const urn of [`${parent}$aws:ebs/volume:Volume::mail-post4-volume`, `${parent}$aws:ec2/eip:Eip::mail-post4-address`])
        await it.pulumi("state", "unprotect", urn, "--yes");
    };
    await unprotected();
    // A message that somebody set aside by hand: no flush moves it.
    await it.sh("post4", "postconf -e defer_transports=peer; postfix reload");
    const token = await send("post4", "bob@example.test");
    await it.sh("post4", "postsuper -h ALL; postconf -X defer_transports; postfix reload");
    delete it.config["mailserver:exchangers"].post4;
    const { exitCode, output } = await it.tryUp();
    assert.notEqual(exitCode, 0);
    assert.match(output, /1 messages are still queued here, and the exchanger is not removed[\s\S]*`drain: false`/);
    assert.match(await it.sh("post4", "systemctl is-active postfix"), /^active/);
    assert.ok(!Object.values(readState(it.lab).records).some(({ type, content }) => type === "MX" && content === "post4.example.test"));

    await it.sh("post4", "postsuper -H ALL");
    await it.up();
    await lands(it, token);
    assert.equal((await inMaildirs(it, "mx1")).get(token), 1, "once");
    assert.equal(instanceOf(readState(it.lab), "post4"), undefined);
    assert.deepEqual(await it.preview(), []);
  });

  test("one that is dead and will not come back is removed with drain: false", async () => {
    await stopExchanger(it.lab, "mx3");
    it.config["mailserver:exchangers"].mx3!.drain = false;
    await it.up();
    // Not before: that `up` protects what the declaration has.
    const parent = "urn:pulumi:lab::mailserver::pulumi-mailserver:index:MailServer$pulumi-mailserver:index:MailExchanger";
    for (const urn of [`${parent}$aws:ebs/volume:Volume::mail-mx3-volume`, `${parent}$aws:ec2/eip:Eip::mail-mx3-address`])
      await it.pulumi("state", "unprotect", urn, "--yes");
    delete it.config["mailserver:exchangers"].mx3;
    await it.up();
    await until("mail to the primary alone", 60, async () => (await arrives(it, "mx1", "alice@example.test"), true));
    assert.deepEqual(await it.preview(), []);
  });
}
