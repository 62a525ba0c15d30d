/** The policies in policies/ against the calls of every operation that the product's program asks for: none is missing, none is superfluous. */
import { engineOn } from "./throwaway-lab";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { readCalls } from "../../lab/cloud/journal";
import { changeState } from "../../lab/cloud/store";
import { projectRoot } from "../../lab/engine/root";

const read = (path: string): string => readFileSync(join(projectRoot, path), "utf8");
const policy = JSON.parse(read("policies/aws.json")) as { Statement: Statement[] };
interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | string[] } };
}
const listed = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

const { config } = parse(read("Pulumi.lab.yaml")) as {
  config: { "mailserver:exchangers": { [key: string]: Record<string, unknown> }; [key: string]: unknown };
};
const stackFile = join(process.env.MAILSERVER_LAB_ROOT ?? "", "Pulumi.policies.yaml");
const write = (): void => writeFileSync(stackFile, stringify({ config: { ...config, "mailserver:protect": false } }));
const engine = engineOn({ project: "mailserver", stackFile });

test("every operation there is: create, refresh, update, replace, start again, destroy", async () => {
  const { mx1 = {}, mx2 = {} } = config["mailserver:exchangers"];
  config["mailserver:tags"] = { team: "post", budget: "7" };
  write();
  await engine.up();
  const made = engine.cloud();
  for (const table of ["addresses", "instances", "securityGroups", "volumes"] as const) {
    for (const [id, { tags }] of Object.entries(made[table])) {
      assert.ok(tags["mailserver:exchanger"] !== undefined, `${id} has the tag by which the policy knows it`);
    }
  }

  // Tags changed and taken away, a volume grown, a machine replaced, a host renamed.
  config["mailserver:tags"] = { team: "mail" };
  mx1.volumeSize = 30;
  mx1.generation = 2;
  mx2.hostname = "relay";
  write();
  await engine.up();

  await changeState(engine.lab, (state) => {
    const [instance] = Object.values(state.instances);
    if (instance !== undefined) instance.state = "stopped";
    const rule = Object.values(state.securityGroupRules).find(({ toPort }) => toPort === 25);
    if (rule !== undefined) rule.description = "changed by hand";
  });
  await engine.pulumi("refresh", "--yes", "--skip-preview");
  await engine.up();
  await engine.destroy();
});

test("aws.json is an IAM policy that allows these calls and no others", () => {
  for (const { Sid, Effect, Action, Resource, Condition } of policy.Statement) {
    assert.match(Sid, /^[A-Za-z0-9]+$/);
    assert.equal(Effect, "Allow");
    for (const action of listed(Action)) assert.match(action, /^(ec2|ssm):[A-Z]\w+$/, "no wildcard");
    const reading = listed(Action).every((action) => /^ec2:Describe/.test(action));
    assert.equal(listed(Resource).includes("*"), reading, `${Sid} names its resources`);
    for (const operator of Object.keys(Condition ?? {})) assert.ok(["Null", "StringEquals"].includes(operator));
  }
  assert.equal(new Set(policy.Statement.map(({ Sid }) => Sid)).size, policy.Statement.length);
  // A managed policy may have 6,144 characters without white space (IAM user guide, "IAM and AWS STS quotas").
  assert.ok(JSON.stringify(policy).length <= 6144);

  const allowed = [...new Set(policy.Statement.flatMap(({ Action }) => listed(Action)))].sort();
  const seen = readCalls(engine.lab).filter((call) => /^\w+:/.test(call));
  // Everybody may ask who they are (STS API reference, GetCallerIdentity).
  assert.deepEqual(allowed, seen.filter((call) => call !== "sts:GetCallerIdentity").sort());
});

test("cloudflare.json allows these permissions and no others", () => {
  const token = JSON.parse(read("policies/cloudflare.json")) as {
    policies: { effect: string; permission_groups: { name: string }[]; resources: object }[];
  };
  const groups = token.policies.flatMap(({ permission_groups }) => permission_groups.map(({ name }) => name)).sort();
  const seen = readCalls(engine.lab).filter((call) => !/^\w+:/.test(call));
  // The API says Write where the dashboard says Edit, which includes Read.
  const needed = seen.filter((call) => call !== "DNS Read" || !seen.includes("DNS Edit")).map((call) => call.replace(/Edit$/, "Write"));
  assert.deepEqual(groups, needed.sort());
  for (const { effect, resources } of token.policies) {
    assert.equal(effect, "allow");
    for (const resource of Object.keys(resources)) assert.match(resource, /^com\.cloudflare\.api\.account\.zone\.[0-9a-f]{32}$/);
  }
});
