import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { declarationPage } from "../../docs/reference";
import packageJson from "../../package.json";

it("is a shape that Pulumi can offer to other languages", () => {
  const names = ["MailServer", "MailExchanger", "MailDns"];
  const { components } = new Analyzer(join(__dirname, "../.."), packageJson.name, packageJson, new Set(names)).analyze();
  assert.deepEqual(Object.keys(components).sort(), names.sort());
  for (const [name, { inputs, outputs }] of Object.entries(components)) {
    for (const [property, { description }] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
      assert.ok(description, `${name}.${property} has a description`);
    }
  }
});

it("is described by docs/declaration.md", () => {
  assert.equal(readFileSync(join(__dirname, "../../docs/declaration.md"), "utf8"), declarationPage(), "run: npx tsx docs/reference.ts");
});
