import { writeFileSync } from "node:fs";
import { Command } from "commander";
import type { Presented } from "../../dns/presentation";
import { drifts, type Drift } from "../../dns/drift";
import { data } from "../../dns/faces/wording";
import { visible } from "../../dns/faces/visible";
import { EXIT } from "../exit-status";
import { say } from "../progress";
import { exitStatusHelp } from "./exit-status-help";
import { repeated, withStackOptions } from "./stack-options";
import { Authorities, shownAuthority, type Authority } from "./sources/authority";
import { inTurn } from "./sources/in-turn";
import { ask, nameServer } from "./sources/name-server";
import { outputRecords } from "./sources/stack-outputs";

interface Options {
  readonly stack?: string;
  readonly program: string;
  readonly outputs?: string;
  readonly nameServer?: readonly string[];
  readonly resolver?: string;
  readonly json?: string;
}

/** What one name server has otherwise, as `--json` has it. */
interface ServerDrift {
  readonly server: string;
  readonly drifts: readonly Drift[];
}

const AT_ONCE = 8;

/** The command `mailserver dns drift`. */
export function driftCommand(): Command {
  return withStackOptions(new Command("drift"))
    .description("Ask every authoritative name server whether it answers what the stack says (its output `records`)")
    .option("--outputs <file>", "JSON of pulumi stack output --json (-: standard input) (default: pulumi is asked)")
    .option("--name-server <host[:port]>", "ask this one instead of those of each zone; may be repeated", repeated)
    .option("--resolver <host[:port]>", "who says which name servers a zone has (default: the system's resolver)")
    .option("--json <file>", "write what differs as JSON")
    .addHelpText("after", exitStatusHelp("a server answers otherwise than the stack says"))
    .action(drift);
}

async function drift(options: Options): Promise<void> {
  const given = options.nameServer?.map((text): Authority => ({ ...nameServer(text), name: "" }));
  const resolver = options.resolver === undefined ? undefined : nameServer(options.resolver);
  const records = await outputRecords(options.outputs, options.program, options.stack);
  const groups = new Map<string, { readonly authority: Authority; readonly wanted: Presented[] }>();
  const authorities = new Authorities(resolver, say);
  for (const record of records) {
    for (const authority of given ?? (await authorities.of(record.name))) {
      const shown = shownAuthority(authority);
      const group = groups.get(shown) ?? { authority, wanted: [] };
      group.wanted.push(record);
      groups.set(shown, group);
    }
  }
  const results: ServerDrift[] = [];
  for (const [server, { authority, wanted }] of groups) {
    say(`asking ${server} for ${wanted.length} records`);
    const questions = new Map(wanted.map(({ name, type }) => [`${name} ${type}`, { name, type }]));
    const found = await inTurn([...questions.values()], AT_ONCE, ({ name, type }) => ask(authority, name, type));
    results.push({ server, drifts: drifts(wanted, found.flat()) });
  }
  const differing = results.filter((result) => result.drifts.length > 0);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(report(results, differing, records.length));
  process.exitCode = differing.length > 0 ? EXIT.blocked : EXIT.ok;
}

function report(all: readonly ServerDrift[], differing: readonly ServerDrift[], count: number): string {
  if (differing.length === 0) return `${all.length} name servers answer all of ${count} records as the stack says.\n`;
  const lines = differing.flatMap(({ server, drifts: some }) => [
    `${visible(server)}:`,
    ...some.map(({ name, type, wanted, found }) => `  ${visible(`${name} ${type}`)}: ${shown(wanted, found)}`),
  ]);
  const others = all.length - differing.length;
  return `${[...lines, `${differing.length} of ${all.length} name servers answer otherwise than the stack says${others > 0 ? `; ${others} do not` : ""}.`].join("\n")}\n`;
}

function shown(wanted: Presented | undefined, found: Presented | undefined): string {
  const text = (record: Presented): string => visible(`${data(record)} (TTL ${record.ttl})`);
  if (wanted === undefined) return `${found === undefined ? "" : text(found)}, which the stack does not say`;
  return `${found === undefined ? "nothing" : text(found)} instead of ${text(wanted)}`;
}
