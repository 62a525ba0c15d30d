import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "../lab";
import { namedLab } from "./named-lab";
import { progress } from "./progress";

/** What `lab/drills/NAME.ts` exports: a failure played on purpose. It tells what happens as it happens, and gives its figures. */
export interface Drill {
  run(lab: Lab, report: (line: string) => void): Promise<unknown>;
}

const folder = join(__dirname, "../drills");

export function addDrill(program: Command): void {
  program
    .command("drill")
    .description("play a failure on purpose and show its figures")
    .argument("<name>")
    .option("--json", "print the figures as JSON and nothing else on standard output")
    .action(async (name: string, { json }: { json?: boolean }) => {
      const lab = namedLab(program);
      if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(folder, `${name}.ts`))) {
        const known = existsSync(folder)
          ? readdirSync(folder)
              .filter((file) => file.endsWith(".ts"))
              .map((file) => file.replace(/\.ts$/, ""))
          : [];
        throw new Error(`no drill "${name}"; there are: ${known.join(", ")}`);
      }
      const { run } = (await import(join(folder, `${name}.ts`))) as Drill;
      const say = json === true ? progress : (line: string): void => void process.stdout.write(`${line}\n`);
      const figures = await run(lab, say);
      if (json === true) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    });
}
