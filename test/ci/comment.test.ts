import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import execa from "execa";
import { failureMarkdown, markdown, marker } from "../../dns/faces/markdown";
import { backupAdded, cut, hostile, many } from "../golden/reports";
import { GitHubStandIn } from "./github-stand-in";

const folder = mkdtempSync(join(tmpdir(), "comment-"));
after(() => rmSync(folder, { recursive: true }));

const STACK = "mailserver/production";
const BOT = "github-actions[bot]";
const SHA = "a".repeat(40);
let files = 0;

function file(text: string): string {
  const path = join(folder, `${++files}.md`);
  writeFileSync(path, text);
  return path;
}

function post(github: GitHubStandIn, report: string, more: Readonly<Record<string, string>> = {}): Promise<execa.ExecaReturnValue> {
  const given = {
    ...{ repository: "owner/mail", "head-repository": "someone/mail", "head-branch": "topic", "head-sha": SHA },
    ...{ stack: STACK, report, run: "https://github.test/run/1", ...more },
  };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  return execa(process.execPath, [join(__dirname, "../../ci/comment/comment.ts"), ...args], {
    ...{ reject: false, extendEnv: false, env: { GITHUB_TOKEN: "token-of-the-job", GITHUB_API_URL: github.url, PATH: process.env.PATH } },
  });
}

async function posted(github: GitHubStandIn, report: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await post(github, report, more);
  assert.equal(exitCode, 0, stderr);
  return `${stdout}${stderr}`;
}

const said = (count: number, login: string, body: (index: number) => string): GitHubStandIn["comments"] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, body: body(index), user: { login } }));

