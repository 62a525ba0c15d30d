/** The policy pack as the package ships it, in the real engine's `pulumi preview` and `pulumi up`. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import execa from "execa";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../lab/engine/root";

const scratch = process.env.MAILSERVER_LAB_ROOT ?? "";
const stackFile = join(scratch, "Pulumi.policy.yaml");
const state = join(scratch, "before.json");
const packConfig = join(scratch, "policy.json");
const { config } = parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as {
  config: { "mailserver:domains": { name: string }[]; [key: string]: unknown };
};
const write = (more: object): void => writeFileSync(stackFile, stringify({ config: { "mailserver:protect": false, ...config, ...more } }));
const withConfig = (value: object): string[] => {
  writeFileSync(packConfig, JSON.stringify({ "dns-review": value }));
  return [...pack, "--policy-pack-config", packConfig];
};
const pack = ["--policy-pack", join(projectRoot, "dist/policy-pack")];
write({});
const engine = engineOn({ project: "mailserver", stackFile });
before(() => execa("sh", ["build.sh"], { cwd: projectRoot }));
after(() => engine.destroy());

/** The last domain is taken out, and with it its MX. */
const [kept, ...gone] = config["mailserver:domains"];
const shorter = { "mailserver:domains": [kept] };

test("a first deploy, of which hardly anything is known before, is let through", async () => {
  const preview = await engine.pulumi("preview", ...pack);
  assert.match(preview, /mail-dns/);
  await engine.pulumi("up", "--yes", "--skip-preview", ...pack);
  await engine.pulumi("stack", "export", "--file", state);
});

test("nothing changed: let through", async () => {
  await engine.pulumi("preview", ...withConfig({ before: state }));
});

test("a change that takes a domain's last MX away fails in the preview and in the deploy, with rule, record and way out", async () => {
  write(shorter);
  for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
    const said = await engine.failing(...command, ...withConfig({ before: state }));
    assert.match(said, /mail-dns.*mandatory/s);
    assert.match(said, new RegExp(`mx-last-removed, ${gone[0]?.name} MX: .*Way out: `));
  }
});

test("without what was before, a policy cannot see what goes", async () => {
  await engine.pulumi("preview", ...pack);
});

test("whoever answers for it is let through until the day", async () => {
  const acknowledged = (until: string): object => ({
    before: state,
    // One of two domains is more than a third of all records.
    acknowledge: [
      { rule: "mx-last-removed", record: `${gone[0]?.name} MX` },
      { rule: "mass-delete", record: "* *" },
    ].map((finding) => ({ ...finding, reason: "the club has closed", until })),
  });
  await engine.pulumi("preview", ...withConfig(acknowledged("2999-12-31")));
  await engine.failing("preview", ...withConfig(acknowledged("2020-12-31")));
});

test("what the pack is given and is no good blocks, and is said without a stack trace", async () => {
  const wrong = {
    "cannot be read": { before: join(scratch, "missing.json") },
    "is no state": { before: packConfig },
    "is no rule": { acknowledge: [{ rule: "mx-last-remove" }] },
  };
  for (const [why, given] of Object.entries(wrong)) {
    const said = await engine.failing("preview", ...withConfig(given));
    assert.match(said, new RegExp(`The review could not be made: .*${why}`, "s"));
    assert.doesNotMatch(said, /^ +at .*\.js:\d+/m);
  }
});
