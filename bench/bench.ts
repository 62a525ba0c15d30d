/**
 * `npm run bench`: the figures of the project, measured on labs of its own, as a table for people and as JSON. No figure is asserted; beside each stands its
 * goal, where there is one, and what bounds it. Ratios are of one run, so they hold on a loaded machine, where seconds do not.
 */
import { writeFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { apply } from "./apply";
import { BenchLabs } from "./bench-labs";
import { boot } from "./boot";
import { delivery } from "./delivery";
import { type Figure, isMet } from "./figure";
import { dnsPreview } from "./dns-preview";
import { fuzz } from "./fuzz";
import { held } from "./held";
import type { Bench, Measurement } from "./measurement";
import { memory } from "./memory";
import { preview } from "./preview";
import { reading } from "./reading";
import { scale } from "./scale";
import { amount, table } from "./table";
import { up } from "./up";

/** In the order in which they run: what is idle or small comes before what leaves ten thousand mails. */
const MEASUREMENTS: readonly Measurement[] = [up, memory, boot, apply, delivery, reading, held, preview, scale, fuzz, dnsPreview];

const started = Date.now();
const say = (line: string): void => void process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

interface Options {
  readonly list?: boolean;
  readonly json?: string;
}

async function run(names: readonly string[], { list, json }: Options): Promise<void> {
  if (list === true) {
    for (const { name, title } of MEASUREMENTS) process.stdout.write(`${name.padEnd(10)} ${title}\n`);
    return;
  }
  const labs = new BenchLabs(say);
  const interrupted = (): void => void labs.end().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  const all: { name: string; figures: Figure[] }[] = [];
  try {
    const bench: Bench = { say, hosts: () => labs.hosts(), books: () => labs.books(), secondsToUp: () => labs.secondsToUp() };
    for (const { name, title, run: measure } of MEASUREMENTS.filter((each) => names.length === 0 || names.includes(each.name))) {
      say(`${name}: ${title}`);
      try {
        const figures = await measure(bench);
        all.push({ name, figures });
        for (const each of figures) say(`${each.what}: ${amount(each).trim()}`);
      } catch (error) {
        // The others' figures are worth having.
        say(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await labs.end();
  }
  const text = `${JSON.stringify(
    all.map(({ name, figures }) => ({ name, figures: figures.map((each) => ({ ...each, met: isMet(each) })) })),
    null,
    2,
  )}\n`;
  if (json === "-") process.stdout.write(text);
  else process.stdout.write(`\n${table(all.flatMap(({ figures }) => figures))}`);
  if (json !== undefined && json !== "-") writeFileSync(json, text);
}

new Command("bench")
  .description("the figures of the project, measured on labs of their own")
  .addArgument(new Argument("[name...]", "which (default: all)").choices(MEASUREMENTS.map(({ name }) => name)))
  .option("--list", "what there is to measure")
  .option("--json <file>", "write the figures as JSON (-: to standard output, in place of the table)")
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
