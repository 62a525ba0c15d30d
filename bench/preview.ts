/** A first preview of a mail system with many domains, beside that of a program that does nothing but register as many resources. */
import type { Lab } from "../lab/lab";
import { addZones, type BenchProgram, runProgram } from "./bench-program";
import { figure, type Figure } from "./figure";
import type { Measurement } from "./measurement";

/** Domains -> pairs. */
const SIZES = [
  [10, 3],
  [100, 2],
  [1000, 1],
] as const;

export const preview: Measurement = {
  name: "preview",
  title: `a first preview of ${SIZES.map(([domains]) => domains).join(", ")} domains, ten mailboxes each, beside a bare loop of as many resources`,
  async run(bench) {
    const { lab } = await bench.books();
    await addZones(lab, Math.max(...SIZES.map(([domains]) => domains)));
    const figures: Figure[] = [];
    for (const [domains, pairs] of SIZES) {
      const ours: number[] = [];
      const bare: number[] = [];
      let resources = 0;
      for (let pair = 1; pair <= pairs; pair += 1) {
        bench.say(`preview of ${domains} domains, pair ${pair} of ${pairs}`);
        const product = await timed(lab, "domains", domains);
        resources = product.resources;
        ours.push(product.seconds);
        bare.push((await timed(lab, "records", resources)).seconds);
      }
      const bound = `the engine and the SDK, for ${resources} resources: the bare loop below`;
      figures.push(
        figure({ what: `preview of ${domains} domains, ${10 * domains} mailboxes`, unit: "s", bound }, ours),
        figure(
          {
            what: `  ${resources} resources in a bare loop`,
            unit: "s",
            bound: "the SDK, which takes a stack trace for each promise, and the engine's gRPC calls",
          },
          bare,
        ),
        figure(
          {
            what: "  over the bare loop",
            unit: "x",
            bound: "what the module adds: its plan, its outputs, a zone looked up for each domain",
          },
          ours.map((seconds, index) => seconds / (bare[index] ?? NaN)),
        ),
      );
    }
    return figures;
  },
};

async function timed(lab: Lab, name: BenchProgram, count: number): Promise<{ seconds: number; resources: number }> {
  const { seconds, stdout } = await runProgram(lab, name, count, ["preview"]);
  return { seconds, resources: Number(/\+ (\d+) to create/.exec(stdout)?.[1]) - 1 };
}
