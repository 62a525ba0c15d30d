/** The actions' shell steps, one after the other, with this checkout's command; and the shell of docs/ci.md. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import execa from "execa";
import type { Report } from "../../dns/review/report";
import { cliOnPath } from "./cli-on-path";
import { runAction, type ActionRun } from "./composite-action";
import { GitHubStandIn } from "./github-stand-in";
import { oneLess, oneMore, ReviewedRepository } from "./reviewed-repository";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "action-"));
const { path, calls } = cliOnPath(folder);
const env = { PATH: path, HOME: folder };
const review = join(folder, "dns-review-dns-review");
let repository: ReviewedRepository;
before(async () => {
  repository = await ReviewedRepository.make(join(folder, "repository"));
});
afterEach(async () => {
  await repository.reset();
  rmSync(review, { recursive: true, force: true });
});
after(() => rmSync(folder, { recursive: true }));

const preview = (inputs: Readonly<Record<string, string>> = {}): Promise<ActionRun> =>
  runAction(
    join(root, "action.yml"),
    { stack: "production", against: "git:origin/main\n", directory: repository.folder, ...inputs },
    { "runner.temp": folder },
    { folder, env },
  );
const reportOf = (file: string): Report => JSON.parse(readFileSync(file, "utf8")) as Report;

describe("the action", () => {
  it("passes a change that nothing blocks, with report, summary and checksum", async () => {
    await repository.propose(oneMore);
    const { exitCode, outputs, summary, log, uses } = await preview();
    assert.equal(exitCode, 0, log);
    const report = reportOf(join(review, "report.json"));
    assert.deepEqual(outputs, { verdict: "ok", checksum: report.checksum });
    assert.ok(report.summary.create > 0);
    assert.equal(summary, readFileSync(join(review, "report.md"), "utf8"));
    assert.match(log, /another\.test/);
    assert.deepEqual(
      uses.map(({ with: given }) => [given.name, given.path]),
      [["dns-review", review]],
    );
  });

  it("fails a change that is blocked after the report was kept", async () => {
    await repository.propose(oneLess);
    const { exitCode, outputs, summary, uses } = await preview();
    assert.equal(exitCode, 3);
    assert.equal(outputs.verdict, "blocked");
    assert.match(summary, /mx-last-removed/);
    assert.equal(uses.length, 1);
  });

  it("fails a declaration that does not parse, and keeps words that take the old report's place", async () => {
    await repository.break();
    const { exitCode, outputs, uses } = await preview();
    assert.equal(exitCode, 2);
    assert.deepEqual(outputs, { verdict: "", checksum: "" });
    assert.equal(uses.length, 1);
    assert.match(readFileSync(join(review, "report.md"), "utf8"), /could not be made/);
    assert.equal(existsSync(join(review, "report.json")), false);
  });

  it("takes inputs as values, whatever they look like", async () => {
    const trap = join(folder, "trap");
    for (const against of [`git:$(touch ${trap})`, `git:x"; touch ${trap}; "`, `git:x\n'; touch ${trap} #`]) {
      assert.notEqual((await preview({ against })).exitCode, 0);
      assert.equal(existsSync(trap), false);
    }
  });

  it("stops a deploy that is not what was reviewed, and passes the one that is", async () => {
    await repository.propose(oneMore);
    await preview();
    const reviewed = join(review, "report.json");
    const kept = join(folder, "reviewed.json");
    await execa("cp", [reviewed, kept]);
    assert.equal((await preview({ "expect-checksum": kept })).exitCode, 0);
    assert.equal((await preview({ "expect-checksum": reportOf(kept).checksum })).exitCode, 0);
    await repository.propose((file) => ({ ...file, config: { ...file.config, "mailserver:ttl": 600 } }));
    const other = await preview({ "expect-checksum": kept });
    assert.equal(other.exitCode, 3);
    assert.match(other.log, /not what was reviewed/);
  });

  it("and the one that comments: what was previewed is what stands in the pull request, a failure too", async () => {
    await using github = await GitHubStandIn.start();
    const comment = (): Promise<ActionRun> =>
      runAction(
        join(root, "ci/comment/action.yml"),
        { stack: "mailserver/production", report: join(review, "report.md") },
        {
          "github.token": "token",
          "github.event.workflow_run.head_repository.full_name": "someone/mail",
          "github.event.workflow_run.head_branch": "topic",
          "github.event.workflow_run.head_sha": "a".repeat(40),
          "github.event.workflow_run.html_url": "https://github.test/run/1",
        },
        { folder, env: { ...env, GITHUB_API_URL: github.url, GITHUB_REPOSITORY: "owner/mail" }, skip: (run) => run.startsWith("npm ci") },
      );
    await repository.propose(oneLess);
    await preview();
    const posted = await comment();
    assert.equal(posted.exitCode, 0, posted.log);
    assert.match(github.comments[0]?.body ?? "", /mx-last-removed/);
    await repository.break();
    await preview();
    assert.equal((await comment()).exitCode, 0);
    assert.equal(github.comments.length, 1);
    assert.match(github.comments[0]?.body ?? "", /could not be made/);
  });
});

describe("the shell in docs/ci.md", () => {
  const page = readFileSync(join(root, "docs/ci.md"), "utf8");
  const step = (name: string): string => {
    const text = new RegExp(`<!-- step: ${name} -->\\n+\`\`\`sh\\n(.*?)\`\`\``, "s").exec(page)?.[1];
    assert.ok(text !== undefined, name);
    return text;
  };
  const run = (name: string, more: Readonly<Record<string, string>> = {}): Promise<execa.ExecaReturnValue> =>
    execa("sh", ["-e", "-c", step(name)], { cwd: repository.folder, reject: false, extendEnv: false, env: { ...env, ...more } });
  const called = (): string => readFileSync(calls, "utf8");

  it("previews, and deploys what was reviewed", async () => {
    await repository.propose(oneMore);
    const previewed = await run("preview");
    assert.equal(previewed.exitCode, 0, previewed.stderr);
    assert.match(readFileSync(join(repository.folder, "report.md"), "utf8"), /another\.test/);
    const deployed = await run("deploy", { BEFORE: "origin/main" });
    assert.equal(deployed.exitCode, 0, deployed.stderr);
    assert.match(called(), /npm ci\nnpm ci\npulumi up --yes --stack production\n$/);
  });

  it("deploys nothing else, and nothing that is blocked", async () => {
    await repository.propose(oneMore);
    await run("preview");
    await repository.propose((file) => ({ ...file, config: { ...file.config, "mailserver:ttl": 600 } }));
    const before = called();
    assert.equal((await run("deploy", { BEFORE: "origin/main" })).exitCode, 3);
    assert.doesNotMatch(called().slice(before.length), /pulumi/);
    await repository.reset();
    await repository.propose(oneLess);
    assert.equal((await run("preview")).exitCode, 3);
  });

  it("has the exit statuses that the command has", async () => {
    const { stdout } = await execa("npx", ["--no-install", "mailserver", "dns", "preview", "--help"], { extendEnv: false, env });
    const statuses = [...stdout.matchAll(/^ {2}(\d) {2}\S/gm)].map(([, status]) => status);
    assert.deepEqual(
      [...page.matchAll(/^\| (\d) +\|/gm)].map(([, status]) => status),
      statuses,
    );
    assert.equal(statuses.length, 5);
  });

  it("asks for drift as the command takes it", async () => {
    const { stdout } = await execa("npx", ["--no-install", "mailserver", "dns", "drift", "--help"], { extendEnv: false, env });
    for (const [option] of step("drift").matchAll(/--stack/g)) assert.ok(stdout.includes(option));
  });
});
