import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shell } from "./shell";

/** Where this machine gets Debian from; its hosts get theirs from the same place. */
export interface Mirrors {
  readonly main: string;
  readonly security?: string;
  readonly proxy?: string;
  /** Certificates that the hosts must trust besides Debian's, where the way to the mirrors is encrypted. */
  readonly authorities?: readonly string[];
}

let found: Promise<Mirrors> | undefined;

/** Asked of apt once a process. */
export const debianMirrors = (): Promise<Mirrors> => (found ??= askApt());

async function askApt(): Promise<Mirrors> {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const targets = await shell(
    `apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI)'; apt-config shell proxy Acquire::http::Proxy`,
  );
  const mirrors = mirrorsOf(targets, codename);
  const encrypted = [mirrors.main, mirrors.security, mirrors.proxy].some((url) => url?.startsWith("https:"));
  return encrypted ? { ...mirrors, authorities: ownAuthorities() } : mirrors;
}

/** Ports that downloads use: the web's, and those that the mirrors and the proxy are on. */
export function downloadPorts({ main, security, proxy }: Mirrors): number[] {
  const urls = [main, security, proxy].flatMap((text) => (text === undefined ? [] : [new URL(text)]));
  return [...new Set([80, 443, ...urls.flatMap(({ port }) => (port === "" ? [] : [Number(port)]))])].sort((a, b) => a - b);
}

/** What a person should know where this machine's way to Debian is not one for the lab's hosts; undefined where it is. */
export function unreachableForHosts({ main, proxy }: Mirrors): string | undefined {
  const { hostname, origin } = new URL(proxy ?? main);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return undefined;
  return `apt on this machine uses ${origin}, which the lab's hosts cannot reach: with the plain image they will get no packages`;
}

/** Certificates of this machine's own authorities (update-ca-certificates(8)), which its mirrors may have theirs from. */
function ownAuthorities(): string[] {
  const folder = "/usr/local/share/ca-certificates";
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".crt"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
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
