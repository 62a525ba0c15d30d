import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import execa from "execa";
import { cacheRoot } from "../lab";
import { buildCli, builtCli } from "./build-cli";
import type { Progress } from "./progress";
import { projectRoot } from "./root";

/** The oldest CLI that the lab was proved with. */
const OLDEST = [3, 259, 0] as const;
const DOWNLOAD_SECONDS = 120;
/** Where the installer keeps the CLI that it downloads. */
const downloads = join(cacheRoot, "pulumi");
const downloadedCli = join(downloads, "bin", "pulumi");

let engine: Promise<string> | undefined;

/**
 * Path of a pulumi CLI that is new enough: the one on PATH; else one fetched or built before; else Pulumi's own download; else built from
 * its Go modules. Decided once a process.
 */
export function ensureEngine(progress: Progress): Promise<string> {
  engine ??= findEngine(progress).catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

async function findEngine(progress: Progress): Promise<string> {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "pulumi"));
  for (const candidate of [...onPath, downloadedCli, builtCli()]) {
    if (existsSync(candidate) && (await isNewEnough(candidate))) return candidate;
  }
  progress("no pulumi CLI here; asking Pulumi's download");
  if (await download(progress)) return downloadedCli;
  return buildCli(progress);
}

async function isNewEnough(cli: string): Promise<boolean> {
  const { stdout, failed } = await execa(cli, ["version"], { reject: false, timeout: 20_000, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(stdout ?? "");
  if (failed || match === null) return false;
  const version = match.slice(1).map(Number);
  const different = OLDEST.findIndex((part, index) => part !== version[index]);
  return different === -1 || (version[different] ?? 0) > (OLDEST[different] ?? 0);
}

/** Pulumi's installer, in a process of its own so that it can be ended; false where it is not reached. */
async function download(progress: Progress): Promise<boolean> {
  const { failed, stderr } = await execa(
    process.execPath,
    ["--import", require.resolve("tsx"), join(projectRoot, "lab/engine/download-cli.ts"), downloads],
    { reject: false, timeout: DOWNLOAD_SECONDS * 1000, cleanup: true, stdin: "ignore" },
  );
  if (!failed && existsSync(downloadedCli) && (await isNewEnough(downloadedCli))) return true;
  progress(`Pulumi's download did not work (${(stderr ?? "").trim().split("\n").at(-1) ?? "no reason given"})`);
  return false;
}
