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

  test("a third exchanger in another region holds mail for the primary and hands it over", async () => {
    it.config["mailserver:exchangers"].mx3 = { role: "backup", preference: 30, instanceType: "t3.micro", region: "eu-west-1" };
    await it.up();
    assert.equal(instanceOf(readState(it.lab), "mx3")?.availabilityZone.startsWith("eu-west-1"), true);
    await stopExchanger(it.lab, "mx1");
    const token = await send("mx3", "carol@club.test");
    assert.notEqual(await queued("mx3"), "");
    await startExchanger(it.lab, "mx1");
    await lands(it, token);
    await emptyQueues(it, "mx3");
  });

  test("under another key it is the same machine with the same volume, also after a rebuild that forgot the old key", async () => {
    const machine = hostNamed(it.lab, "mx3");
    const volume = await it.sh("mx3", "cat /srv/mailserver/identity/peer.pem | sha256sum");
    it.config["mailserver:exchangers"].relay = { ...it.config["mailserver:exchangers"].mx3!, aliases: ["mx3"] };
    delete it.config["mailserver:exchangers"].mx3;
    // Its default host name is its key: another key is another name too.
    await it.up();
    assert.equal(hostNamed(it.lab, "relay"), machine);
    assert.equal(await it.sh("relay", "postconf -h myhostname; hostname"), "relay.example.test\nrelay");
    assert.match(
      await it.sh("relay", "openssl x509 -in /srv/mailserver/identity/tls.pem -noout -ext subjectAltName"),
      /DNS:relay\.example\.test/,
    );
    delete it.config["mailserver:exchangers"].relay!.aliases;
    it.config["mailserver:exchangers"].relay!.generation = 2;
    await it.up();
    assert.notEqual(hostNamed(it.lab, "relay"), machine);
    assert.equal(await it.sh("relay", "cat /srv/mailserver/identity/peer.pem | sha256sum"), volume);
    await arrives(it, "relay", "alice@example.test");
    assert.deepEqual(await it.preview(), []);
  });

  test("it is removed only when its queue is empty: held mail stops the removal, which names the way out, and comes home in the next one", async () => {
    const unprotected = async (): Promise<void> => {
      const parent = "urn:pulumi:lab::mailserver::pulumi-mailserver:index:MailServer$pulumi-mailserver:index:MailExchanger";
      for (const urn of [`${parent}$aws:ebs/volume:Volume::mail-relay-volume`, `${parent}$aws:ec2/eip:Eip::mail-relay-address`])
        await it.pulumi("state", "unprotect", urn, "--yes");
    };
    await unprotected();
    // A message that somebody set aside by hand: no flush moves it.
    await it.sh("relay", "postconf -e defer_transports=peer; postfix reload");
    const token = await send("relay", "bob@example.test");
    await it.sh("relay", "postsuper -h ALL; postconf -X defer_transports; postfix reload");
    delete it.config["mailserver:exchangers"].relay;
    const { exitCode, output } = await it.tryUp();
    assert.notEqual(exitCode, 0);
    assert.match(output, /1 messages are still queued here, and the exchanger is not removed[\s\S]*`drain: false`/);
    assert.match(await it.sh("relay", "systemctl is-active postfix"), /^active/);
    assert.ok(!Object.values(readState(it.lab).records).some(({ type, content }) => type === "MX" && content === "relay.example.test"));

    await it.sh("relay", "postsuper -H ALL");
    await it.up();
    await lands(it, token);
    assert.equal((await inMaildirs(it, "mx1")).get(token), 1, "once");
    assert.equal(instanceOf(readState(it.lab), "relay"), undefined);
    assert.deepEqual(await it.preview(), []);
  });

  test("one that is dead and will not come back is removed with drain: false", async () => {
    const parent = "urn:pulumi:lab::mailserver::pulumi-mailserver:index:MailServer$pulumi-mailserver:index:MailExchanger";
    for (const urn of [`${parent}$aws:ebs/volume:Volume::mail-mx2-volume`, `${parent}$aws:ec2/eip:Eip::mail-mx2-address`])
      await it.pulumi("state", "unprotect", urn, "--yes");
    await stopExchanger(it.lab, "mx2");
    it.config["mailserver:exchangers"].mx2!.drain = false;
    await it.up();
    delete it.config["mailserver:exchangers"].mx2;
    await it.up();
    await until("mail to the primary alone", 60, async () => (await arrives(it, "mx1", "alice@example.test"), true));
    assert.deepEqual(await it.preview(), []);
  });
}
