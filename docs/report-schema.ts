/** The JSON Schema of a review's report, from its types. `npx tsx docs/report-schema.ts` writes dns/faces/report.schema.json; a test compares it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

export const reportSchemaFile = join(__dirname, "../dns/faces/report.schema.json");

export function reportSchemaText(): string {
  const schema = createGenerator({
    path: join(__dirname, "../dns/review/report.ts"),
    tsconfig: join(__dirname, "../tsconfig.json"),
    type: "Report",
    topRef: false,
    // A later version may say more.
    additionalProperties: true,
    skipTypeCheck: true,
  }).createSchema("Report");
  return `${JSON.stringify({ title: "Review of mail's DNS", ...schema }, null, 2)}\n`;
}

if (require.main === module) writeFileSync(reportSchemaFile, reportSchemaText());
