import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { identity } from "../../dns/review/identity";
import { EXIT, InvalidInput } from "../exit-status";
import { say } from "../progress";
import { exitStatusHelp } from "./exit-status-help";
import { withStackOptions } from "./stack-options";
import { liveZones } from "./sources/live";
import { programRecords, recordingSide } from "./sources/program";
import { reason } from "./sources/project";
import { createdResources } from "./sources/pulumi-preview";
import { programOf } from "./sources/stack";
import { importFile, type Adopted } from "./import-file";

interface Options {
  readonly stack?: string;
  readonly program: string;
  readonly stackFile?: string;
  readonly output: string;
  readonly preview?: string;
}

/** The command `mailserver dns adopt`. */
export function adoptCommand(): Command {
  return withStackOptions(new Command("adopt"))
    .description(
      "Match what zones at Cloudflare hold already with what the stack is to make, and write the file by which Pulumi takes it over: " +
        "pulumi import --file FILE. Changes nothing. Needs a token that may read, in CLOUDFLARE_API_TOKEN.",
    )
    .option("--stack-file <file>", "configuration of the stack (default: Pulumi.NAME.yaml)")
    .option(
      "--preview <file>",
      "JSON of pulumi preview --json --show-sames: only what it would make is taken over (default: all that is there)",
    )
    .requiredOption("--output <file>", "Pulumi's import file")
    .addHelpText("after", exitStatusHelp("several records of a zone could be one of the stack's; take out those that are not"))
    .action(adopt);
}

async function adopt(options: Options): Promise<void> {
  const created = options.preview === undefined ? undefined : createdResources(options.preview);
  const program = programOf(options);
  const recording = await program.recorded(say);
  const head = recordingSide(program.title, recording);
  const live = (await liveZones(head, say)).flatMap((zone) =>
    zone.records.map(({ id, record }) => ({ ...record, id: `${zone.id}/${id}` })),
  );
  const byIdentity = new Map<string, (typeof live)[number][]>();
  for (const record of live) byIdentity.set(identity(record), [...(byIdentity.get(identity(record)) ?? []), record]);

  const adopted: Adopted[] = [];
  const lines: string[] = [];
  const ambiguous: string[] = [];
  for (const { record, resource } of programRecords(recording)) {
    if (record.type === "PTR") continue;
    // Pulumi refuses the whole file for one record that is in the state.
    if (created?.has(`${resource.type} ${resource.name}`) === false) continue;
    const [found, ...others] = byIdentity.get(identity(record)) ?? [];
    if (found === undefined) continue;
    if (others.length > 0)
      ambiguous.push(`${record.name} ${record.type}: ${[found, ...others].map(({ content }) => content).join(" and ")}`);
    adopted.push({ resource, id: found.id });
    lines.push(
      `${record.name} ${record.type} ${found.content}${found.content === record.content ? "" : ` (the first \`pulumi up\` makes it ${record.content})`}`,
    );
  }
  if (ambiguous.length > 0) {
    process.stdout.write(
      `${["Several records could be one of the stack's; nothing was written:", ...ambiguous.map((line) => `  ${line}`)].join("\n")}\n`,
    );
    process.exitCode = EXIT.blocked;
    return;
  }
  try {
    writeFileSync(options.output, `${JSON.stringify(importFile(adopted, recording.resources), null, 2)}\n`);
  } catch (error) {
    throw new InvalidInput(`cannot write ${options.output}: ${reason(error)}`);
  }
  const next =
    adopted.length === 0
      ? "Nothing is there that the stack would make; nothing need be imported."
      : `Then: pulumi import --file ${options.output} --protect=false --generate-code=false`;
  process.stdout.write(
    `${[`${adopted.length} of ${head.records.length} records are there already:`, ...lines.map((line) => `  ${line}`), next].join("\n")}\n`,
  );
}
