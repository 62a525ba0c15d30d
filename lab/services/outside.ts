import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDisk, hostFolder, inside, mountDisk, powerOn, removeDisk } from "../hosts/host";
import type { Layers } from "../hosts/image";
import { shell } from "../hosts/shell";
import type { Lab } from "../lab";
import { prepareOwnHost } from "./own-host";
import { OUTSIDE_DOMAIN, OUTSIDE_FQDN } from "./zone-file";

/** Everybody else: a Debian Postfix with Debian's settings, a domain of its own and two people, whose mail is in /var/mail. */
const HOST = "outside";
export const OUTSIDE_USERS = ["anna", "ben"] as const;

/** Starts it where it does not run. Returns when Postfix answers. */
export async function startOutside(lab: Lab, layers: Layers): Promise<void> {
  const setUp = join(hostFolder(lab, HOST), "set-up");
  const isNew = !existsSync(setUp);
  if (isNew) {
    // Also one whose setting up was interrupted.
    await removeDisk(lab, HOST);
    createDisk(lab, HOST, layers);
  }
  const root = await mountDisk(lab, HOST);
  prepareOwnHost(root, { hostname: OUTSIDE_FQDN, resolver: lab.addresses.resolver, services: ["postfix"] });
  if (isNew) {
    writeFileSync(join(root, "etc/mailname"), `${OUTSIDE_DOMAIN}\n`);
    writeFileSync(join(root, "etc/hosts"), `127.0.0.1 localhost\n${lab.addresses.outside} ${OUTSIDE_FQDN} mail\n`);
    await shell(`
      chroot ${root} postconf -e 'myhostname = ${OUTSIDE_FQDN}' 'myorigin = /etc/mailname' 'mydestination = ${OUTSIDE_DOMAIN}, ${OUTSIDE_FQDN}, localhost' \\
        'inet_protocols = ipv4'
      ${OUTSIDE_USERS.map((user) => `chroot ${root} useradd --create-home --shell /bin/bash ${user}`).join("\n")}
      chroot ${root} newaliases`);
    writeFileSync(setUp, "");
  }
  await powerOn(lab, HOST);
  await shell(`${inside(lab, HOST).join(" ")} sh -c 'until postfix status 2>/dev/null; do sleep 0.05; done'`);
}
