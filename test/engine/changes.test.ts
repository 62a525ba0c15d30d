/** What a preview shows when one key of the declaration is changed, and what it refuses. */
import { engineOn, type Step } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../lab/engine/root";
import { changes, type StackConfig } from "../examples/changes";
import { changeSecrets, readSecrets } from "../examples/lab-secrets";

const lab = (): StackConfig => (parse(readFileSync(join(projectRoot, "Pulumi.lab.yaml"), "utf8")) as { config: StackConfig }).config;
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.changes.yaml");
const write = (config: StackConfig): void => writeFileSync(stackFile, stringify({ config }));
write(lab());
const engine = engineOn({ project: "mailserver", stackFile });
before(() => engine.up());
after(async () => {
  write({ ...lab(), "mailserver:protect": false });
  await engine.up();
  await engine.destroy();
});

/** By operation, without the components and without the name that all resources share. */
function shown(steps: readonly Step[]): { [operation: string]: string } {
  const byOperation = new Map<string, string[]>();
  for (const { op, name, type } of steps) {
    // The halves of a replacement are shown as one.
    if (type.startsWith("pulumi") || ["create-replacement", "delete-replaced"].includes(op)) continue;
    byOperation.set(op, [...(byOperation.get(op) ?? []), name.replace(/^mail-/, "")]);
  }
  return Object.fromEntries([...byOperation].map(([op, names]) => [op, names.sort().join(" ")]));
}

for (const { key, what, change, secrets, preview } of changes) {
  test(`${key}: ${what}`, async (each) => {
    const config = lab();
    change?.(config);
    write(config);
    if (secrets !== undefined) {
      const own = readSecrets(engine.lab);
      changeSecrets(engine.lab, secrets);
      each.after(() => changeSecrets(engine.lab, () => own));
    }
    if (preview instanceof RegExp) assert.match((await engine.failing("preview")).replace(/\s+/g, " "), preview);
    else assert.deepEqual(shown(await engine.preview()), preview);
  });
}

test("every key of the declaration is among them", () => {
  const page = readFileSync(join(projectRoot, "docs/declaration.md"), "utf8");
  const sections = page.split(/^## /m).filter((section) => /^(MailServer|\w+Declaration)\n/.test(section));
  const keys = sections.flatMap((section) => [...(section.split("Outputs:")[0] ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key));
  const changed = new Set(changes.flatMap(({ key }) => key.split(/[^A-Za-z]+/)));
  assert.deepEqual(
    keys.filter((key) => key !== undefined && !changed.has(key)),
    [],
  );
});

test("what a service does not know is one problem with its place in the declaration, and no stack trace", async () => {
  const config = lab();
  config["mailserver:exchangers"].mx2!.subnet = "subnet-0123456789abcdef0";
  write(config);
  const output = await engine.failing("preview");
  assert.match(output, /exchangers\.mx2\.subnet: .*no matching EC2 Subnet found; "subnet-0123456789abcdef0" must be a subnet of/);
  assert.ok(!/^ +at /m.test(output), output);
  write({ ...lab(), "mailserver:hostZone": { name: "elsewhere.test" } });
  const zone = await engine.failing("preview");
  assert.match(zone, /hostZone: .*; "elsewhere\.test" must be a zone that the API token can read/);
  assert.ok(!/^ +at /m.test(zone), zone);
});

/** Names of resources in the order in which they were deleted, the halves of replacements among them. */
function deleted(output: string): string[] {
  return [...output.matchAll(/^ (?:-|--|\+-) .*? mail-(\S+) (?:deleted|deleted original)/gm)].map(([, name]) => name ?? "");
}

function inOrder(all: readonly string[], ...names: string[]): void {
  const places = names.map((name) => all.indexOf(name));
  assert.ok(!places.includes(-1), `${names.join(", ")} are among ${all.join(", ")}`);
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
    `${names.join(" < ")} in ${all.join(", ")}`,
  );
}

test("under another name the old one is answered until its TTL is over", async () => {
  const config = lab();
  config["mailserver:exchangers"].mx2!.hostname = "relay";
  write(config);
  const output = await engine.pulumi("up", "--yes", "--skip-preview");
  inOrder(deleted(output), "mx2-forgotten", "mx2-a");
  const moved = output.indexOf("mail-example.test-mx-mx2 updated");
  const forgotten = output.indexOf("mail-mx2-forgotten deleted");
  assert.ok(moved >= 0 && moved < forgotten, output);
  assert.deepEqual(
    Object.values(engine.cloud().records).filter(({ name }) => name === "mx2.example.test"),
    [],
  );
  write(lab());
  await engine.up();
});

test("an exchanger goes in order: unprotected, MX, TTL, queue, host, and the primary's rule for it last", async () => {
  const config = lab();
  delete config["mailserver:exchangers"].mx2;
  for (const part of ["ebs/volume:Volume::mail-mx2-volume", "ec2/eip:Eip::mail-mx2-address"]) {
    const [kind, name] = part.split("::");
    const urn = `urn:pulumi:lab::mailserver::pulumi-mailserver:index:MailServer$pulumi-mailserver:index:MailExchanger$aws:${kind}::${name}`;
    await engine.pulumi("state", "unprotect", urn, "--yes");
  }
  write(config);
  const gone = deleted(await engine.pulumi("up", "--yes", "--skip-preview"));
  inOrder(gone, "example.test-mx-mx2", "mx2-forgotten", "mx2-drain", "mx2-probe", "mx2-machine", "mx2-volume");
  inOrder(gone, "mx2-drain", "mx1-in-peer-mx2");
  assert.ok(!gone.some((name) => name.startsWith("mx1-") && name !== "mx1-in-peer-mx2"), gone.join(", "));
  assert.deepEqual(await engine.preview(), []);
  write(lab());
  await engine.up();
});

test("destroy refuses while volumes are protected, before anything goes, and can keep them", async () => {
  const before = engine.cloud();
  const output = await engine.failing("destroy", "--yes");
  assert.match(output.replace(/\s+/g, " "), /mail-mx1-volume" cannot be deleted because it is protected/);
  assert.deepEqual(engine.cloud(), before);
  const gone = deleted(await engine.pulumi("destroy", "--yes", "--skip-preview", "--exclude-protected"));
  inOrder(gone, "example.test-mx-mx2", "mx2-forgotten", "mx2-drain", "mx1-drain", "mx1-machine");
  inOrder(gone, "mx2-drain", "mx1-in-peer-mx2");
  const { volumes, addresses, instances, records } = engine.cloud();
  assert.deepEqual([Object.keys(volumes).length, Object.keys(addresses).length], [2, 2]);
  assert.deepEqual([instances, records], [{}, {}]);
  // The volumes are the exchangers: with them they come back.
  await engine.up();
  assert.deepEqual(Object.keys(engine.cloud().volumes).sort(), Object.keys(volumes).sort());
});
