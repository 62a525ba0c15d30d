import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Instance } from "../cloud/state";

/** Puts what EC2's metadata service would answer where cloud-init's NoCloud datasource finds it. User data stays as it came, gzip too. */
export function seedInstance(root: string, instance: Instance): void {
  const seed = join(root, "var/lib/cloud/seed/nocloud");
  mkdirSync(seed, { recursive: true });
  writeFileSync(join(seed, "user-data"), Buffer.from(instance.userDataBase64 ?? "", "base64"), { mode: 0o600 });
  const hostname = `ip-${instance.privateIp.replaceAll(".", "-")}`;
  writeFileSync(join(seed, "meta-data"), `instance-id: ${instance.id}\nlocal-hostname: ${hostname}\n`);
}

/** The resolver that DHCP would name. */
export const setResolver = (root: string, address: string): void => writeFileSync(join(root, "etc/resolv.conf"), `nameserver ${address}\n`);
