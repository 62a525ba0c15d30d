import { architectureOf } from "./instance-type";
import { hostName, isInZone, isLabel } from "./names";
import { nearest } from "./nearest";
import { show, type Property } from "./property";
import type { Exchanger, Role } from "./types";

const roles: readonly Role[] = ["primary", "backup"];

/** What an exchanger is when the declaration does not say. */
const defaults = {
  primary: { preference: 10, instanceType: "t4g.small", volumeSizeGiB: 20 },
  backup: { preference: 20, instanceType: "t4g.micro", volumeSizeGiB: 8 },
} as const;

/** Largest gp3 volume, in GiB (EC2 API reference, ModifyVolume, `Size`). */
const largestVolumeGiB = 65_536;

/** Generations are counted up by hand; a number beyond this is a slip of the keyboard. */
const lastGeneration = 1_000_000;

/** HOST_NAME_MAX (hostname(7)); the common name of a certificate has the same limit (RFC 5280 appendix A.1, ub-common-name). */
const longestHostName = 64;

/** What could be read of an exchanger, good enough or not: rules between exchangers want to see them all. */
interface Draft {
  readonly key: string;
  readonly property: Property;
  readonly role?: Role | undefined;
  readonly preference?: number | undefined;
  /** Without the zone. */
  readonly hostname?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  /** Only if all of it was good. */
  readonly exchanger?: Exchanger | undefined;
}

/** The names around an exchanger's own. */
interface Names {
  /** The zone of the host names; `undefined` if it was no good, which has been reported. */
  readonly hostZone: string | undefined;
  /** Whether that zone is under `dnssec`. */
  readonly isSigned: boolean;
  readonly mailDomains: readonly string[];
  /** Zones of the mail domains. */
  readonly zones: readonly string[];
}

/** @returns the good ones, by preference, then key */
export function readExchangers(property: Property, names: Names): Exchanger[] {
  const members = property.isAbsent ? [] : property.members("{mx1: {role: primary}}");
  if (members === undefined) return [];
  if (members.length === 0) property.report('There is no exchanger; declare at least one, for instance mx1 with role "primary".');
  const drafts = members.map(({ key, property: member }) => readExchanger(key, member, names));
  checkPrimary(property, drafts);
  checkUniqueNames(drafts);
  checkUniqueKeys(drafts);
  return drafts
    .map(({ exchanger }) => exchanger)
    .filter((exchanger) => exchanger !== undefined)
    .sort((a, b) => a.preference - b.preference || (a.key < b.key ? -1 : 1));
}

