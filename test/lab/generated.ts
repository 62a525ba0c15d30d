/** What is made of declarations that nobody thought of, in the hands of the programs that read it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { zoneFiles as reportZones } from "../../dns/faces/zone";
import { present } from "../../dns/presentation";
import { planRecords } from "../../dns/records";
import { review } from "../../dns/review/review";
import { planSide } from "../../dns/review/side";
import { initialState } from "../../lab/cloud/initial-state";
import type { CloudState } from "../../lab/cloud/state";
import { hostNamed } from "../../lab/command/hosts-of";
import { runOn } from "../../lab/hosts/run-on";
import { zoneFiles } from "../../lab/services/zone-file";
import type { MailPlan } from "../../plan/types";
import { anyDeclaration } from "../generated/bad-declarations";
import { filesOf, oneOfEachRole, verdictOn } from "../generated/verdict";
import type { LabUnderTest } from "./lab-under-test";

const PROGRAM = readFileSync(join(__dirname, "generated.py"), "utf8");
const PLANS = 25;

export function generated(it: LabUnderTest): void {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const plans = fc
    .sample(anyDeclaration(), { seed, numRuns: PLANS * 20 })
    .flatMap((declaration) => verdictOn(declaration, false).plan ?? [])
    .slice(0, PLANS);

  test(`Postfix, Dovecot and cloud-init take what is made of ${PLANS} generated declarations (seed ${seed})`, async () => {
    assert.equal(plans.length, PLANS);
    const machines = plans.flatMap((plan, index) =>
      oneOfEachRole(plan).map((exchanger) => {
        const { bundle, userData } = filesOf(plan, exchanger);
        return { name: `${index}-${exchanger.role}`, bundle, userData: gunzipSync(userData).toString() };
      }),
    );
    const { exitCode, stdout, stderr } = await runOn(
      it.lab,
      hostNamed(it.lab, "mx1"),
      ["python3", "-c", PROGRAM],
      JSON.stringify(machines),
    );
    assert.equal(exitCode, 0, stderr);
    const { refused, looked } = JSON.parse(stdout) as { refused: Record<string, string>; looked: number };
    const [first] = Object.keys(refused);
    assert.deepEqual(refused, {}, first === undefined ? "" : `${JSON.stringify(refused)} of ${JSON.stringify(plans[parseInt(first)])}`);
    assert.equal(looked, machines.length);
  });

  test(`the name server takes the zones of these declarations (seed ${seed})`, async () => {
    await checkZones(
      it,
      plans.map((plan) => zonesOf(it, plan)),
    );
  });

  test(`the name server takes the zone files of their reviews (seed ${seed})`, async () => {
    await checkZones(it, plans.map(reviewedZones));
  });
}

/** Has Knot look at the zones of every plan. */
async function checkZones(it: LabUnderTest, all: readonly ReadonlyMap<string, string>[]): Promise<void> {
  const script = all.map((zones, index) => zoneCheck(zones, `/run/generated/${index}`)).join("");
  const { exitCode, stderr, stdout } = await runOn(it.lab, "names", ["sh", "-eu"], script);
  assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
}

/** Exported so that other name servers can be asked by hand. */
export function reviewedZones(plan: MailPlan): Map<string, string> {
  const nothing = { label: "nothing", kind: "zone", records: [] } as const;
  const head = planSide("the plan", plan, factsOf(plan));
  const settings = { acknowledge: [], severities: [] };
  return reportZones(review({ stack: "mailserver/lab", head, against: [nothing], settings, day: "2026-01-01" }));
}

const factsOf = ({ exchangers, domains }: MailPlan): Map<string, string> =>
  new Map([
    ...exchangers.flatMap(({ key }, index) => [
      [`address of ${key}`, `198.51.100.${index + 1}`] as const,
      [`TLS key of ${key}`, "ab".repeat(32)] as const,
    ]),
    ...domains.flatMap(({ name, policies }) =>
      policies.dkim.map(({ selector }) => [`DKIM key of selector ${selector} for ${name}`, "QUJD".repeat(98)] as const),
    ),
  ]);

/** As the lab's own name server has them. */
function zonesOf(it: LabUnderTest, plan: MailPlan): Map<string, string> {
  const facts = factsOf(plan);
  const zones = [...new Set([plan.hostZone, ...[...plan.domains, ...plan.parkedDomains].map(({ zone }) => zone)].map(({ name }) => name))];
  const records = planRecords(plan).flatMap((record, index) => {
    const { name, type, content, priority, ttl } = present(record, facts);
    // The longest zone that the name is in.
    const [zone] = zones.filter((each) => name === each || name.endsWith(`.${each}`)).sort((a, b) => b.length - a.length);
    if (zone === undefined) return [];
    const id = String(index);
    const { rdata } = record;
    const data = rdata.type === "TLSA" ? { ...rdata, certificate: content.split(" ")[3] } : { ...rdata };
    return [[id, { id, zoneId: zone, name, type, content, data, priority, ttl, proxied: false, createdOn: "", modifiedOn: "" }] as const];
  });
  const state: CloudState = {
    ...initialState(),
    zones: Object.fromEntries(zones.map((name) => [name, { id: name, name }])),
    records: Object.fromEntries(records),
  };
  return new Map(zoneFiles(it.lab, state, () => `1 13 2 ${"00".repeat(32)}`));
}

/** A script that has Knot look at zones. */
function zoneCheck(zones: ReadonlyMap<string, string>, folder: string): string {
  const files = [...zones];
  const conf = `template:\n  - id: default\n    storage: ${folder}\n    file: "%s.zone"\nzone:\n${files.map(([zone]) => `  - domain: ${zone}\n`).join("")}`;
  const write = (name: string, text: string): string => `cat > ${folder}/${name} <<'END OF FILE'\n${text}\nEND OF FILE\n`;
  return [
    `mkdir -p ${folder}\n`,
    ...files.map(([zone, text]) => write(`${zone}.zone`, text)),
    write("knot.conf", conf),
    `knotc -c ${folder}/knot.conf zone-check\nrm -r ${folder}\n`,
  ].join("");
}
