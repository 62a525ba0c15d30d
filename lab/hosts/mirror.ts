import { readFileSync } from "node:fs";
import { shell } from "./shell";

/** Where this machine gets Debian from; its hosts get theirs from the same place. */
export interface Mirrors {
  readonly main: string;
  readonly security?: string;
  readonly proxy?: string;
}

export async function debianMirrors(): Promise<Mirrors> {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const targets = await shell(
    `apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI)'; apt-config shell proxy Acquire::http::Proxy`,
  );
  return mirrorsOf(targets, codename);
}

/** From what `apt-get indextargets` and `apt-config` print. */
export function mirrorsOf(targets: string, codename: string): Mirrors {
  const uri = (release: string): string | undefined =>
    targets
      .split("\n")
      .map((line) => line.split(" "))
      .find(([by, suite, component]) => by === "Packages" && suite === release && component === "main")?.[3];
  const main = uri(codename);
  if (main === undefined)
    throw new Error(`apt on this machine has no source for Debian ${codename} main, from which the lab's hosts are made`);
  const security = uri(`${codename}-security`);
  const proxy = /^proxy='(.+)'$/m.exec(targets)?.[1];
  return { main, ...(security === undefined ? {} : { security }), ...(proxy === undefined ? {} : { proxy }) };
}
