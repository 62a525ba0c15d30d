/**
 * The components as Pulumi's analyzer offers them to other languages. `npx tsx docs/schema.ts` writes docs/schema.json, which is a lock: a test compares
 * it, and a reviewer sees in it what a change of arguments or outputs means for those who use the components.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import packageJson from "../package.json";

const COMPONENTS = ["MailServer", "MailExchanger", "MailDns"];

export const schemaFile = join(__dirname, "schema.json");

/** The package's schema, as text. Its version is left out: the shape is what is locked. */
export function schemaText(): string {
  const { name, description } = packageJson;
  const analyzer = new Analyzer(join(__dirname, ".."), name, packageJson, new Set(COMPONENTS));
  const { components, typeDefinitions, dependencies } = analyzer.analyze();
  const schema = generateSchema(name, "", description, components, typeDefinitions, dependencies);
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (require.main === module) writeFileSync(schemaFile, schemaText());
