/**
 * Keeps one comment of a pull request: the last DNS review of a stack. It runs with the right to write and reads what a pull request's own code has made, so
 * that it trusts nothing of it: the report is a text, and which pull request it belongs to is what GitHub says of the run that made it.
 */
import { lstatSync, readFileSync } from "node:fs";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { Command } from "commander";

/** Of a comment, in characters (GitHub: "body is too long"). */
const longest = 65_536;

/** How often a request is tried again that GitHub turned away for its limits, each time when its `Retry-After` is over. */
const tries = 5;

interface Options {
  readonly repository: string;
  readonly headRepository: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly stack: string;
  readonly report: string;
  readonly run: string;
  readonly author: string;
}

const options = new Command("comment")
  .description(
    "Post the DNS review of a stack as the one comment of its pull request, in place of the last one. The token is read from GITHUB_TOKEN.",
  )
  .requiredOption("--repository <owner/name>", "where the pull request is")
  .requiredOption("--head-repository <owner/name>", "where the reviewed commit is")
  .requiredOption("--head-branch <name>", "its branch")
  .requiredOption("--head-sha <sha>", "the reviewed commit")
  .requiredOption("--stack <project/stack>", "whose review it is")
  .requiredOption("--report <file>", "Markdown that `mailserver dns preview --markdown` has written; may be missing where that failed")
  .requiredOption("--run <url>", "the run that made the report")
  .option("--author <login>", "who the token is: only comments of this one are edited", "github-actions[bot]")
  .parse()
  .opts<Options>();

const marker = `<!-- mailserver dns-preview ${encodeURI(options.stack).replace(/-(?=-)/g, "%2d")} -->`;

/** The report, if it is one that may be posted; else words that take the place of the old one, which is about another commit. */
function body(): string {
  const failed = (why: string): string =>
    `${marker}\n**DNS: the review could not be made** at ${options.headSha}: ${why}. What this change does to mail is not known. [The run](${options.run}) has the reason.\n`;
  // Not through a link: a pull request's code could have one point to what this job alone can read.
  const file = lstatSync(options.report, { throwIfNoEntry: false });
  if (file === undefined) return failed("there is no report");
  if (!file.isFile()) return failed("the report is not a file");
  const text = readFileSync(options.report, "utf8");
  if (text.split("\n", 1)[0] !== marker) return failed("what was made is not a report of this stack");
  return text.length > longest ? failed("the report is longer than a comment may be") : text;
}

const client = new (Octokit.plugin(throttling))({
  auth: process.env.GITHUB_TOKEN,
  baseUrl: process.env.GITHUB_API_URL ?? "https://api.github.com",
  throttle: {
    onRateLimit: (seconds, request, _, count) => again("rate limit", seconds, request, count),
    onSecondaryRateLimit: (seconds, request, _, count) => again("secondary rate limit", seconds, request, count),
  },
});

function again(what: string, seconds: number, { method, url }: { method: string; url: string }, count: number): boolean {
  process.stderr.write(`${what} of GitHub at ${method} ${url}: ${count < tries ? `again in ${seconds} s` : "giving up"}\n`);
  return count < tries;
}

async function main(): Promise<void> {
  const [owner = "", repo = ""] = options.repository.split("/");
  const [headOwner] = options.headRepository.split("/");
  const pulls = await client.paginate(client.rest.pulls.list, {
    ...{ owner, repo, state: "open", head: `${headOwner}:${options.headBranch}`, per_page: 100 },
  });
  const pull = pulls.find(({ head }) => head.sha === options.headSha);
  if (pull === undefined) {
    process.stdout.write(`no open pull request has ${options.headSha} as its last commit; a newer run will comment, or none is to\n`);
    return;
  }
  const comments = await client.paginate(client.rest.issues.listComments, { owner, repo, issue_number: pull.number, per_page: 100 });
  const old = comments.find(({ user, body }) => user?.login === options.author && body?.split(/\r?\n/, 1)[0] === marker);
  const text = body();
  if (old !== undefined) {
    try {
      await client.rest.issues.updateComment({ owner, repo, comment_id: old.id, body: text });
      process.stdout.write(`edited ${old.html_url}\n`);
      return;
    } catch (error) {
      // Somebody deleted it since it was listed.
      if (!(error instanceof Error && "status" in error && error.status === 404)) throw error;
    }
  }
  const made = await client.rest.issues.createComment({ owner, repo, issue_number: pull.number, body: text });
  process.stdout.write(`wrote ${made.data.html_url}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
