import type { Command } from "commander";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Drill, figureRows, playDrill } from "../drills/drill";
import { drills } from "../drills/drills";
import { drillPage } from "../drills/page";
import { exclusively } from "./exclusively";
import { namedLab } from "./named-lab";
import { progress } from "./progress";

interface DrillOptions {
  readonly json?: true;
  readonly html?: string;
}

export function addDrill(program: Command): void {
  program
    .command("drill")
    .description("play a failure on purpose and show its figures")
    .argument("[name]", drills.map(({ name }) => name).join(", "))
    .option("--json", "print the figures as JSON and nothing else on standard output")
    .option("--html <file>", "where its page goes (default: the lab's folder)")
    .action(async (name: string | undefined, options: DrillOptions) => {
      const drill = drills.find((it) => it.name === name);
      if (drill !== undefined) await run(program, drill, options);
      else if (name === undefined) process.stdout.write(list());
      else throw new Error(`no drill "${name}"; there are:\n${list()}`);
    });
}

const list = (): string => drills.map(({ name, description }) => `  ${name.padEnd(12)}${description}\n`).join("");

async function run(program: Command, drill: Drill, { json, html }: DrillOptions): Promise<void> {
  const lab = namedLab(program);
  const interruption = new AbortController();
  // Once: who asks a second time does not want to wait until the lab is as it was.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  const stream = json === true ? process.stderr : process.stdout;
  const say = (line: string): void => void stream.write(`${line}\n`);
  say(`${drill.name}: ${drill.description}`);
  const played = await exclusively(lab, `lab drill ${drill.name}`, progress, () => playDrill(lab, drill, say, interruption.signal));
  const rows = played.figures === undefined ? [] : figureRows(drill, played.figures);

  const file = html ?? join(lab.dir, `drill-${drill.name}.html`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, drillPage({ ...drill, ...played, rows }));
  const documents = played.documents.map(({ name, text }) => {
    const path = join(dirname(file), `drill-${drill.name}-${name}`);
    writeFileSync(path, text);
    return path;
  });
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  say(`\n${rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}\n`).join("")}`);
  for (const text of played.unmet) say(`NOT MET: ${text}`);
  const near = (path: string): string => (relative(process.cwd(), path).startsWith("..") ? path : relative(process.cwd(), path));
  for (const path of documents) say(`kept: ${near(path)}`);
  say(`page: ${near(file)}`);
  if (json === true) process.stdout.write(`${JSON.stringify({ ...played.figures, unmet: played.unmet }, null, 2)}\n`);
  if (interruption.signal.aborted) process.exit(130);
  if (played.unmet.length > 0) process.exitCode = 1;
}
