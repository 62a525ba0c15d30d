import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import execa from "execa";
import { cacheRoot } from "../lab";
import type { Progress } from "./progress";
import { ensureGo } from "./go-toolchain";
import { pointToStandIn } from "./pulumi-home";
import { projectRoot } from "./root";

/** The newest version whose modules the Go module proxy serves whole. */
const VERSION = "v3.259.0";
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const tools = join(projectRoot, "lab/engine/tools");
const REPORT_MILLISECONDS = 10_000;

/** Where the CLI built from this version and these module sums is, or would be. */
export function builtCli(): string {
  const made = createHash("sha256").update(VERSION);
  for (const file of ["go.mod", "go.sum"]) made.update(readFileSync(join(tools, file)));
  return join(cacheRoot, "engine", `${VERSION}-${made.digest("hex").slice(0, 12)}`, "pulumi");
}

/** Builds the CLI from its Go modules: no C compiler, no Pulumi server. Two cores take three to four minutes. Returns its path. */
export async function buildCli(progress: Progress): Promise<string> {
  const cli = builtCli();
  if (existsSync(cli)) return cli;
  const go = await ensureGo(progress);
  // Three gigabytes that nobody needs afterwards, so not in the user's own Go folders. Kept after a failure: the next try goes on from there.
  const scratch = join(cacheRoot, "engine", "go");
  mkdirSync(scratch, { recursive: true });
  const work = mkdtempSync(join(scratch, "tools-"));
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(tools, file), join(work, file));
  const env = {
    ...go.environment,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=mod -buildvcs=false -modcacherw",
    GOMODCACHE: join(scratch, "mod"),
    GOCACHE: join(scratch, "build"),
  };
  progress("building the pulumi CLI from source, once (about four minutes on two cores): downloading its Go modules");
  const { stdout: packages } = await execa(go.command, ["list", "-deps", PACKAGE], { cwd: work, env });
  const total = packages.split("\n").length;

  const draft = join(work, "pulumi");
  const build = execa(
    go.command,
    [
      ...["build", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace"],
      ...["-ldflags", `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${VERSION}`],
      ...["-o", draft, PACKAGE],
    ],
    { cwd: work, env, stdin: "ignore" },
  );
  let compiled = 0;
  build.stderr?.on("data", (chunk: Buffer) => (compiled += chunk.toString().split("\n").length - 1));
  const timer = setInterval(
    () => progress(`building the pulumi CLI: ${compiled} of about ${total} packages compiled`),
    REPORT_MILLISECONDS,
  );
  try {
    await build;
  } finally {
    clearInterval(timer);
  }
  mkdirSync(dirname(cli), { recursive: true });
  pointToStandIn(dirname(cli));
  renameSync(draft, cli);
  rmSync(scratch, { recursive: true, force: true });
  progress("the pulumi CLI is built");
  return cli;
}
