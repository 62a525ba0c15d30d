import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { aws } from "../../lab/cloud/aws/provider";
import { cloudflare } from "../../lab/cloud/cloudflare/provider";
import { command } from "../../lab/cloud/command/provider";
import type { FunctionDefinition, ResourceDefinition } from "../../lab/cloud/protocol/definition";

/** The source of a class or function of the installed SDK, by its token. */
function sourceOf(token: string): string {
  const [pkg = "", module = "", name = ""] = token.split(":");
  const folder = module.split("/")[0] === "index" ? "" : `${module.split("/")[0]}/`;
  const file = module.includes("/") ? module.split("/")[1] : name.charAt(0).toLowerCase() + name.slice(1);
  return readFileSync(require.resolve(`@pulumi/${pkg}/${folder}${file}.js`), "utf8");
}

/** Names that the SDK's constructor or function sends. */
function inputsOf(token: string): string[] {
  const source = sourceOf(token);
  const names = [...source.matchAll(/resourceInputs\["(\w+)"\] = .*\bargs\??\.|^ +"(\w+)": args\.\2,$/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  return [...new Set(names)].sort();
}

/** Names without which the SDK's constructor throws. */
const requiredOf = (token: string): string[] =>
  [...sourceOf(token).matchAll(/Missing required property '(\w+)'/g)].map((match) => match[1] ?? "").sort();

const known = ({ inputs, notSimulated = [] }: ResourceDefinition | FunctionDefinition): string[] =>
  [...Object.keys(inputs), ...notSimulated].sort();

for (const provider of [aws, cloudflare, command]) {
  for (const definition of [...provider.resources, ...provider.functions]) {
    test(`${definition.token}: exactly the SDK's inputs are simulated or refused by name`, () => {
      const names = inputsOf(definition.token);
      assert.ok(names.length > 0, "the SDK's source was understood");
      assert.deepEqual(known(definition), names);
    });
  }
  for (const definition of provider.resources) {
    test(`${definition.token}: what the SDK requires is required`, () => {
      for (const name of requiredOf(definition.token)) assert.equal(definition.inputs[name]?.required, true, name);
    });
  }
}
