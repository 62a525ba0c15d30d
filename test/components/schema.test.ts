import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { declarationPage } from "../../docs/reference";
import { schemaFile, schemaText } from "../../docs/schema";

interface Property {
  readonly description?: string;
}

it("the components' shape, as other languages see it, is the one that is locked", () => {
  assert.equal(readFileSync(schemaFile, "utf8"), schemaText(), "if the change is meant, run: npx tsx docs/schema.ts");
});

it("every argument and output of a component has a description", () => {
  const { resources } = JSON.parse(schemaText()) as {
    resources: Record<string, { inputProperties: Record<string, Property>; properties: Record<string, Property> }>;
  };
  assert.equal(Object.keys(resources).length, 3);
  for (const [name, { inputProperties, properties }] of Object.entries(resources)) {
    for (const [property, { description }] of [...Object.entries(inputProperties), ...Object.entries(properties)]) {
      assert.ok(description, `${name}.${property}`);
    }
  }
});

it("docs/declaration.md has every key", () => {
  assert.equal(readFileSync(join(__dirname, "../../docs/declaration.md"), "utf8"), declarationPage(), "run: npx tsx docs/reference.ts");
});
