/** What becomes of running hosts when one key of the declaration changes; `docs/operating.md` tells it to people. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lab/engine/root";
import { hostNamed } from "../../lab/command/hosts-of";
import { type Change, changes } from "../examples/changes";
import type { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

interface Applied {
  readonly reloaded?: string[];
  readonly restarted?: string[];
}

/** What can be seen of a host from outside of the program. */
interface Seen {
  readonly machine: string;
  /** When its init and its mail services started. */
  readonly starts: string;
}

export function hostEffects(it: LabUnderTest): void {
  const SERVICES = ["postfix.service", "dovecot.service"];
  const see = async (key: string): Promise<Seen> => ({
    machine: hostNamed(it.lab, key),
    starts: await it.sh(key, `stat -c %Y /proc/1; systemctl show -p MainPID --value ${SERVICES.join(" ")}`),
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

  /** Those that touch a host at all; the others are pinned by their previews. The order is such that one does not stand in another's way. */
  const touching = changes.filter(
    ({ key, preview }) =>
      !(preview instanceof RegExp) && /-(apply|machine)\b/.test(preview.update ?? "") && key !== "tags" && key !== "hostZone.name",
  );
  for (const { key, what, change, hosts } of touching) {
    test(`${key}: ${what}: ${hosts}`, async () => {
      const before = new Map(await Promise.all(["mx1", "mx2"].map(async (host) => [host, await see(host)] as const)));
      const saidBefore = await applied();
      const config = structuredClone(it.config);
      change(it.config);
      try {
        await it.up();
        const said = await applied();
        const effects = new Set<string>();
        for (const [host, was] of before) {
          const name = it.config["mailserver:exchangers"][host] === undefined ? "relay" : host;
          const now = await see(name);
          const mine = said.get(name);
          if (now.machine !== was.machine) effects.add("new machine");
          else if (now.starts.split("\n")[0] !== was.starts.split("\n")[0]) effects.add("restart of the machine");
          else {
            assert.equal(now.starts, was.starts, `${host}: no mail service was started anew`);
            if (JSON.stringify(mine) === JSON.stringify(saidBefore.get(host))) continue;
            for (const service of mine?.reloaded ?? []) effects.add(`reload ${service.replace(".service", "")}`);
            for (const service of mine?.restarted ?? []) effects.add(`restart ${service.replace(".service", "")}`);
          }
        }
        assert.equal([...effects].sort().join(", ") || "nothing", hosts);
        await arrives(it, "mx1", "alice@example.test");
      } finally {
        Object.assign(it.config, config);
      }
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
