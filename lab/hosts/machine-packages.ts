import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { shell } from "./shell";

/** Programs that the lab needs of the machine, and the Debian packages that have them. */
const PROGRAMS: Record<string, string> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  nft: "nftables",
  ip: "iproute2",
  sysctl: "procps",
  "mkfs.ext4": "e2fsprogs",
  losetup: "mount",
  nsenter: "util-linux",
  python3: "python3",
  ssh: "openssh-client",
};

const FOLDERS = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  ...(process.env.PATH ?? "").split(delimiter),
];

/** Installs what is missing, and says so. */
export async function ensureMachinePackages(say: (line: string) => void): Promise<void> {
  const missing = Object.keys(PROGRAMS).filter((program) => !FOLDERS.some((folder) => existsSync(join(folder, program))));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(" ");
  if (!existsSync("/usr/bin/apt-get"))
    throw new Error(`the lab needs ${missing.join(", ")}, and can install programs on Debian only (packages: ${packages})`);
  say(`installing on this machine, by apt: ${packages} …`);
  await shell(`
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >&2
    apt-get -qq install -y --no-install-recommends ${packages} >&2`);
}

/** Why the lab cannot have hosts here; undefined where it can. */
export function unfitness(): string | undefined {
  if (process.platform !== "linux") return `the lab's hosts are Linux containers and need a Linux machine; this one is ${process.platform}`;
  if (process.getuid?.() !== 0)
    return "the lab makes network namespaces, mounts and containers, so it must run as root: sudo -H npm run lab -- …";
  return undefined;
}
