import execa from "execa";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { lock } from "proper-lockfile";
import { cacheRoot } from "../lab";
import { debianMirrors, type Mirrors } from "./mirror";

/** Debian of the hosts. */
const SUITE = "trixie";

/** About what Debian's cloud image for EC2 has; a mail host's own packages are not among them. */
const PLAIN_PACKAGES = [
  ...["systemd", "systemd-sysv", "udev", "dbus", "cloud-init", "openssh-server", "sudo", "python3", "iproute2", "e2fsprogs"],
  ...["ca-certificates", "netbase", "procps", "less", "kmod", "cron"],
];

/** What the lab's own hosts run: name servers, and the outside world's mail server. */
const SERVICE_PACKAGES = ["knot", "knot-dnsutils", "unbound", "postfix"];

/** A read-only root file system, as the lower layers of an overlay, uppermost first. */
export type Layers = readonly string[];

export interface ImageContents {
  /** Packages of the product's hosts, all roles. */
  readonly packages: readonly string[];
  /** System accounts with fixed numbers, which must exist before the packages make them. */
  readonly accounts: readonly { readonly name: string; readonly id: number; readonly home?: string }[];
}

export interface Images {
  /** What EC2 offers: Debian and no more. */
  readonly plain: Layers;
  /** The same with the product's packages installed and their services off. */
  readonly packages: Layers;
  /** For the lab's own hosts. */
  readonly services: Layers;
}

/** Where the images are, made or not. Their names say what made them: suite, mirrors, packages and the scripts below. */
export function images({ packages, accounts }: ImageContents, mirrors: Mirrors): Images & { readonly scripts: Record<string, string> } {
  const root = join(cacheRoot, "images");
  const place = (name: string, script: string, ...under: string[]): string =>
    join(
      root,
      `${name}-${createHash("sha256")
        .update([script, ...under].join("\n"))
        .digest("hex")
        .slice(0, 12)}`,
    );
  const plainScript = plainImage(mirrors);
  const plain = place("plain", plainScript);
  const packagesScript = layer(packages, accounts);
  const packagesLayer = place("packages", packagesScript, plain);
  const servicesScript = layer(SERVICE_PACKAGES, []);
  const servicesLayer = place("services", servicesScript, plain);
  return {
    plain: [plain],
    packages: [packagesLayer, plain],
    services: [servicesLayer, plain],
    scripts: { [plain]: plainScript, [packagesLayer]: packagesScript, [servicesLayer]: servicesScript },
  };
}

