/** What becomes of running hosts when one key of the declaration changes; `docs/operating.md` tells it to people. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lab/engine/root";
import { hostNamed } from "../../lab/command/hosts-of";
import { type Change, changes } from "../examples/changes";
import { changeSecrets } from "../examples/lab-secrets";
import { type Bastion, startBastion } from "./bastion";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

interface Applied {
  readonly reloaded?: string[];
  readonly restarted?: string[];
}

/** What can be seen of a host from outside of the program. */
interface Seen {
  readonly machine: string;
  /** When its init started. */
  readonly booted: string;
  /** Processes of its mail services. */
  readonly services: string;
}

const ALICE = "alice@example.test";

export function hostEffects(it: LabUnderTest): void {
  const SERVICES = ["postfix.service", "dovecot.service"];
  const see = async (key: string): Promise<Seen> => ({
    machine: hostNamed(it.lab, key),
    booted: await it.sh(key, "systemctl show -p UserspaceTimestampMonotonic --value"),
    services: await it.sh(key, `systemctl show -p MainPID --value ${SERVICES.join(" ")}`),
  });
  const applied = async (): Promise<Map<string, Applied>> => {
    const state = JSON.parse(await it.pulumi("stack", "export", "--show-secrets")) as {
      deployment: { resources: { urn: string; outputs?: { stdout?: unknown; create?: unknown } }[] };
    };
    const said = new Map<string, Applied>();
    for (const { urn, outputs } of state.deployment.resources) {
      const [, key] = /::mail-(\w+)-apply$/.exec(urn) ?? [];
      const text = outputs?.stdout;
      const value = typeof text === "object" && text !== null ? (JSON.parse((text as { plaintext: string }).plaintext) as unknown) : text;
      if (key !== undefined) said.set(key, JSON.parse(String(value)) as Applied);
    }
    return said;
  };

  /** Those that touch a host at all; the others are pinned by their previews. Each is made on top of those before. */
  const touching = changes.filter(
    ({ preview, onlyPreviewed }) =>
      !(preview instanceof RegExp) && onlyPreviewed === undefined && /-(apply|machine)\b/.test(preview.update ?? ""),
  );
  let bastion: Bastion | undefined;
  after(() => bastion?.end());
  for (const { key, what, change, secrets, hosts } of touching) {
    test(`${key}: ${what}: ${hosts}`, async () => {
      const keys = Object.keys(it.config["mailserver:exchangers"]);
      await it.greets(...keys);
      const before = new Map(await Promise.all(keys.map(async (host) => [host, await see(host)] as const)));
      const saidBefore = await applied();
      const formerPassword = it.password(ALICE);
      if (key === "bastion") bastion = await startBastion(it);
      change?.(it.config);
      if (secrets !== undefined) changeSecrets(it.lab, secrets);
      await it.up();
      const said = await applied();
      const effects = new Set<string>();
      for (const [host, was] of before) {
        const name = it.config["mailserver:exchangers"][host] === undefined ? "relay" : host;
        const now = await see(name);
        if (now.machine !== was.machine) effects.add("new machine");
        else if (now.booted !== was.booted) effects.add("restart of the machine");
        else {
          assert.equal(now.services, was.services, `${host}: no mail service was started anew`);
          const mine = said.get(name);
          if (JSON.stringify(mine) === JSON.stringify(saidBefore.get(host))) continue;
          for (const service of mine?.reloaded ?? []) effects.add(`reload ${service.replace(".service", "")}`);
          for (const service of mine?.restarted ?? []) effects.add(`restart ${service.replace(".service", "")}`);
        }
      }
      assert.equal([...effects].sort().join(", ") || "nothing", hosts);
      await arrives(it, "mx1", ALICE);
      const account = { host: it.address("mx1"), user: ALICE };
      await it.clients.inboxByImap({ ...account, password: it.password(ALICE) });
      if (formerPassword !== it.password(ALICE)) await assert.rejects(it.clients.inboxByImap({ ...account, password: formerPassword }));
      for (const each of bastion === undefined ? [] : Object.keys(it.config["mailserver:exchangers"]))
        assert.ok(bastion?.reached.has(`${it.address(each)}:22`), `the program reached ${each} through the bastion`);
    });
  }

  test("docs/operating.md says the same of every key", () => {
    const page = readFileSync(join(projectRoot, "docs/operating.md"), "utf8");
    const row = ({ key, what, hosts }: Change): string => `| \`${key}\` | ${what} | ${hosts} |`;
    assert.deepEqual(
      changes.map(row).filter((line) => !page.includes(line)),
      [],
    );
  });
}