describe("the comment of a pull request", () => {
  it("is made where there is none, and edited in place from then on", async () => {
    await using github = await GitHubStandIn.start();
    assert.match(await posted(github, file(markdown(cut))), /^wrote /);
    assert.match(await posted(github, file(markdown(backupAdded))), /^edited /);
    assert.deepEqual(
      github.comments.map(({ body }) => body),
      [markdown(backupAdded)],
    );
    assert.deepEqual([...github.tokens], ["token token-of-the-job"]);
  });

  it("is found on the third page", async () => {
    await using github = await GitHubStandIn.start();
    github.comments = said(230, "person", (index) => `talk ${index}`);
    github.comments.push({ id: 500, body: markdown(cut), user: { login: BOT } }, ...said(20, "person", () => "more talk"));
    await posted(github, file(markdown(backupAdded)));
    assert.equal(github.comments.length, 251);
    assert.equal(github.comments.find(({ id }) => id === 500)?.body, markdown(backupAdded));
    assert.equal(github.requests.filter((line) => line.startsWith("GET") && line.endsWith("comments")).length, 3);
  });

  it("of another author, of another stack, or that quotes the marker is left alone", async () => {
    await using github = await GitHubStandIn.start();
    const others = [
      { id: 1, body: markdown(cut), user: { login: "person" } },
      { id: 2, body: markdown({ ...cut, stack: "mailserver/staging" }), user: { login: BOT } },
      { id: 3, body: `> ${markdown(cut)}`, user: { login: BOT } },
      { id: 4, body: `hello\n${marker(STACK)}`, user: { login: BOT } },
    ];
    github.comments = others.map((each) => ({ ...each }));
    await posted(github, file(markdown(backupAdded)));
    assert.deepEqual(github.comments.slice(0, 4), others);
    assert.equal(github.comments.length, 5);
  });

  it("is found though GitHub gives lines back that end in CR LF", async () => {
    await using github = await GitHubStandIn.start();
    github.comments = [{ id: 1, body: markdown(cut).replaceAll("\n", "\r\n"), user: { login: BOT } }];
    assert.match(await posted(github, file(markdown(cut))), /^edited /);
  });

  it("is replaced when the preview failed, with or without words of its own", async () => {
    await using github = await GitHubStandIn.start();
    await posted(github, file(markdown(cut)));
    await posted(github, file(failureMarkdown(STACK, ["a problem"])));
    assert.equal(github.comments[0]?.body, failureMarkdown(STACK, ["a problem"]));
    await posted(github, join(folder, "missing.md"));
    assert.equal(github.comments.length, 1);
    const [first, second] = github.comments[0]?.body.split("\n") ?? [];
    assert.equal(first, marker(STACK));
    assert.match(second ?? "", new RegExp(`could not be made.* at ${SHA}: there is no report`));
    assert.match(second ?? "", /github\.test\/run\/1/);
  });

  it("is never more than a report: no other file, no link, nothing too long", async () => {
    await using github = await GitHubStandIn.start();
    const secret = file(`${marker(STACK)}\nsecret`);
    const link = join(folder, "link.md");
    symlinkSync(secret, link);
    mkdirSync(join(folder, "folder.md"));
    const wrong = {
      [link]: "not a file",
      [join(folder, "folder.md")]: "not a file",
      [file("# hello")]: "not a report",
      [file(markdown({ ...cut, stack: "mailserver/staging" }))]: "not a report",
      [file(`${marker(STACK)}\n${"x".repeat(65_536)}`)]: "longer than a comment",
    };
    for (const [report, why] of Object.entries(wrong)) {
      await posted(github, report);
      assert.match(github.comments[0]?.body ?? "", new RegExp(why));
      assert.doesNotMatch(github.comments[0]?.body ?? "", /secret|xxx|hello/);
    }
    assert.equal(github.comments.length, 1);
  });

  it("takes the longest and the worst of reports as they are", async () => {
    await using github = await GitHubStandIn.start();
    for (const report of [many, hostile]) {
      await posted(github, file(markdown(report)), { stack: report.stack });
      assert.equal(github.comments.at(-1)?.body, markdown(report));
    }
  });

  it("belongs to the pull request of the commit, in a fork too; where that has gone on, nothing is written", async () => {
    await using github = await GitHubStandIn.start();
    github.pulls = [{ number: 7, head: { sha: "b".repeat(40), label: "someone:topic" } }];
    assert.match(await posted(github, file(markdown(cut))), /no open pull request has/);
    github.pulls = [{ number: 7, head: { sha: SHA, label: "other:topic" } }];
    assert.match(await posted(github, file(markdown(cut))), /no open pull request has/);
    assert.deepEqual(github.comments, []);
  });

  it("waits as long as GitHub says, at its rate limit and at its secondary ones", async () => {
    await using github = await GitHubStandIn.start();
    const reset = String(Math.floor(Date.now() / 1000));
    github.refusals = [
      { of: /GET .*comments/, status: 403, headers: { "retry-after": "1" }, message: "You have exceeded a secondary rate limit." },
      {
        of: /POST/,
        status: 429,
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset },
        message: "API rate limit exceeded",
      },
      { of: /POST/, status: 429, headers: { "retry-after": "2" }, message: "You have exceeded a secondary rate limit." },
    ];
    const begun = Date.now();
    const told = await posted(github, file(markdown(cut)));
    assert.ok(Date.now() - begun >= 3000);
    assert.match(told, /secondary rate limit of GitHub at POST .*: again in 2 s/);
    assert.deepEqual(github.refusals, []);
    assert.equal(github.comments.length, 1);
  });

  it("is made anew where somebody deletes it meanwhile", async () => {
    await using github = await GitHubStandIn.start();
    github.comments = [{ id: 1, body: markdown(cut), user: { login: BOT } }];
    github.refusals = [{ of: /PATCH/, status: 404, message: "Not Found", meanwhile: () => github.comments.splice(0) }];
    assert.match(await posted(github, file(markdown(cut))), /^wrote /);
  });

  it("an error of GitHub is one line and exit status 1", async () => {
    await using github = await GitHubStandIn.start();
    github.refusals = [{ of: /GET .*pulls/, status: 404, message: "Not Found" }];
    const refused = await post(github, file(markdown(cut)));
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /^error: Not Found.*$/m);
    assert.doesNotMatch(refused.stderr, /^ +at /m);
    github.refusals = [{ of: /POST/, status: 403, message: "Resource not accessible by integration" }];
    assert.match((await post(github, file(markdown(cut)))).stderr, /^error: Resource not accessible by integration/m);
    assert.deepEqual(github.comments, []);
  });
});
