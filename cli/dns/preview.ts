import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { failureMarkdown, markdown } from "../../dns/faces/markdown";
import { deliveryDiagram } from "../../dns/faces/mermaid";
import { json } from "../../dns/faces/json";
import { terminal } from "../../dns/faces/terminal";
import { visible } from "../../dns/faces/visible";
import { data } from "../../dns/faces/wording";
import { zoneFiles } from "../../dns/faces/zone";
import { differenceOf } from "../../dns/review/checksum";
import { readAllowed, readSettings, settingsNamespace } from "../../dns/review/read-settings";
import type { Report } from "../../dns/review/report";
import { review } from "../../dns/review/review";
import type { ReviewSettings } from "../../dns/review/settings";
import type { Parsed } from "../../plan/types";
import { EXIT, invalid, InvalidInput } from "../exit-status";
import { say } from "../progress";
import { exitStatusHelp } from "./exit-status-help";
import { against, openAgainst, type Against } from "./sources/against";
import { headCommit } from "./sources/git";
import { nameServer } from "./sources/name-server";
import { reason } from "./sources/project";
import { openStack, type Stack, type StackOptions } from "./sources/stack";
import { repeated, withStackFile } from "./stack-options";

interface Options extends StackOptions {
  readonly against?: readonly string[];
  readonly nameServer?: string;
  readonly format: string;
  readonly width?: string;
  readonly markdown?: string;
  readonly json?: string;
  readonly zones?: string;
  readonly mermaid?: string;
  readonly allow?: readonly string[];
  readonly expectNoChanges?: boolean;
  readonly expectChecksum?: string;
  readonly detailedExitcode?: boolean;
  readonly day?: string;
}

/** The command `mailserver dns preview`. */
export function previewCommand(): Command {
  return withStackFile(new Command("preview"))
    .description(
      "What a change does to DNS, and what that means for mail, before it happens. Needs no credential, unless it is compared with what is live: " +
        "then a token that may read, in CLOUDFLARE_API_TOKEN.",
    )
    .option(
      "--against <source>",
      "what the wanted records are compared with: git:REF, live, pulumi:FILE (of pulumi preview --json --show-sames), zone:FILE (or a folder of NAME.zone). " +
        "Repeat it to tell what was changed by hand from what this change does (default: live)",
      repeated,
    )
    .option("--name-server <host[:port]>", "live is what this name server has, by zone transfer or by queries, instead of Cloudflare's API")
    .addOption(
      new Option("--format <face>", "what goes to standard output").choices(["terminal", "markdown", "json", "none"]).default("terminal"),
    )
    .option("--width <columns>", "width of the report (default: the terminal's, else 80)")
    .option("--markdown <file>", "write it as one comment of a pull request, also when the preview fails")
    .option("--json <file>", "write it as JSON")
    .option("--zones <folder>", "write the wanted records as zone files, NAME.zone each")
    .option("--mermaid <file>", "write the ways of mail as a Mermaid diagram")
    .option("--allow <rule=record>", "let a finding through this once, such as --allow 'mx-last-removed=club.test MX'", repeated)
    .option("--expect-no-changes", "any change ends with 3")
    .option(
      "--expect-checksum <sum>",
      "what was reviewed: its checksum, or the file of its JSON, which also tells what differs; another change ends with 3",
    )
    .option("--detailed-exitcode", "changes that nothing blocks end with 4 instead of 0")
    .addOption(new Option("--day <date>", "today, for acknowledgements that end").hideHelp())
    .addHelpText(
      "after",
      exitStatusHelp(
        "blocked by a rule, or by --expect-no-changes or --expect-checksum",
        "with --detailed-exitcode: changes, and nothing blocks them",
      ),
    )
    .action(preview);
}

async function preview(options: Options): Promise<void> {
  const width = columns(options.width);
  const expected = options.expectChecksum === undefined ? undefined : expectation(options.expectChecksum);
  // What an earlier run has left must not be taken for this one's.
  for (const file of [options.markdown, options.json, options.mermaid]) if (file !== undefined) rmSync(file, { force: true });
  let title = options.stack ?? "";
  try {
    const stack = openStack(options);
    title = stack.title;
    const report = await reviewed(stack, options);
    write(report, width, options);
    process.exitCode = status(report, expected, options);
  } catch (error) {
    // An older comment would go on saying that all is well.
    if (options.markdown !== undefined) {
      const lines = (error instanceof Error ? error.message : String(error)).split("\n").map((line) => line.trim());
      writeOut(options.markdown, failureMarkdown(title, lines, await headCommit(options.program)));
    }
    throw error;
  }
}

