import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(__dirname, "../../cloud-init");

const programs = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name));
const inLanguage = (firstLine: RegExp, suffix: string): string[] =>
  programs.filter((path) => path.endsWith(suffix) || firstLine.test(readFileSync(path, "utf8").split("\n", 1)[0] ?? ""));

describe("programs of the hosts", () => {
  it("in shell pass shellcheck", () => {
    const shell = inLanguage(/^#!\/bin\/(?:ba)?sh/, ".sh");
    assert.ok(shell.length >= 3, shell.join());
    const checked = spawnSync("shellcheck", ["-S", "style", "-s", "sh", ...shell], { encoding: "utf8" });
    assert.equal(checked.error, undefined, "shellcheck is not installed");
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  });

  it("in Python compile without a warning", () => {
    const python = inLanguage(/^#!\/usr\/bin\/python3/, ".py");
    assert.ok(python.length >= 8, python.join());
    const compile = 'import sys\nfor p in sys.argv[1:]: compile(open(p, encoding="utf-8").read(), p, "exec")';
    const checked = spawnSync("python3", ["-W", "error", "-c", compile, ...python], { encoding: "utf8" });
    assert.equal(checked.status, 0, checked.stderr);
  });

  it("have no holes: what differs from host to host is in files that they read", () => {
    for (const path of programs.filter((candidate) => /\/lib\//.test(candidate)))
      assert.doesNotMatch(readFileSync(path, "utf8"), /\{\{\w+\}\}/, path);
  });
});