/** Makes what is missing. `say` gets a line for each thing made. */
export async function ensureImages(contents: ImageContents, say: (line: string) => void): Promise<Images> {
  const { scripts, ...all } = images(contents, await debianMirrors());
  const missing = (path: string | undefined): path is string => path !== undefined && !existsSync(path);
  if (![...all.packages, ...all.services].some(missing)) return all;
  mkdirSync(join(cacheRoot, "images"), { recursive: true });
  // Another lab may be making the same images.
  const release = await lock(join(cacheRoot, "images"), {
    retries: { retries: 1200, factor: 1, minTimeout: 500, maxTimeout: 500 },
    stale: 30_000,
  });
  try {
    const make = async (layers: Layers, what: string): Promise<void> => {
      const [path] = layers;
      if (!missing(path)) return;
      const start = Date.now();
      say(`${what} …`);
      const draft = `${path}.part`;
      const under = layers.slice(1).join(":");
      try {
        // Mounts of its own, so that none is left whatever ends it.
        // And processes that end with this one, so that nobody goes on writing where the next command begins anew.
        await execa("setpriv", [
          ...["--pdeathsig", "KILL", "--", "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL"],
          ...["sh", "-euc", `draft=${draft} under=${under}\n${scripts[path] ?? ""}`],
        ]);
        renameSync(draft, path);
      } catch (error) {
        const { stderr, message } = error as execa.ExecaError;
        throw new Error(`${what} failed: ${(stderr ?? message).trim().split("\n").slice(-5).join("\n")}`, { cause: error });
      } finally {
        for (const left of readdirSync(join(cacheRoot, "images"))) {
          if (left.startsWith(basename(draft))) rmSync(join(cacheRoot, "images", left), { recursive: true, force: true });
        }
      }
      say(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    };
    await make(all.plain, `Debian ${SUITE} image`);
    const both = await Promise.allSettled([
      make(all.services, "layer with name servers and Postfix"),
      make(all.packages, "layer with the mail packages"),
    ]);
    for (const one of both) if (one.status === "rejected") throw one.reason as Error;
  } finally {
    await release();
  }
  return all;
}

const APT_OPTIONS = ['Acquire::Languages "none"', "APT::Install-Recommends false"];

function plainImage({ main, security, proxy, authorities = [] }: Mirrors): string {
  const sources = [
    `deb ${main} ${SUITE} main`,
    `deb ${main} ${SUITE}-updates main`,
    ...(security === undefined ? [] : [`deb ${security} ${SUITE}-security main`]),
  ];
  const options = [...APT_OPTIONS.slice(0, 1), ...(proxy === undefined ? [] : [`Acquire::http::Proxy "${proxy}"`])];
  const quoted = (text: string): string => `'${text}'`;
  // The clean-up is what makes an image of an installed system: identity is born at first boot.
  return `
rm -rf "$draft"
mmdebstrap --quiet --variant=minbase --include=${PLAIN_PACKAGES.join(",")} --dpkgopt=force-unsafe-io \\
  ${options.map((option) => `--aptopt=${quoted(option)}`).join(" ")} ${SUITE} "$draft" ${sources.map(quoted).join(" ")} >&2
cd "$draft"
rm -f etc/ssh/ssh_host_* etc/dpkg/dpkg.cfg.d/99mmdebstrap
: > etc/machine-id
rm -f etc/hostname
printf 'datasource_list: [ NoCloud ]\\n' > etc/cloud/cloud.cfg.d/90-lab.cfg
printf 'network: { config: disabled }\\n' >> etc/cloud/cloud.cfg.d/90-lab.cfg
rm -f etc/resolv.conf
: > etc/resolv.conf
mkdir -p var/lib/cloud/seed/nocloud
${authorities.map((certificate, index) => `cat > usr/local/share/ca-certificates/machine-${index}.crt <<'END'\n${certificate.trim()}\nEND\n`).join("")}\
${authorities.length === 0 ? "" : 'chroot "$draft" update-ca-certificates >&2\n'}`;
}

/** A layer with more packages. Nothing starts while they are installed, and their services are off: whoever boots it must ask for them. */
function layer(packages: readonly string[], accounts: ImageContents["accounts"]): string {
  const addAccounts = accounts.map(({ name, id, home }) =>
    [
      `chroot "$root" groupadd --system --gid ${id} ${name}\n`,
      // Without a home it is a group only.
      ...(home === undefined
        ? []
        : [
            `chroot "$root" useradd --system --uid ${id} --gid ${id} --no-create-home --home-dir ${home} --shell /usr/sbin/nologin ${name}\n`,
          ]),
    ].join(""),
  );
  return `
work=$(mktemp -d "$draft.XXXXXX")
root=$work/root
rm -rf "$draft"
mkdir -p "$draft" "$work/work" "$root"
mount -t overlay overlay -o "lowerdir=$under,upperdir=$draft,workdir=$work/work" "$root"
mount -t proc proc "$root/proc"
cat /etc/resolv.conf > "$root/etc/resolv.conf"
printf '#!/bin/sh\\nexit 101\\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
${addAccounts.join("")}( cd "$root/etc/systemd/system" && find . -type l | sort ) > "$work/before"
export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get -qq -o Acquire::Languages=none update >&2
chroot "$root" apt-get -qq -o Dpkg::Options::=--force-unsafe-io install -y --no-install-recommends ${packages.join(" ")} >&2
( cd "$root/etc/systemd/system" && find . -type l | sort ) | comm -13 "$work/before" - | ( cd "$root/etc/systemd/system" && xargs -r rm -f )
rm -f "$root/usr/sbin/policy-rc.d"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
: > "$root/etc/resolv.conf"
: > "$root/etc/machine-id"
umount "$root/proc" "$root"
rm -rf "$work"
`;
}
