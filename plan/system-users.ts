import { posix } from "node:path";
import { show, type Property } from "./property";
import { quotaOf, readQuota, type unlimited } from "./quota";

/** A system user before its address is known. */
export interface SystemUserAccount {
  readonly name: string;
  readonly home: string;
  /** Absent where there is no limit. */
  readonly quotaMiB?: number;
  readonly property: Property;
}

/**
 * Accounts and groups that a host has already or that a package brings: `useradd` makes a group of the user's name too.
 * base-passwd's master files (Debian 13), then what the packages of a mail host and cloud images add.
 */
const reserved = new Set(
  [
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody",
    "adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev staff users nogroup",
    "input sgx clock kvm render netdev crontab messagebus polkitd tss uuidd wheel sshd ssl-cert tcpdump rdma",
    "postfix postdrop dovecot dovenull vmail mailops rspamd opendkim opendmarc unbound redis courier certbot acme nginx",
    "debian admin administrator cloud-user ec2-user ubuntu",
  ]
    .join(" ")
    .split(" "),
);

/** Trees that belong to the system, to packages or to the mail volume itself. */
const systemTrees = [
  ..."/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /lost+found /media /mnt /proc /root /run /sbin /srv/mailserver /sys /tmp /var".split(
    " ",
  ),
  ..."/usr/bin /usr/games /usr/include /usr/lib /usr/lib32 /usr/lib64 /usr/libexec /usr/libx32 /usr/local /usr/sbin /usr/share /usr/src".split(
    " ",
  ),
];

/** Directories that homes may be in but that are none; every parent of a tree above is among them. */
const parents = ["/home", "/opt", "/srv", "/usr"];

/**
 * @param quota of users for which nothing else is said, in MiB
 * @returns the good ones, sorted by name
 */
export function readSystemUsers(property: Property, quota: number | typeof unlimited): SystemUserAccount[] {
  if (property.isAbsent) return [];
  const users: SystemUserAccount[] = [];
  for (const { key: name, property: member } of property.members("{master: {}}") ?? []) {
    const nameProblem = userNameProblem(name);
    if (nameProblem !== undefined) member.report(`${show(name)} ${nameProblem}.`);
    const fields = member.fields(["home", "quota"], passwordHint);
    const home = fields === undefined ? undefined : readHome(name, fields.home);
    const limit = fields === undefined ? quota : readQuota(fields.quota, quota);
    if (nameProblem === undefined && home !== undefined) users.push({ name, home, ...quotaOf(limit), property: member });
  }
  checkSeparateHomes(users);
  return users;
}

/** adduser's NAME_REGEX (adduser.conf(5)) and the length of a name in utmp (useradd(8)). */
function userNameProblem(name: string): string | undefined {
  if (!/^[a-z][-a-z0-9_]*$/.test(name) || name.length > 32) {
    return 'is not the name of a system user; begin with a lower-case letter and use lower-case letters, digits, "-" and "_", at most 32';
  }
  if (reserved.has(name) || name.startsWith("systemd-")) return "is a name that Debian or a package of the host uses itself; take another";
  return undefined;
}

function readHome(name: string, property: Property): string | undefined {
  if (property.isAbsent) return `/home/${name}`;
  const home = property.string("a directory");
  if (home === undefined) return undefined;
  const problem = homeProblem(home);
  return problem === undefined ? home : property.report(`${show(home)} ${problem}.`);
}

function homeProblem(home: string): string | undefined {
  if (!/^(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$/.test(home) || posix.normalize(home) !== home || home.length > 200) {
    return 'is not a home directory; write an absolute path without ".", "..", "//" or a slash at its end, of letters, digits, "_", "." and "-", such as /home/master';
  }
  if (parents.includes(home) || systemTrees.some((tree) => isWithin(home, tree))) {
    return "is a directory of the system; take one of its own, such as /home/master or /usr/master";
  }
  const owner = /^\/home\/([^/]+)/.exec(home)?.[1];
  if (owner !== undefined && reserved.has(owner)) return "may be the home of an account that the host has itself; take another directory";
  return undefined;
}

function checkSeparateHomes(users: readonly SystemUserAccount[]): void {
  for (const [index, user] of users.entries()) {
    const other = users.slice(0, index).find(({ home }) => isWithin(user.home, home) || isWithin(home, user.home));
    if (other === undefined) continue;
    user.property.report(
      `The home ${user.home} and that of "${other.name}", ${other.home}, are one or one inside the other; give each user a directory of its own.`,
      "home",
    );
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** An answer to somebody who puts a password into the declaration. It never has the password in it. */
export function passwordHint(key: string): string | undefined {
  return /pass|hash|secret/i.test(key)
    ? "A password does not belong here; `mailserver passwd ADDRESS` makes a hash of it and says how to put that into the secret passwordHashes."
    : undefined;
}
