import { renameSync, writeFileSync } from "node:fs";

/** Writes a file so that everybody finds the old or the new content, whatever ends this process. Its folder must exist. */
export function writeWhole(file: string, content: string | Buffer, mode = 0o644): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, file);
}
