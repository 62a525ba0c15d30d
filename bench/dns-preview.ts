/**
 * A preview of DNS as a whole process, offline: a stack's wanted records against zone files. Beside it octodns, which compares the same records, from its own
 * configuration, with the same zone files.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { planRecords } from "../dns/records";
import { present, type Presented } from "../dns/presentation";
import type { Report } from "../dns/review/report";
import { masterLine } from "../dns/zone-file";
import { projectRoot } from "../lab/engine/root";
import { parse } from "../plan/parse";
import { figure, median, seconds, type Figure } from "./figure";
import { domainName } from "./many-domains";
import type { Measurement } from "./measurement";

const run = promisify(execFile);

/** Domains -> repetitions. */
const SIZES = [
  [10, 5],
  [100, 5],
  [1000, 5],
  [10_000, 3],
] as const;
/** At which size octodns runs beside it. */
const COMPARED = 1000;

/** Every tenth domain's MX have another time to live in the zone than they ought to. */
const isChanged = (index: number): boolean => index % 10 === 0;

const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
]);

export const dnsPreview: Measurement = {
  name: "dns-preview",
  title: `a preview of DNS in ${SIZES.map(([domains]) => domains).join(", ")} domains of ten records, as a whole process, beside octodns`,
  async run({ say }) {
    say("building the package");
    await run("sh", ["build.sh"], { cwd: projectRoot });
    const folder = mkdtempSync(join(tmpdir(), "mailserver-bench-"));
    try {
      const figures: Figure[] = [];
      const each = new Map<number, number>();
      for (const [domains, repetitions] of SIZES) {
        const world = makeWorld(join(folder, String(domains)), domains);
        const ours: number[] = [];
        for (let count = 1; count <= repetitions; count += 1) {
          say(`preview of DNS in ${domains} domains, ${count} of ${repetitions}`);
          ours.push(await preview(world, domains));
        }
        each.set(domains, median(ours) / domains);
        const bound = "Node's start, reading zone files, the plan, YAML";
        figures.push(figure({ what: `DNS preview of ${domains} domains, ${10 * domains} records`, unit: "s", bound }, ours));
        if (domains === COMPARED) figures.push(...(await besideOctodns(world, folder, ours, say)));
      }
      const growth = (each.get(10_000) ?? NaN) / (each.get(COMPARED) ?? NaN);
      const bound = "it is linear where this is 1; less, since the start counts once";
      figures.push(figure({ what: "  a domain among 10,000 over one among 1,000", unit: "x", goal: 1.2, bound }, [growth]));
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface World {
  readonly stackFile: string;
  readonly zones: string;
  readonly octodns: string;
  readonly report: string;
}

/** A stack of many domains, zones that hold its records and seven of somebody else's each, and the same for octodns. */
function makeWorld(folder: string, domains: number): World {
  const world = {
    stackFile: join(folder, "Pulumi.bench.yaml"),
    zones: join(folder, "zones"),
    octodns: join(folder, "octodns"),
    report: join(folder, "report.json"),
  };
  for (const path of [world.zones, world.octodns]) mkdirSync(path, { recursive: true });
  const declaration = {
    hostZone: { name: "hosts.test" },
    exchangers: { mx1: { role: "primary" }, mx2: { role: "backup" } },
    domains: Array.from({ length: domains }, (_, index) => ({ name: domainName(index), mailboxes: { alice: {} } })),
    operator: {
      publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUtuSQq+zPs6CoJg/zzd5QvlD63DXXOQv5KlouVQOZ/ operator@example.test"],
      addresses: ["203.0.113.0/24"],
    },
  };
  writeFileSync(
    world.stackFile,
    stringify({ config: Object.fromEntries(Object.entries(declaration).map(([key, value]) => [`mailserver:${key}`, value])) }),
  );
  const parsed = parse(declaration);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const byName = new Map<string, Presented[]>();
  for (const record of planRecords(parsed.value).map((planned) => present(planned, addresses))) {
    const zone = record.name.endsWith("hosts.test") ? "hosts.test" : record.name;
    byName.set(zone, [...(byName.get(zone) ?? []), record]);
  }
  byName.delete("1.2.0.192.in-addr.arpa");
  byName.delete("2.100.51.198.in-addr.arpa");
  for (const [zone, records] of byName) {
    const index = Number(/^domain(\d+)/.exec(zone)?.[1] ?? 1);
    const all = [...records, ...(zone === "hosts.test" ? [] : othersOf(zone))];
    const found = all.map((record) => (record.type === "MX" && isChanged(index) ? { ...record, ttl: 3600 } : record));
    const head = `$ORIGIN ${zone}.\n@ 3600 IN SOA ns1.test. hostmaster.test. 1 3600 600 604800 3600\n@ 3600 IN NS ns1.test.\n`;
    writeFileSync(join(world.zones, `${zone}.zone`), head + found.map((record) => `${masterLine(record)}\n`).join(""));
    writeFileSync(join(world.octodns, `${zone}.yaml`), octodnsZone(zone, all));
  }
  writeFileSync(join(folder, "octodns.yaml"), octodnsConfiguration(world, [...byName.keys()]));
  return world;
}

const othersOf = (zone: string): Presented[] => [
  ...["www", "shop", "blog", "intranet"].map((label) => ({ name: `${label}.${zone}`, type: "A", content: "192.0.2.80", ttl: 3600 })),
  ...["ftp", "old"].map((label) => ({ name: `${label}.${zone}`, type: "CNAME", content: `www.${zone}`, ttl: 3600 })),
  { name: `proof.${zone}`, type: "TXT", content: '"proof-of-ownership=0123456789abcdef"', ttl: 3600 },
];

/** Seconds. Fails where the report is not the one that it must be. */
async function preview({ stackFile, zones, report }: World, domains: number): Promise<number> {
  const args = ["dns", "preview", "--stack-file", stackFile, "--against", `zone:${zones}`, "--format", "none", "--json", report];
  // The report has findings that block; that it is right is seen below.
  const taken = await seconds(() => run(process.execPath, [join(projectRoot, "dist/cli/mailserver.js"), ...args]).catch(() => {}));
  const { summary } = JSON.parse(readFileSync(report, "utf8")) as Report;
  if (summary.update !== 2 * Math.ceil(domains / 10)) throw new Error(`the preview found ${JSON.stringify(summary)}`);
  return taken;
}

async function besideOctodns(world: World, folder: string, ours: readonly number[], say: (line: string) => void): Promise<Figure[]> {
  const venv = join(folder, "venv");
  try {
    say("installing octodns, by pip");
    await run("python3", ["-m", "venv", venv]);
    await run(join(venv, "bin/pip"), ["install", "--quiet", "octodns==1.22.0", "octodns-bind==1.1.0"]);
  } catch (error) {
    say(`octodns cannot be had here: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  const theirs: number[] = [];
  for (let count = 1; count <= 3; count += 1) {
    say(`octodns with ${COMPARED} domains, ${count} of 3`);
    theirs.push(
      await seconds(async () => {
        const { stderr } = await run(join(venv, "bin/octodns-sync"), ["--config-file", join(world.octodns, "../octodns.yaml")], {
          maxBuffer: 1 << 28,
        });
        const updates = stderr.match(/Update/g)?.length ?? 0;
        if (updates < COMPARED / 10) throw new Error(`octodns found ${updates} updates:\n${stderr.slice(-2000)}`);
      }),
    );
  }
  return [
    figure({ what: `  octodns, the same records`, unit: "s", bound: "Python, dnspython" }, theirs),
    figure({ what: "  over octodns", unit: "x", goal: 0.5, bound: "Node's start, and YAML on both sides" }, [
      median(ours) / median(theirs),
    ]),
  ];
}

/** YAML as octodns's YamlProvider reads it. */
function octodnsZone(zone: string, records: readonly Presented[]): string {
  const labels: { [label: string]: { [key: string]: unknown; type: string }[] } = {};
  for (const { name, type, content, priority, ttl } of records) {
    const label = name === zone ? "" : name.slice(0, -zone.length - 1);
    const value =
      type === "MX"
        ? { preference: priority, exchange: `${content}.` }
        : type === "CNAME"
          ? `${content}.`
          : type === "TXT"
            ? content.slice(1, -1)
            : content;
    const same = (labels[label] ??= []).find((each) => each.type === type);
    if (same === undefined) labels[label].push(type === "CNAME" ? { type, ttl, value } : { type, ttl, values: [value] });
    else (same.values as unknown[]).push(value);
  }
  (labels[""] ??= []).push({ type: "NS", ttl: 3600, values: ["ns1.test."] });
  return stringify(labels, { sortMapEntries: true });
}

const octodnsConfiguration = ({ zones, octodns }: World, names: readonly string[]): string =>
  stringify({
    providers: {
      config: { class: "octodns.provider.yaml.YamlProvider", directory: octodns, enforce_order: false },
      zones: { class: "octodns_bind.ZoneFileProvider", directory: zones, file_extension: ".zone" },
    },
    zones: Object.fromEntries(names.map((name) => [`${name}.`, { sources: ["config"], targets: ["zones"] }])),
  });
