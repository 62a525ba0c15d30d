/**
 * Draws what a review looks like, in a terminal and as a comment, from a review of examples/primary-and-backup. `npx tsx docs/pictures.ts` writes docs/pictures/; it needs
 * Debian's packages chromium and fonts-dejavu.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnsiUp } from "ansi_up";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { parse as parseYaml } from "yaml";
import { markdown } from "../dns/faces/markdown";
import { terminal } from "../dns/faces/terminal";
import type { Report } from "../dns/review/report";
import { review } from "../dns/review/review";
import { planSide } from "../dns/review/side";
import { parse } from "../plan/parse";
import type { MailPlan } from "../plan/types";

/** Columns of the terminal, and what one takes in pixels. */
const columns = 100;
const column = 8.43;

/** The example comes in place of a system that has no backup yet, and a domain more. */
function report(): Report {
  const { config } = parseYaml(readFileSync(join(__dirname, "../examples/primary-and-backup/Pulumi.production.yaml"), "utf8")) as {
    config: Readonly<Record<string, unknown>> & { readonly "mailserver:domains": readonly object[] };
  };
  const club = { name: "club.test", mailboxes: { carol: {} } };
  const before = { "mailserver:exchangers": { mx1: { role: "primary" } }, "mailserver:domains": [...config["mailserver:domains"], club] };
  return review({
    stack: "mailserver/production",
    head: planSide("Pulumi.production.yaml", plan(config)),
    against: [planSide("git:origin/main", plan({ ...config, ...before }), new Map([["address of mx1", "192.0.2.1"]]))],
    settings: { acknowledge: [], severities: [] },
    day: "2026-01-01",
  });
}

function plan(config: Readonly<Record<string, unknown>>): MailPlan {
  const parsed = parse(Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("mailserver:", ""), value])));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function terminalPage(): string {
  const text = new AnsiUp().ansi_to_html(terminal(report(), { width: columns, colour: true }));
  return `<body style="margin:0;background:#0d1117;color:#e6edf3"><pre style="margin:0;padding:16px;width:${Math.ceil(columns * column)}px;font:14px/1.35 'DejaVu Sans Mono'">${text}</pre>`;
}

function commentPage(): string {
  const css = readFileSync(require.resolve("github-markdown-css/github-markdown-light.css"), "utf8");
  const html = micromark(markdown(report()), { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  return `<style>${css}</style><body style="margin:0;background:#fff"><article class="markdown-body" style="padding:16px 24px;width:900px;font-family:'DejaVu Sans',sans-serif;font-size:14px">${html}</article>`;
}

/** @param width of the page, in pixels; its height is what its contents take */
function draw(page: string, width: number, file: string): void {
  const folder = mkdtempSync(join(tmpdir(), "pictures-"));
  try {
    const path = join(folder, "page.html");
    writeFileSync(
      path,
      `<!doctype html><meta charset="utf-8">${page}<script>document.title=String(document.documentElement.scrollHeight)</script>`,
    );
    const chromium = (...args: string[]): string =>
      execFileSync("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", ...args, `file://${path}`], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    const height = /<title>(\d+)</.exec(chromium(`--window-size=${width},100`, "--dump-dom"))?.[1];
    chromium(`--window-size=${width},${height}`, `--screenshot=${join(__dirname, "pictures", file)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

draw(terminalPage(), Math.ceil(columns * column) + 32, "dns-review-terminal.png");
draw(commentPage(), 948, "dns-review-comment.png");
