import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { Exchanger, MailPlan } from "../../plan/types";
import { operatorKeys } from "../host/bundle";
import { OPERATOR, volumeLabel } from "../host/system";
import { fill } from "../template";
import type { Bundle } from "../types";

/** What EC2 takes, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const LIMIT = 16_384;

/** Its message is for the person who declared it. */
export class UserDataTooLarge extends Error {}

/** What a new machine is booted with. */
export interface UserDataArgs {
  readonly plan: MailPlan;
  readonly exchanger: Exchanger;
  /** EC2's id of the volume, `vol-…`. */
  readonly volumeId: string;
  /** The first bundle, from `hostBundle`. */
  readonly bundle: Bundle;
}

/**
 * User data: cloud-config, gzipped. The operator's account and key, the program that finds the volume, and the first bundle. Anybody who may look at the
 * instance can read it, so nothing secret and no account is in it.
 *
 * Throws `UserDataTooLarge` if it is larger than EC2's 16,384 bytes.
 */
export function renderUserData({ plan, exchanger, volumeId, bundle }: UserDataArgs): Buffer {
  const config = cloudConfig(plan, exchanger, volumeId, bundle);
  // No time in the header: the same declaration gives the same bytes.
  const data = gzipSync(`#cloud-config\n${stringify(config, { lineWidth: 0 })}`, { level: 9 });
  if (data.length > LIMIT) {
    throw new UserDataTooLarge(
      `The user data of exchanger "${exchanger.key}" has ${data.length} bytes when compressed, and EC2 takes ${LIMIT}; ` +
        "its size grows with the operator's keys: give fewer or shorter publicKeys (ssh-ed25519).",
    );
  }
  return data;
}

/** Everything that opens a mail port. */
const GATED = ["postfix.service", "dovecot.service", "dovecot.socket"];

/** There when everything that cloud-init brings is on the disk. */
const BORN = "/etc/mailserver.born";

/**
 * cloud-init marks a module as done before it runs it (cloudinit/helpers.py, FileSemaphores), so that one whose power was cut half way would never be
 * repeated: until the machine is born, each boot forgets the marks. And an image that has the mail packages already starts them in this very boot, before a
 * drop-in that systemd has not read yet counts.
 */
const UNBORN =
  `[ -e ${BORN} ] || { rm -f /var/lib/cloud/instance/sem/config_*; for unit in ${GATED.join(" ")}; do mkdir -p /run/systemd/system/$unit.d; ` +
  "printf '[Unit]\\nConditionPathExists=/run/mailserver/serving\\n' >/run/systemd/system/$unit.d/early.conf; done; systemctl daemon-reload; }";

function cloudConfig(plan: MailPlan, exchanger: Exchanger, volumeId: string, bundle: Bundle): object {
  const settings = {
    exchanger: exchanger.key,
    // A volume that nobody has renamed yet is known by a key that the exchanger had before.
    aliases: exchanger.aliases,
    labels: [exchanger.key, ...exchanger.aliases].map(volumeLabel),
    fqdn: exchanger.fqdn,
    volume: volumeId,
  };
  const file = (path: string, content: string, permissions = "0644"): object => ({ path, permissions, content });
  const gate = read("gate.conf");
  return {
    hostname: exchanger.fqdn.split(".")[0],
    fqdn: exchanger.fqdn,
    prefer_fqdn_over_hostname: true,
    manage_etc_hosts: "localhost",
    timezone: "UTC",
    disable_root: true,
    ssh_pwauth: false,
    // sshd shows only the host key on the volume (sshd.conf); cloud-init must make one of some type, and nobody sees it.
    ssh_genkeytypes: ["ed25519"],
    users: [
      {
        name: OPERATOR.name,
        gecos: "Operator of the mail exchanger",
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        lock_passwd: true,
      },
    ],
    bootcmd: [UNBORN],
    write_files: [
      file("/etc/mailserver.json", `${JSON.stringify(settings)}\n`),
      file(`/etc/ssh/${OPERATOR.name}_first_keys`, operatorKeys(plan)),
      file("/etc/ssh/sshd_config.d/10-mailserver.conf", fill(read("sshd.conf"), { operator: OPERATOR.name })),
      // Written before ssh.service starts; mailserver boot removes it when the volume's host key is there.
      file("/etc/ssh/sshd_not_to_be_run", ""),
      file("/etc/systemd/system/ssh.service.d/mailserver.conf", read("ssh-gate.conf")),
      ...GATED.map((unit) => file(`/etc/systemd/system/${unit}.d/mailserver.conf`, gate)),
      file("/etc/systemd/system/mailserver-boot.service", read("mailserver-boot.service")),
      file("/usr/local/sbin/mailserver", read("mailserver"), "0755"),
      file("/usr/local/lib/mailserver/first-bundle.json", bundle.text),
    ],
    // The drop-ins are there before the packages are. `ready` ends when the machine is set up, and so does cloud-init.
    runcmd: [
      "systemctl daemon-reload",
      "systemctl enable mailserver-boot.service",
      `sync -f /etc && touch ${BORN}`,
      "systemctl start mailserver-boot.service",
      "/usr/local/sbin/mailserver ready",
    ],
  };
}

function read(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}
