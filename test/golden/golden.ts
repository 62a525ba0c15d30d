import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares a text with a file of this folder, which people read in a review. With `UPDATE_GOLDEN` set the file is written instead. */
export function assertGolden(name: string, text: string): void {
  const file = join(__dirname, name);
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, text);
  assert.equal(
    text,
    existsSync(file) ? readFileSync(file, "utf8") : "",
    `${name} is not what is rendered now; look at the difference, then run the test with UPDATE_GOLDEN=1`,
  );
}
