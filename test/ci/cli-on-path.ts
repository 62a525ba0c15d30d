import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "../..");

/**
 * A folder for PATH in which `npx mailserver` is this checkout's, as `npm ci` would have put it, and commands that would leave this machine only write down
 * how they were called.
 */
export function cliOnPath(folder: string): { readonly path: string; readonly calls: string } {
  const bin = join(folder, "bin");
  const calls = join(folder, "calls");
  mkdirSync(bin);
  writeFileSync(calls, "");
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const loader = pathToFileURL(require.resolve("tsx")).href;
  script(
    "npx",
    `[ "$1 $2" = "--no-install mailserver" ] || exit 97\nshift 2\nexec "${process.execPath}" --import "${loader}" "${root}/cli/mailserver.ts" "$@"`,
  );
  script("node", `exec "${process.execPath}" "$@"`);
  for (const name of ["npm", "pulumi"]) script(name, `echo "${name} $*" >> "${calls}"`);
  return { path: `${bin}:${process.env.PATH}`, calls };
}
