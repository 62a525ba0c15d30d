/** Each example, with the package as npm packs and installs it, on the real engine and the simulated cloud. */
import { engineOn, type Engine } from "./throwaway-lab";
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import execa from "execa";
import { parse } from "yaml";
import { initialState } from "../../lab/cloud/initial-state";
import type { CloudState } from "../../lab/cloud/state";
import { changeState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";
import { allExamples, installConsumer, programs, stackFileOf, versionIn } from "./consumer";

let consumer = "";
before(async () => {
  consumer = await installConsumer();
});

const shownOnce: string[] = [];

/** The engine on an example: a program of its own, or a stack file of the repository's. */
function engineFor(name: string): Engine {
  shownOnce.push(name);
  if (!programs().includes(name)) return engineOn({ project: "mailserver", stackFile: stackFileOf(name) });
  const program = name === "component" ? consumer : join(consumer, name);
  const { name: project } = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { name: string };
  const stackFile = join(program, "Pulumi.production.yaml");
  writeFileSync(stackFile, "config: {}\n");
  return engineOn({ program, project, stackFile });
}

/** A preview and an `up`, as a person has them in one, and nothing left to do. */
async function comesUp(engine: Engine): Promise<void> {
  assert.match(await engine.pulumi("up", "--yes"), /^Previewing update.*^Updating /ms);
  assert.deepEqual(await engine.preview(), []);
}

const mx = (state: CloudState, domain: string): string[] =>
  Object.values(state.records)
    .filter(({ type, name }) => type === "MX" && name === domain)
    .map(({ priority, content }) => `${priority} ${content}`)
    .sort();
const txt = (state: CloudState, name: string): string[] =>
  Object.values(state.records).flatMap((record) => (record.type === "TXT" && record.name === name ? [record.content ?? ""] : []));
const addressOf = (state: CloudState, name: string): string | undefined =>
  Object.values(state.addresses).find(({ ptrRecord }) => ptrRecord === name)?.publicIp;

/** Provider resources in the engine's state, as `aws::default_7_48_0`. */
const providersIn = (engine: Engine): string[] => {
  const { checkpoint } = JSON.parse(engine.stateText()) as { checkpoint: { latest: { resources: { urn: string }[] } } };
  return checkpoint.latest.resources.flatMap(({ urn }) => /pulumi:providers:(.+)$/.exec(urn)?.[1] ?? []).sort();
};

test("the packed package: one copy of every SDK, types that compile, nothing of the lab", async () => {
  for (const name of ["@pulumi/pulumi", "@pulumi/aws", "@pulumi/cloudflare"]) {
    assert.deepEqual(globSync(`**/node_modules/${name}/package.json`, { cwd: consumer }), [`node_modules/${name}/package.json`]);
    assert.equal(versionIn(consumer, name), versionIn(projectRoot, name));
  }
  const shipped = globSync("node_modules/pulumi-mailserver/**", { cwd: consumer });
  assert.ok(shipped.some((file) => file.endsWith("main.cf")));
  assert.deepEqual(
    shipped.filter((file) => /pulumi-mailserver\/(dist\/)?(lab|test|bench|examples)\//.test(file)),
    [],
  );
  await execa(join(consumer, "node_modules/.bin/tsc"), ["--noEmit", "-p", consumer]);
});

test("component: a stack of one's own, with a password from the package's command", async () => {
  const engine = engineFor("component");
  const { stdout: hash } = await execa("npx", ["mailserver", "passwd"], { cwd: consumer, input: "correct horse battery" });
  assert.match(hash, /^\{BLF-CRYPT\}\$2b\$10\$\S{53}$/);
  await engine.pulumi("config", "set", "--secret", "--path", 'passwordHashes["alice@example.test"]', hash);
  await comesUp(engine);
  const cloud = engine.cloud();
  assert.deepEqual(mx(cloud, "example.test"), ["10 mx1.example.test", "20 mx2.example.test"]);
  const submission = JSON.parse(await engine.pulumi("stack", "output", "submission", "--json")) as { host: string; port: number }[];
  assert.deepEqual(submission[0], { host: "mx1.example.test", port: 465, security: "TLS" });
  assert.ok(!(engine.stateText() + JSON.stringify(cloud)).includes(hash.slice(-31)), "the hash is not readable");
});

test("one-host: one exchanger, and nothing that only several need", async () => {
  const engine = engineFor("one-host");
  await comesUp(engine);
  const cloud = engine.cloud();
  assert.equal(Object.keys(cloud.instances).length, 1);
  assert.deepEqual(mx(cloud, "example.test"), ["10 mx1.example.test"]);
  assert.deepEqual(
    Object.values(cloud.securityGroupRules).filter(({ description }) => /handover/i.test(description ?? "")),
    [],
  );
});

test("primary-and-backup: two availability zones, two MX, reverse names, and only the primary sends", async () => {
  const engine = engineFor("primary-and-backup");
  await comesUp(engine);
  const cloud = engine.cloud();
  assert.equal(new Set(Object.values(cloud.instances).map(({ availabilityZone }) => availabilityZone)).size, 2);
  assert.deepEqual(mx(cloud, "example.test"), ["10 mx1.example.test", "20 mx2.example.test"]);
  assert.ok(addressOf(cloud, "mx2.example.test") !== undefined);
  assert.deepEqual(txt(cloud, "example.test"), [`"v=spf1 ip4:${addressOf(cloud, "mx1.example.test")} -all"`]);
  assert.deepEqual(
    Object.values(cloud.volumes)
      .map(({ sizeGiB }) => sizeGiB)
      .sort(),
    [40, 8],
  );
});

test("several-domains: every exchanger is an MX of every domain, in the domain's zone", async () => {
  const engine = engineFor("several-domains");
  await comesUp(engine);
  const cloud = engine.cloud();
  for (const [domain, zone] of [
    ["example.test", "example.test"],
    ["club.test", "club.test"],
    ["staff.school.test", "school.test"],
  ] as const) {
    assert.deepEqual(mx(cloud, domain), ["10 mx1.example.test", "20 mx2.example.test"]);
    const records = Object.values(cloud.records).filter(({ name }) => name === domain);
    assert.deepEqual([...new Set(records.map(({ zoneId }) => cloud.zones[zoneId]?.name))], [zone]);
  }
});

test("records-only: records, and nothing at AWS", async () => {
  const engine = engineFor("records-only");
  await comesUp(engine);
  const { records, ...others } = engine.cloud();
  const { records: none, ...untouched } = initialState();
  assert.deepEqual(others, untouched);
  assert.deepEqual(none, {});
  assert.deepEqual(mx(engine.cloud(), "club.test"), ["10 mx1.hosting.test", "20 mx2.hosting.test"]);
  assert.deepEqual(txt(engine.cloud(), "example.test"), ['"v=spf1 ip4:192.0.2.10 -all"']);
  assert.equal(Object.keys(records).length, 8, "two MX, SPF and DMARC of each; nothing of services that nobody said they have");
  assert.ok(providersIn(engine).every((provider) => provider.startsWith("cloudflare::")));
});

test("existing-vpc-and-zone: the declared ones, though there are no others to look up", async () => {
  const engine = engineFor("existing-vpc-and-zone");
  const declared = { mx1: "subnet-0aaaaaaaaaaaaaaa1", mx2: "subnet-0bbbbbbbbbbbbbbb2" };
  const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";
  await changeState(engine.lab, (state) => {
    // No default VPC: whoever asks for one is refused.
    const [vpc] = Object.values(state.vpcs).filter(({ region }) => region === "eu-central-1");
    assert.ok(vpc !== undefined);
    const mine = { ...vpc, id: "vpc-0ccccccccccccccc3", cidrBlock: "10.0.0.0/16", isDefault: false };
    state.vpcs = { [mine.id]: mine };
    state.subnets = Object.fromEntries(
      Object.values(declared).map((id, index) => {
        const place = { availabilityZone: `eu-central-1${"ab"[index]}`, cidrBlock: `10.0.${index}.0/24` };
        return [id, { id, region: mine.region, vpcId: mine.id, ...place, defaultForAz: false }];
      }),
    );
    // Two zones of one name, as at Cloudflare while one is moved to another account: only the id tells them apart.
    state.zones = { [zoneId]: { id: zoneId, name: "example.test" }, ["f".repeat(32)]: { id: "f".repeat(32), name: "example.test" } };
  });
  await comesUp(engine);
  const cloud = engine.cloud();
  const subnetByKey = Object.fromEntries(Object.values(cloud.instances).map((it) => [it.tags["mailserver:exchanger"], it.subnetId]));
  assert.deepEqual(subnetByKey, declared);
  assert.deepEqual([...new Set(Object.values(cloud.securityGroups).map(({ vpcId }) => vpcId))], ["vpc-0ccccccccccccccc3"]);
  assert.deepEqual([...new Set(Object.values(cloud.records).map((record) => record.zoneId))], [zoneId]);
});

test("explicit-provider: everything goes through the providers that were passed", async () => {
  const engine = engineFor("explicit-provider");
  await engine.pulumi("config", "set", "--secret", "cloudflareToken", "canary-token");
  await comesUp(engine);
  // A look-up without the provider would have made a default one. The commands on hosts need no account.
  assert.deepEqual(
    providersIn(engine).filter((provider) => !/^(aws::post|cloudflare::names)$/.test(provider)),
    [`command::default_${versionIn(projectRoot, "@pulumi/command").replaceAll(".", "_")}`],
  );
  const { addresses, instances, securityGroups, volumes } = engine.cloud();
  for (const made of [addresses, instances, securityGroups, volumes].flatMap((table) => Object.values(table))) {
    assert.equal((made as { region: string }).region, "eu-west-1");
    assert.equal(made.tags.team, "post");
  }
  assert.equal(Object.keys(instances).length, 2);
  assert.ok(!engine.stateText().includes("canary-token"));
});

test("every example was tried", () => {
  assert.deepEqual(shownOnce.sort(), allExamples().sort());
});
