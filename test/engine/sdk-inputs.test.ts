/** The simulated resources and lookups take exactly what the installed SDKs send: names, types, and what must be there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aws } from "../../lab/cloud/aws/provider";
import { cloudflare } from "../../lab/cloud/cloudflare/provider";
import { command } from "../../lab/cloud/command/provider";
import type { FunctionDefinition, PropertyMap, ResourceDefinition, Type } from "../../lab/cloud/protocol/definition";
import { sdkConfig, sdkInputs, type Member, type Shape } from "./sdk-shape";

/** Where ours differs from the SDK's, as sentences. Ours may want what the SDK leaves open: the service wants it too, or the lab simulates only this. */
function differences(ours: PropertyMap, sdk: { readonly [name: string]: Member }, path = ""): string[] {
  return Object.entries(ours).flatMap(([name, { type, required }]) => {
    const member = sdk[name];
    if (member === undefined) return [`${path}${name}: the SDK has no such input`];
    const missing = member.required && required !== true ? [`${path}${name}: the SDK requires it`] : [];
    return [...missing, ...typeDifferences(type, member.shape, path + name)];
  });
}

function typeDifferences(ours: Type, sdk: Shape, path: string): string[] {
  if (ours.kind !== sdk.kind) return [`${path}: ${ours.kind} here, ${sdk.kind} in the SDK`];
  if ((ours.kind === "list" || ours.kind === "map") && ours.kind === sdk.kind) return typeDifferences(ours.of, sdk.of, `${path}[]`);
  return ours.kind === "object" && sdk.kind === "object" ? differences(ours.properties, sdk.properties, `${path}.`) : [];
}

const known = ({ inputs, notSimulated = [] }: ResourceDefinition | FunctionDefinition): string[] =>
  [...Object.keys(inputs), ...notSimulated].sort();

for (const { name, config, notSimulated = [], resources, functions } of [aws, cloudflare, command]) {
  test(`${name}: the provider's configuration, each setting simulated or refused by name`, () => {
    assert.deepEqual([...Object.keys(config), ...notSimulated].sort(), Object.keys(sdkConfig(name)).sort());
  });
  for (const definition of [...resources, ...functions]) {
    test(`${definition.token}: the SDK's inputs, each simulated or refused by name, with the SDK's types`, () => {
      const sdk = sdkInputs(definition.token);
      assert.ok(Object.keys(sdk).length > 0, "the SDK's source was understood");
      assert.deepEqual(known(definition), Object.keys(sdk).sort());
      assert.deepEqual(differences(definition.inputs, sdk), []);
    });
  }
}

test("a difference is seen: in a name, in a type at any depth, in what must be there", () => {
  const string: Shape = { kind: "string" };
  const sdk = {
    name: { shape: string, required: true },
    data: { shape: { kind: "object", properties: { port: { shape: string, required: false } } }, required: false },
  } as const;
  const ours: PropertyMap = {
    name: { type: { kind: "string" } },
    data: { type: { kind: "object", properties: { port: { type: { kind: "number" } } } } },
    other: { type: { kind: "any" } },
  };
  assert.deepEqual(differences(ours, sdk), [
    "name: the SDK requires it",
    "data.port: number here, string in the SDK",
    "other: the SDK has no such input",
  ]);
});
