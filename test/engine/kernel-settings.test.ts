import "./throwaway-root";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { putKernelSettingsBack, raiseKernelSettings, SETTINGS } from "../../lab/kernel-settings";
import { claimLab, forgetLab, labNames, type Lab } from "../../lab/lab";

/** Files that stand for the kernel's, each with this in it. */
function settings(lab: Lab, values: { [name: string]: string }): typeof SETTINGS {
  const folder = join(dirname(lab.dir), "sys");
  mkdirSync(folder, { recursive: true });
  return Object.entries(values).map(([name, value]) => {
    writeFileSync(join(folder, name), `${value}\n`);
    return { file: join(folder, name), least: 1024, without: "hosts end" };
  });
}

const values = (of: typeof SETTINGS): string[] => of.map(({ file }) => readFileSync(file, "utf8").trim());

test("what is too low is raised for the first lab, and is as it was when the last one has gone", () => {
  const [one, other] = [claimLab("one"), claimLab("other")];
  const machine = settings(one, { low: "128", enough: "4096" });
  assert.deepEqual(labNames(), ["one", "other"]);
  for (const lab of [one, other]) raiseKernelSettings(lab, assert.fail, machine);
  assert.deepEqual(values(machine), ["1024", "4096"]);
  putKernelSettingsBack(one, machine);
  assert.deepEqual(values(machine), ["1024", "4096"], "the other lab is still there");
  forgetLab(one);
  putKernelSettingsBack(other, machine);
  assert.deepEqual(values(machine), ["128", "4096"]);
  forgetLab(other);
});

test("where it cannot be changed, the reason and what comes of it are said", () => {
  const lab = claimLab("readonly");
  const said: string[] = [];
  // Of the kernel's own, one that nobody can write.
  const unwritable = [{ file: "/proc/sys/kernel/ostype", least: 1024, without: "hosts end" }];
  raiseKernelSettings(lab, (line) => said.push(line), unwritable);
  assert.match(said.join("\n"), /ostype is Linux, less than 1024, and cannot be changed \(.*\): hosts end$/);
  putKernelSettingsBack(lab, unwritable);
  forgetLab(lab);
});
