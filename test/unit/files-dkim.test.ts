/** The primary's program that makes DKIM keys, run as it is, on a folder in the place of the volume. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { dkimKeyLines, parseDkimKeys, type DkimKeys } from "../../cloud-init/door";
import { domain, planOf } from "./plan-verdicts";

const host = join(__dirname, "../../cloud-init/host");
const folder = mkdtempSync(join(tmpdir(), "dkim-"));
after(() => rmSync(folder, { recursive: true }));
for (const name of readdirSync(join(host, "both/lib")).filter((file) => file.endsWith(".py")))
  copyFileSync(join(host, "both/lib", name), join(folder, name));
copyFileSync(join(host, "primary/lib/dkim"), join(folder, "dkim"));
const volume = join(folder, "volume");
mkdirSync(join(volume, "identity"), { recursive: true });
const bundles = join(folder, "bundles.py");
writeFileSync(bundles, readFileSync(bundles, "utf8").replace('ROOT = "/srv/mailserver"', `ROOT = "${volume}"`));

const run = (dkim: object): { status: number | null; stderr: string; keys: () => DkimKeys } => {
  const input = dkimKeyLines(planOf(domain({ dkim })).domains);
  const { status, stdout, stderr } = spawnSync(join(folder, "dkim"), { input, encoding: "utf8" });
  return { status, stderr, keys: () => parseDkimKeys(stdout) };
};

describe("DKIM keys of the primary", () => {
  it("are made once, of the strength that receivers want, and readable by root alone", () => {
    const dkim = { s1: {}, s2: { type: "ed25519" } };
    const first = run(dkim);
    assert.equal(first.status, 0, first.stderr);
    const { s1, s2 } = first.keys()["example.test"] ?? {};
    // What a declaration takes as somebody else's key is in the form of a record.
    planOf(domain({ dkim: { s1: { publicKey: s1 }, s2: { type: "ed25519", publicKey: s2 } } }));
    const again = run({ ...dkim, other: { revoked: true } });
    assert.deepEqual(again.keys(), first.keys());
    assert.equal(again.stderr, "");
    for (const name of ["s1.pem", "s2.pem"]) assert.equal(statSync(join(volume, "identity/dkim/example.test", name)).mode & 0o777, 0o600);
  });

  it("keep their type", () => {
    run({ s3: {} });
    const { status, stderr } = run({ s3: { type: "ed25519" } });
    assert.equal(status, 1);
    assert.match(stderr, /s3\.pem is a key of another type than ed25519; take another selector/);
  });
});
