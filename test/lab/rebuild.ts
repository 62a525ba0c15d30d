/** The primary's machine is replaced while mail comes in. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import execa from "execa";
import type { CloudState } from "../../lab/cloud/state";
import { readState } from "../../lab/cloud/store";
import { hostNamed } from "../../lab/command/hosts-of";
import { inNetwork } from "../../lab/network/links";
import type { LabUnderTest } from "./lab-under-test";
import { emptyQueues, inMaildirs, inParallel, newToken, offer, recipient } from "./mail-flow";

/** What stays. */
const identity = ({ volumes, addresses, records }: CloudState): unknown => ({
  volumes: Object.values(volumes).map(({ id, tags }) => [id, tags]),
  addresses: Object.values(addresses).map(({ publicIp, ptrRecord }) => [publicIp, ptrRecord]),
  records,
});

export function rebuild(it: LabUnderTest): void {
  const hostKey = async (): Promise<string> => {
    const [command = "", ...prefix] = inNetwork(it.lab, "operator");
    const { stdout } = await execa(command, [...prefix, "ssh-keyscan", "-t", "ed25519", it.address("mx1")]);
    assert.match(stdout, /ssh-ed25519 /);
    return stdout;
  };

  test("a rebuild of the primary under load: the same exchanger, no 5xx for a declared recipient, nothing lost", async () => {
    const before = { machine: hostNamed(it.lab, "mx1"), identity: identity(readState(it.lab)), key: await hostKey() };
    /** By the exchanger that answered 250. */
    const taken = new Map<string, string[]>([
      ["mx1", []],
      ["mx2", []],
    ]);
    const permanent: string[] = [];
    let done = false;
    function* untilDone(): Generator<number> {
      for (let index = 0; !done; index += 1) yield index;
    }
    // Each asks the exchangers in MX order, as a sender does, and tries again where none takes the mail. An attempt has a token of its own: after
    // one that broke off nobody can know whether it was taken.
    const addresses = { mx1: it.address("mx1"), mx2: it.address("mx2") };
    const load = inParallel(4, untilDone(), async (index) => {
      for (const key of ["mx1", "mx2"] as const) {
        const token = newToken();
        const answer = await offer(it, addresses[key], recipient(index), token);
        if (answer !== undefined && answer.code >= 500) permanent.push(answer.text);
        if (answer?.code === 250) {
          taken.get(key)?.push(token);
          break;
        }
      }
      await sleep(100);
    });
    it.config["mailserver:exchangers"].mx1!.generation = 2;
    try {
      await it.up();
    } finally {
      done = true;
    }
    await load;
    assert.deepEqual(permanent, []);
    assert.notEqual(hostNamed(it.lab, "mx1"), before.machine, "it is a new machine");
    assert.deepEqual(identity(readState(it.lab)), before.identity);
    assert.equal(await hostKey(), before.key);
    assert.deepEqual(await it.preview(), []);
    await emptyQueues(it, "mx2", "mx1");
    const found = await inMaildirs(it, "mx1");
    const tokens = [...taken.values()].flat();
    assert.ok((taken.get("mx1")?.length ?? 0) > 0 && (taken.get("mx2")?.length ?? 0) > 0, "both took mail");
    // At least once: a session that is cut between the delivery and its answer makes the sender deliver again (RFC 1047, RFC 5321 section 6.1).
    assert.deepEqual(
      tokens.filter((token) => !found.has(token)),
      [],
    );
  });
}
