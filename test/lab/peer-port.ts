/** The port between exchangers: who gets in, and what for. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import execa from "execa";
import { PEER_PORT } from "../../cloud-init/ports";
import { withCloud } from "../../lab/cloud/cloud";
import { readState } from "../../lab/cloud/store";
import { hostNamed, instanceOf } from "../../lab/command/hosts-of";
import { runOn } from "../../lab/hosts/run-on";
import { inNetwork } from "../../lab/network/links";
import { until } from "../../lab/until";
import type { LabUnderTest } from "./lab-under-test";
import { arrives, inMaildirs, lands, newToken, offer } from "./mail-flow";

const PROGRAM = readFileSync(join(__dirname, "peer-session.py"), "utf8");
const OWN_KEY = "/srv/mailserver/identity/peer.pem";
const FRESH_KEY = "/run/fresh-key.pem";
const MAIL = ["MAIL FROM:<anna@outside.test>", "RCPT TO:<alice@example.test>"];

export function peerPort(it: LabUnderTest): void {
  /** The answers that `from` gets of `to`'s peer port; the first is EHLO's. */
  const session = async (from: string, to: string, key: string, ...commands: string[]): Promise<string[]> => {
    const { stdout, stderr, exitCode } = await runOn(
      it.lab,
      hostNamed(it.lab, from),
      ["python3", "-", it.address(to), String(PEER_PORT), key, ...commands],
      PROGRAM,
    );
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as string[];
  };
  const freshKey = (host: string): Promise<string> =>
    it.sh(
      host,
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mx2 -keyout ${FRESH_KEY} -out ${FRESH_KEY}.crt 2>/dev/null
      cat ${FRESH_KEY}.crt >>${FRESH_KEY}`,
    );

  test("the primary's peer port takes local mail of the backup's key from the backup's address, and relays nothing", async () => {
    const [ehlo = "", mail = "", rcpt = "", foreign = "", unknown = ""] = await session(
      "mx2",
      "mx1",
      OWN_KEY,
      ...MAIL,
      "RCPT TO:<ben@outside.test>",
      "RCPT TO:<nobody@example.test>",
    );
    assert.match(ehlo, /XFORWARD/);
    assert.doesNotMatch(ehlo, /XCLIENT|AUTH/);
    assert.match(mail, /^250 /);
    assert.match(rcpt, /^250 /);
    assert.match(foreign, /^554 5\.7\.1 .*Relay access denied/);
    assert.match(unknown, /^550 /);
  });

  test("the right address with a wrong key, or with none, is refused", async () => {
    await freshKey("mx2");
    for (const key of [FRESH_KEY, ""]) {
      const [, , rcpt = ""] = await session("mx2", "mx1", key, ...MAIL);
      assert.match(rcpt, /^554 5\.7\.1 .*Access denied/, `key: ${key}`);
    }
  });

  test("the right key from a wrong address is refused, by the security group and by Postfix", async () => {
    const address = it.address("mx1");
    assert.ok(!(await it.clients.connects(address, PEER_PORT, 1000)), "the security group lets nobody else in");
    const key = join(it.lab.dir, "copied-key.pem");
    writeFileSync(key, await it.sh("mx2", `cat ${OWN_KEY}`), { mode: 0o600 });
    const id = "sgr-0123456789abcdef0";
    await withCloud(it.lab, (state) => {
      state.securityGroupRules[id] = {
        id,
        region: "eu-central-1",
        securityGroupId: instanceOf(state, "mx1")?.securityGroupIds[0] ?? "",
        direction: "ingress",
        ipProtocol: "tcp",
        fromPort: PEER_PORT,
        toPort: PEER_PORT,
        cidrIpv4: `${it.lab.addresses.internet}/32`,
        tags: {},
      };
    });
    try {
      const [command = "", ...prefix] = inNetwork(it.lab, "internet");
      const { stdout } = await execa(command, [...prefix, "python3", "-", address, String(PEER_PORT), key, ...MAIL], { input: PROGRAM });
      const [ehlo = "", , rcpt = ""] = JSON.parse(stdout) as string[];
      assert.doesNotMatch(ehlo, /XFORWARD|XCLIENT/);
      assert.match(rcpt, /^554 5\.7\.1 .*Access denied/);
    } finally {
      await withCloud(it.lab, (state) => {
        delete state.securityGroupRules[id];
      });
    }
    assert.equal(readState(it.lab).securityGroupRules[id], undefined);
  });

  test("the backup's peer port takes ETRN from the primary's key and no mail", async () => {
    const [, etrn = "", foreign = "", mail = "", rcpt = ""] = await session(
      "mx1",
      "mx2",
      OWN_KEY,
      "ETRN example.test",
      "ETRN outside.test",
      ...MAIL,
    );
    assert.match(etrn, /^25\d /);
    assert.match(foreign, /^459 /);
    assert.match(mail, /^250 /);
    assert.match(rcpt, /^554 5\.7\.1 .*Access denied/);
    await freshKey("mx1");
    const [, refused = ""] = await session("mx1", "mx2", FRESH_KEY, "ETRN example.test");
    assert.match(refused, /^554 5\.7\.1 .*Access denied/);
  });

  test("a primary that shows another key than the pinned one is handed nothing, though a connection to it is open", async () => {
    const pinned = (await it.sh("mx2", "sed -n 's/.*smtp_tls_fingerprint_cert_match=//p' /etc/postfix/master.cf")).trim();
    const other = Array<string>(32).fill("00").join(":");
    const pin = (from: string, to: string): Promise<string> =>
      it.sh("mx2", `sed -i 's/${from}/${to}/' /etc/postfix/master.cf; systemctl reload postfix`);
    await arrives(it, "mx2", "alice@example.test");
    const token = newToken();
    await pin(pinned, other);
    try {
      assert.equal((await offer(it, it.address("mx2"), "alice@example.test", token))?.code, 250);
      await until("the backup to refuse the primary's key", 60, async () =>
        (await it.sh("mx2", "postqueue -j")).includes("Server certificate not verified"),
      );
      assert.equal((await inMaildirs(it, "mx1")).get(token), undefined);
    } finally {
      await pin(other, pinned);
    }
    await it.sh("mx2", "postqueue -f");
    assert.equal(await lands(it, token), 1);
  });
}
