/** A mailbox more, as an operator adds it: when it is usable, and where the time goes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { runPulumi } from "../lab/engine/run-pulumi";
import { inNetwork } from "../lab/network/links";
import { until } from "../lab/until";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { figure, type Figure } from "./figure";
import type { Measurement } from "./measurement";

const TIMES = 3;

/** Where an `up` spends its time, in order. */
const PHASES = {
  program: "Pulumi's start, the SDK's modules, then a look at every resource",
  SSH: "handshake, sudo and Python's start, the bundle unpacked and synced to the volume",
  check: "postfix check, doveconf, the maps queried",
  reload: "postfix reload",
  proof: "each port's greeting and TLS handshake, then postmaster and an unknown recipient of each domain",
  end: "the engine's last look and its state written",
} as const;

type Phase = keyof typeof PHASES;

interface Run {
  /** Seconds from the start of `up` until all exchangers take mail for the new address, and until it has ended. */
  readonly usable: number;
  readonly total: number;
  readonly phases: Readonly<Record<Phase, number>>;
}

export const apply: Measurement = {
  name: "apply",
  title: "a mailbox added: until it is usable, and each phase of it",
  async run(bench) {
    const it = await bench.hosts();
    const runs: Run[] = [];
    for (let time = 1; time <= TIMES; time += 1) {
      bench.say(`mailbox ${time} of ${TIMES}: pulumi preview, then pulumi up`);
      runs.push(await mailboxMore(it, `added${time}`));
    }
    const [slowest] = Object.entries(runs[0]?.phases ?? {}).sort(([, a], [, b]) => b - a);
    return [
      figure({ what: "mailbox added, usable on all exchangers", unit: "s", goal: 5, bound: `most of it ${slowest?.[0]}: see the phases` }, [
        ...runs.map(({ usable }) => usable),
      ]),
      figure(
        { what: "  until pulumi up has ended", unit: "s", bound: "its phases, below, of the exchanger that was done last" },
        runs.map(({ total }) => total),
      ),
      ...Object.entries(PHASES).map(([phase, bound]): Figure =>
        figure(
          { what: `    ${phase}`, unit: "s", bound },
          runs.map(({ phases }) => phases[phase as Phase]),
        ),
      ),
    ];
  },
};

/** A line of the engine's event stream, and when it came. */
interface Event {
  readonly at: number;
  readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string } };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string };
}

async function mailboxMore(it: LabUnderTest, user: string): Promise<Run> {
  const domain = it.config["mailserver:domains"][0];
  if (domain === undefined) throw new Error("the lab's stack has no domain");
  domain.mailboxes[user] = {};
  const stackFile = join(it.lab.dir, "Pulumi.bench.yaml");
  writeFileSync(stackFile, stringify({ config: it.config }));
  const pulumi = async (args: string[], line?: (text: string) => void): Promise<void> => {
    const options = { world: "hosts", stdio: "capture", via: inNetwork(it.lab, "operator"), stackFile, line } as const;
    const { exitCode, stdout, stderr } = await runPulumi(it.lab, args, options);
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
  };
  await pulumi(["preview"]);
  const exchangers = Object.keys(it.config["mailserver:exchangers"]);
  // A first visit waits 6 s for postscreen's greeting; that is not what is measured.
  await Promise.all(exchangers.map((key) => takes(it, key, `postmaster@${domain.name}`)));

  const start = Date.now();
  const now = (): number => (Date.now() - start) / 1000;
  const events: Event[] = [];
  const running = pulumi(["up", "--yes", "--skip-preview", "--json"], (line) => {
    if (line.startsWith("{")) events.push({ ...(JSON.parse(line) as Event), at: now() });
  }).then(now);
  const address = `${user}@${domain.name}`;
  const taken = exchangers.map((key) => until(`${key} to take mail for ${address}`, 120, () => takes(it, key, address), 50).then(now));
  const [total, ...usable] = await Promise.all([running, ...taken]);
  return { total, usable: Math.max(...usable), phases: phases(events, total) };
}

async function takes(it: LabUnderTest, key: string, address: string): Promise<boolean> {
  const commands = ["EHLO client.outside.test", "MAIL FROM:<anna@outside.test>", `RCPT TO:<${address}>`, "QUIT"];
  const answers = await it.clients.dialogue({ host: it.address(key), port: 25 }, commands);
  return answers[3]?.startsWith("250") === true;
}

/** From what the engine tells, and from the progress that `apply` on the host sends with it. */
function phases(events: readonly Event[], total: number): Record<Phase, number> {
  const urns = [...new Set(events.map((event) => event.resourcePreEvent?.metadata).flatMap((it) => (it?.op === "update" ? [it.urn] : [])))];
  const runs = urns
    .filter((urn) => urn.endsWith("-apply"))
    .map((urn) => {
      const said = (text: RegExp): number =>
        events.find(({ diagnosticEvent: event }) => event?.urn === urn && text.test(event.message))?.at ?? NaN;
      const begins = events.find(({ resourcePreEvent: event }) => event?.metadata.urn === urn)?.at ?? NaN;
      return {
        begins,
        checking: said(/^checking/m),
        reload: said(/^(?:reload|restart|start) /m),
        proving: said(/^proving/m),
        done: said(/^done/m),
      };
    });
  const [last] = runs.sort((a, b) => b.done - a.done);
  if (last === undefined || Number.isNaN(last.done - last.reload)) throw new Error("the engine's events do not show how apply went");
  return {
    program: last.begins,
    SSH: last.checking - last.begins,
    check: last.reload - last.checking,
    reload: last.proving - last.reload,
    proof: last.done - last.proving,
    end: total - last.done,
  };
}