function readExchanger(key: string, property: Property, names: Names): Draft {
  // The key is part of resource names, record keys and the volume's identity.
  const keyGood = isLabel(key);
  if (!keyGood)
    property.report(
      `${show(key)} is no key for an exchanger; use one DNS label such as mx1: lower-case letters, digits and "-", at most 63.`,
    );
  const fields = property.fields([
    "role",
    "preference",
    "hostname",
    "region",
    "subnet",
    "instanceType",
    "volumeSize",
    "generation",
    "aliases",
    "drain",
    "nextTlsKey",
  ]);
  if (fields === undefined) return { key, property };

  const role = readRole(fields.role);
  // Whatever the role is, the other settings are read, so that all problems show at once.
  const byRole = defaults[role ?? "backup"];
  const preference = readPreference(fields.preference, role);
  const hostname = readHostname(key, fields.hostname, names);
  const region = optional(fields.region, /^[a-z]{2,3}(?:-[a-z]+){1,2}-\d{1,2}$/, "an AWS region", "give its code, such as eu-central-1");
  const subnet = optional(
    fields.subnet,
    /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    "the id of a subnet",
    'give "subnet-" and 8 or 17 hexadecimal digits, as the console shows it',
  );
  const machine = readInstanceType(fields.instanceType, byRole.instanceType);
  const volumeSizeGiB = fields.volumeSize.isAbsent
    ? byRole.volumeSizeGiB
    : fields.volumeSize.integer(1, largestVolumeGiB, `give the size of the volume in GiB, ${byRole.volumeSizeGiB} is usual`);
  const generation = fields.generation.isAbsent
    ? 1
    : fields.generation.integer(1, lastGeneration, "begin with 1 and raise it by one to rebuild the machine");
  const aliases = readAliases(fields.aliases);
  const drain = fields.drain.isAbsent ? true : fields.drain.boolean("whether its removal waits for its queue");
  const nextTlsKey = optional(
    fields.nextTlsKey,
    /^[0-9a-fA-F]{64}$/,
    "the SHA-256 of a TLS key",
    "give 64 hexadecimal digits, as openssl pkey -in KEY -pubout -outform DER | sha256sum prints them",
  );
  // It stands in a TLSA record, which counts in a signed zone only (RFC 7672 section 2.2).
  if (typeof nextTlsKey === "string" && !names.isSigned)
    fields.nextTlsKey.report(
      `${show(nextTlsKey)} would be published for DANE, which needs a signed zone; put hostZone's name under dnssec, or take the key out.`,
    );

  const draft = { key, property, role, preference, hostname, aliases };
  if (!keyGood || role === undefined || preference === undefined || hostname === undefined || names.hostZone === undefined) return draft;
  if (region === null || subnet === null || machine === undefined || volumeSizeGiB === undefined || generation === undefined) return draft;
  if (aliases === undefined || drain === undefined || nextTlsKey === null) return draft;
  const fqdn = `${hostname}.${names.hostZone}`;
  const place = { ...(region === undefined ? {} : { region }), ...(subnet === undefined ? {} : { subnet }) };
  const next = nextTlsKey === undefined ? {} : { nextTlsKey: nextTlsKey.toLowerCase() };
  const exchanger = {
    key,
    role,
    preference,
    fqdn,
    ...place,
    ...machine,
    volumeSizeGiB,
    generation,
    aliases,
    drain,
    hasIPv6: false as const,
    ...next,
  };
  return { ...draft, exchanger };
}

export function readRole(property: Property): Role | undefined {
  const text = property.string('"primary" or "backup"');
  if (text === undefined) return undefined;
  const role = roles.find((known) => known === text);
  if (role !== undefined) return role;
  const guess = nearest(text, roles);
  return property.report(
    `${property.shown} is no role; ${guess === undefined ? 'write "primary" or "backup".' : `did you mean "${guess}"?`}`,
  );
}

export function readPreference(property: Property, role: Role | undefined): number | undefined {
  // Whatever the role is, the other settings are read, so that all problems show at once.
  if (property.isAbsent) return defaults[role ?? "backup"].preference;
  return property.integer(0, 65_535, "the lower one is tried first, 10 for a primary and 20 for a backup are usual");
}

/** The host name without its zone. */
function readHostname(key: string, property: Property, { hostZone, mailDomains, zones }: Names): string | undefined {
  const text = property.isAbsent ? key : property.string("a host name");
  if (text === undefined) return undefined;
  const name = hostName(text);
  if (name === undefined) {
    // A bad key has been reported as such.
    if (property.isAbsent) return undefined;
    return property.report(`${show(text)} is not a host name without its zone; use labels of letters, digits and "-", such as mx1.`);
  }
  if (hostZone === undefined) return name;
  const zone = [hostZone, ...mailDomains, ...zones].find((other) => isInZone(name, other));
  if (zone === hostZone) return property.report(`${show(text)} has the zone in it; give the name inside "${hostZone}" only, such as mx1.`);
  if (zone !== undefined)
    return property.report(
      `${show(text)} is in "${zone}", not in hostZone "${hostZone}"; give a name inside hostZone without the zone, such as mx1.`,
    );
  const fqdn = `${name}.${hostZone}`;
  if (mailDomains.includes(fqdn)) {
    return property.report(
      `The host's name ${fqdn} is a mail domain too, and a host cannot tell mail for itself from mail for the domain; give it a hostname of its own.`,
    );
  }
  return fqdn.length <= longestHostName
    ? name
    : property.report(
        `The name with its zone, ${show(fqdn)}, has ${fqdn.length} characters, and Linux takes ${longestHostName} as the name of a host; give a shorter hostname.`,
      );
}

