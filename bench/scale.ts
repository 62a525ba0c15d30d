/** `pulumi up` of a mail system with a thousand domains, and the preview after it, beside a bare loop of as many resources. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { backendOf, STACK } from "../lab/engine/run-pulumi";
import type { Lab } from "../lab/lab";
import { addZones, type BenchProgram, runProgram } from "./bench-program";
import { figure, type Figure } from "./figure";
import type { Measurement } from "./measurement";

const DOMAINS = 1000;

/**
 * A self-managed backend writes the whole state at each step, which takes the square of the number of resources (pulumi/pulumi, issue 10668); Pulumi Cloud
 * does not. Then the state is written at the end alone.
 */
const STATE_AT_THE_END = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

export const scale: Measurement = {
  name: "scale",
  title: `up of ${DOMAINS} domains, ten mailboxes each, and the preview after it, beside a bare loop of as many resources; the state's size`,
  async run(bench) {
    const { lab } = await bench.books();
    await addZones(lab, DOMAINS);
    const product = await measured(lab, "domains", DOMAINS);
    const bare = await measured(lab, "records", product.resources);
    const figures: Figure[] = [];
    const beside = (what: string, ours: number, theirs: number, bound: string): void => {
      figures.push(
        figure({ what, unit: "s", bound }, [ours]),
        figure(
          {
            what: "  over the bare loop",
            unit: "x",
            bound: "what the module adds: its plan, its outputs, a zone looked up for each domain",
          },
          [ours / theirs],
        ),
      );
    };
    const engine = `the engine, the SDK and the simulators, for ${product.resources} resources`;
    beside(`up of ${DOMAINS} domains, ${10 * DOMAINS} mailboxes`, product.up, bare.up, `${engine}; the state is written at the end`);
    beside("a preview after it", product.again, bare.again, engine);
    figures.push(
      figure(
        {
          what: "the state",
          unit: "MB",
          bound: "what the engine writes of each record, and each exchanger's bundle, encrypted, as input and output",
        },
        [product.megabytes],
      ),
    );
    return figures;
  },
};

async function measured(
  lab: Lab,
  name: BenchProgram,
  count: number,
): Promise<{ readonly resources: number; readonly up: number; readonly again: number; readonly megabytes: number }> {
  const up = await runProgram(lab, name, count, ["up", "--yes", "--skip-preview"], STATE_AT_THE_END);
  const again = await runProgram(lab, name, count, ["preview"]);
  if (!/\d+ unchanged/.test(again.stdout) || /to (?:create|update|delete|replace)/.test(again.stdout))
    throw new Error(`the preview of ${name} after up has something to do:\n${again.stdout}`);
  const { size } = statSync(join(backendOf(lab), ".pulumi", "stacks", name, `${STACK}.json`));
  // Without the stack itself.
  const resources = Number(/\+ (\d+) created/.exec(up.stdout)?.[1]) - 1;
  return { resources, up: up.seconds, again: again.seconds, megabytes: size / 1e6 };
}
