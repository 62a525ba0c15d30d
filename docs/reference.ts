/** Writes docs/declaration.md from the doc comments: `node --import tsx docs/reference.ts`. A test says when it is out of date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import packageJson from "../package.json";

const root = join(__dirname, "..");

interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
  optional?: boolean;
  description?: string;
}

/** Name of a type of ours, for instance `ExchangerDeclaration`. */
const typeName = (reference: string): string => reference.split(":").pop() ?? reference;

function shape({ type, $ref, items, additionalProperties }: Property): string {
  if ($ref !== undefined) return `[${typeName($ref)}](#${typeName($ref).toLowerCase()})`;
  if (items !== undefined) return `list of ${shape(items)}`;
  if (additionalProperties !== undefined) return `map to ${shape(additionalProperties)}`;
  return type ?? "";
}

function table(properties: Record<string, Property>): string {
  const rows = Object.entries(properties).map(
    ([name, property]) =>
      `| \`${name}\` | ${shape(property)} | ${property.optional === true ? "" : "yes"} | ${(property.description ?? "").replaceAll("\n", " ").replaceAll("|", "\\|")} |`,
  );
  return ["| key | shape | required | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The whole page. */
export function declarationPage(): string {
  const names = ["MailServer", "MailExchanger", "MailDns"];
  const schema = new Analyzer(root, packageJson.name, packageJson, new Set(names)).analyze();
  const section = (title: string, text: string | undefined, ...tables: string[]): string =>
    [`## ${title}`, ...(text === undefined ? [] : [text]), ...tables].join("\n\n");
  const components = names.map((name) => {
    const component = schema.components[name]!;
    const inputs = table(component.inputs as Record<string, Property>);
    const outputs = table(component.outputs as Record<string, Property>).replace("| required |", "| |");
    return section(name, component.description, inputs, "Outputs:", outputs.replaceAll("| yes |", "| |"));
  });
  const types = Object.entries(schema.typeDefinitions)
    .filter(([name]) => name !== "Declaration")
    .map(([name, type]) => section(name, type.description, table(type.properties as Record<string, Property>)));
  const declaration = section("Declaration", "See [MailServer](#mailserver): its arguments, without the secrets.");
  return `${[
    "# Every key",
    "Written from the doc comments by `docs/reference.ts`. In `Pulumi.<stack>.yaml` the keys of [MailServer](#mailserver) stand under `mailserver:`.",
    ...components,
    declaration,
    ...types,
  ].join("\n\n")}\n`;
}

if (require.main === module) writeFileSync(join(__dirname, "declaration.md"), declarationPage());