function readInstanceType(property: Property, byDefault: string): Pick<Exchanger, "instanceType" | "architecture"> | undefined {
  const instanceType = property.isAbsent ? byDefault : property.string("an EC2 instance type");
  if (instanceType === undefined) return undefined;
  const result = architectureOf(instanceType);
  return "error" in result
    ? property.report(`${show(instanceType)} ${result.error}.`)
    : { instanceType, architecture: result.architecture };
}

export function readAliases(property: Property): readonly string[] | undefined {
  const list = property.isAbsent ? [] : property.list();
  const keys = list?.map((entry) => {
    const key = entry.string("a key that the exchanger had before");
    if (key === undefined || isLabel(key)) return key;
    return entry.report(`${show(key)} cannot have been a key of an exchanger; give the key that it had before, such as mx1.`);
  });
  return keys?.every((key) => key !== undefined) === true ? keys : undefined;
}

/** `undefined` where it was not given, `null` where it was no good. */
function optional(property: Property, pattern: RegExp, meaning: string, wayOut: string): string | undefined | null {
  if (property.isAbsent) return undefined;
  const text = property.string(meaning);
  if (text === undefined) return null;
  if (pattern.test(text)) return text;
  property.report(`${show(text)} is not ${meaning}; ${wayOut}.`);
  return null;
}

export function checkPrimary(property: Property, drafts: readonly Pick<Draft, "key" | "property" | "role" | "preference">[]): void {
  const [primary, ...more] = drafts.filter(({ role }) => role === "primary");
  if (primary === undefined) {
    // Where a role is missing or misspelt, that has been reported, and it may be the primary's.
    if (drafts.length > 0 && drafts.every(({ role }) => role === "backup"))
      property.report('There is no primary; give the exchanger that holds the mailboxes role "primary".');
    return;
  }
  for (const other of more) {
    other.property.report(
      `There are two primaries, "${primary.key}" and this; the mailboxes are on one host, make one of them a backup.`,
      "role",
    );
  }
  for (const { role, preference, property: backup } of drafts) {
    if (role !== "backup" || preference === undefined || primary.preference === undefined || preference > primary.preference) continue;
    const [relation, effect] = preference === primary.preference ? ["the same as", "as often"] : ["lower than", "first"];
    backup.report(
      `The backup's preference ${preference} is ${relation} the primary's ${primary.preference}, so senders would try it ${effect}; give it a higher number.`,
      "preference",
    );
  }
}

function checkUniqueNames(drafts: readonly Draft[]): void {
  const owners = new Map<string, string>();
  for (const { key, hostname, property } of drafts) {
    if (hostname === undefined) continue;
    const owner = owners.get(hostname);
    if (owner === undefined) owners.set(hostname, key);
    else property.report(`Its host name ${hostname} is also that of "${owner}"; give each exchanger one of its own.`, "hostname");
  }
}

/** A key, old or new, is one exchanger's: its resources and its volume are found by it. */
function checkUniqueKeys(drafts: readonly Draft[]): void {
  const owners = new Map(drafts.map(({ key }) => [key, key]));
  for (const { key, aliases, property } of drafts) {
    for (const alias of aliases ?? []) {
      const owner = owners.get(alias);
      if (owner === undefined) owners.set(alias, key);
      else
        property.report(
          owner === key
            ? `${show(alias)} is given twice, or is its present key; list only keys that it had before, each once.`
            : `${show(alias)} is a key of "${owner}" too; an exchanger can only have been one of them, take it out here or there.`,
          "aliases",
        );
    }
  }
}
