import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setResolver } from "../hosts/seed";

export interface OwnHost {
  readonly hostname: string;
  readonly resolver: string;
  /** Units that run on it. */
  readonly services: readonly string[];
}

/** Makes a disk that of one of the lab's own hosts, which are set up from this machine and not by cloud-init, and have no SSH. */
export function prepareOwnHost(root: string, { hostname, resolver, services }: OwnHost): void {
  writeFileSync(join(root, "etc/cloud/cloud-init.disabled"), "");
  writeFileSync(join(root, "etc/hostname"), `${hostname}\n`);
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
  setResolver(root, resolver);
  const wanted = join(root, "etc/systemd/system/multi-user.target.wants");
  mkdirSync(wanted, { recursive: true });
  rmSync(join(wanted, "ssh.service"), { force: true });
  for (const service of services) {
    rmSync(join(wanted, `${service}.service`), { force: true });
    symlinkSync(`/usr/lib/systemd/system/${service}.service`, join(wanted, `${service}.service`));
  }
}