async function reviewed(stack: Stack, options: Options): Promise<Report> {
  const { day = new Date().toISOString().slice(0, 10) } = options;
  const settings = settingsOf(stack, options.allow ?? [], day);
  const [first, ...others] = (options.against ?? ["live"]).map(against) as [Against, ...Against[]];
  const server = options.nameServer === undefined ? undefined : nameServer(options.nameServer);
  if (server !== undefined && ![first, ...others].some(({ kind }) => kind === "live")) {
    throw new InvalidInput("--name-server says where live is, and nothing is compared with live; add --against live.");
  }
  const head = await stack.desired(say);
  const open = (source: Against): ReturnType<typeof openAgainst> => openAgainst(source, head, stack, server, say);
  const before = await open(first);
  const more = [];
  for (const source of others) more.push(await open(source));
  return review({ stack: stack.title, head, against: [before, ...more], settings, day, commit: await headCommit(stack.folder) });
}

function settingsOf(stack: Stack, allow: readonly string[], day: string): ReviewSettings {
  const settings = good(readSettings(stack.settings(settingsNamespace)), "the settings of the review");
  const allowed = good(readAllowed(allow, day), "the command line");
  return { ...settings, acknowledge: [...settings.acknowledge, ...allowed] };
}

function good<T>(parsed: Parsed<T>, what: string): T {
  if (parsed.ok) return parsed.value;
  throw invalid(
    what,
    parsed.problems.map(({ path, message }) => `${path}: ${message}`),
  );
}

/** A file, or `-` for standard output. */
function writeOut(file: string, text: string): void {
  if (file === "-") process.stdout.write(text);
  else {
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new InvalidInput(`cannot write ${file}: ${reason(error)}`);
    }
  }
}

function write(report: Report, width: number, options: Options): void {
  switch (options.format) {
    case "terminal":
      process.stdout.write(terminal(report, { width, colour: isColoured() }));
      break;
    case "markdown":
      process.stdout.write(markdown(report));
      break;
    case "json":
      process.stdout.write(json(report));
  }
  if (options.markdown !== undefined) writeOut(options.markdown, markdown(report));
  if (options.json !== undefined) writeOut(options.json, json(report));
  if (options.mermaid !== undefined) writeOut(options.mermaid, deliveryDiagram(report.domains));
  if (options.zones !== undefined) {
    mkdirSync(options.zones, { recursive: true });
    for (const [zone, text] of zoneFiles(report)) writeOut(join(options.zones, `${zone}.zone`), text);
  }
}

function columns(given: string | undefined): number {
  if (given === undefined) return process.stdout.columns || 80;
  if (!/^[1-9]\d{0,3}$/.test(given)) throw new InvalidInput(`--width "${given}" is no number of columns; give one such as 80.`);
  return Number(given);
}

/** https://no-color.org: any value that is not empty. */
const isColoured = (): boolean => process.stdout.isTTY && (process.env.NO_COLOR ?? "") === "";

/** What stands in the way is told after the report: whoever reads it has seen the change then. */
function status(report: Report, expected: Expectation | undefined, { expectNoChanges, detailedExitcode }: Options): number {
  const { create, update, delete: deleted } = report.summary;
  const changes = create + update + deleted + report.effect.length + report.foreign.length;
  if (expected !== undefined && !isExpected(report, expected)) return EXIT.blocked;
  if (expectNoChanges === true && changes > 0) {
    process.stderr.write("error: no change was expected, and there are some\n");
    return EXIT.blocked;
  }
  if (report.verdict === "blocked") return EXIT.blocked;
  return detailedExitcode === true && changes > 0 ? EXIT.changes : EXIT.ok;
}

/** A review that somebody agreed to: the whole of it, or its checksum alone. */
type Expectation = Report | Pick<Report, "checksum">;

const expectation = (text: string): Expectation => (/^[0-9a-f]{64}$/.test(text) ? { checksum: text } : reviewedReport(text));

function isExpected(report: Report, before: Expectation): boolean {
  if (before.checksum === report.checksum) return true;
  const lines = [`error: this is not what was reviewed: its checksum is ${report.checksum}, and ${before.checksum} was expected`];
  if ("domains" in before) {
    const { gone, come } = differenceOf(before, report);
    const shown = ({ op, name, type, before: old, after }: (typeof gone)[number]): string =>
      visible(
        `${op} ${name} ${type} ${[old, after].flatMap((record) => (record === undefined ? [] : [`${data(record)} (TTL ${record.ttl})`])).join(" -> ")}`,
      );
    lines.push(
      ...gone.map((change) => `  reviewed, and no longer so: ${shown(change)}`),
      ...come.map((change) => `  not reviewed: ${shown(change)}`),
    );
  } else lines.push("  the report above is what would be deployed now");
  process.stderr.write(`${lines.join("\n")}\n`);
  return false;
}

function reviewedReport(file: string): Report {
  const wayOut = "give the checksum of a review, 64 hexadecimal digits, or the file that --json wrote";
  let read: Partial<Report>;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as Partial<Report>;
  } catch (error) {
    throw new InvalidInput(`--expect-checksum "${file}" cannot be read as a review (${reason(error)}); ${wayOut}.`);
  }
  if (read.version !== 1 || typeof read.checksum !== "string" || !Array.isArray(read.domains)) {
    throw new InvalidInput(`--expect-checksum ${file} is no review of version 1; ${wayOut}.`);
  }
  return read as Report;
}
