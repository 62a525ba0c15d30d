import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./whole-file";

/** Where labs and their caches live. Tests on a machine without root point it elsewhere. */
const stateRoot =
  process.env.MAILSERVER_LAB_ROOT ??
  (process.getuid?.() === 0 ? "/var/lib/mailserver-lab" : join(process.env.HOME ?? ".", ".local/state/mailserver-lab"));
export const cacheRoot =
  process.env.MAILSERVER_LAB_CACHE ??
  (process.getuid?.() === 0 ? "/var/cache/mailserver-lab" : join(process.env.HOME ?? ".", ".cache/mailserver-lab"));

/** Sixteen labs fit: each has a sixteenth of two documentation ranges (RFC 5737), so that no two share an address. */
const SLOTS = 16;
const slots = Array.from({ length: SLOTS }, (_, slot) => slot);

/** One lab: its names, its folders and its addresses. Nothing here touches the machine except the lab's own folder. */
export interface Lab {
  readonly name: string;
  /** 0 to 15; decides the address ranges. */
  readonly slot: number;
  /** Everything that this lab keeps. */
  readonly dir: string;
  /** Prefix of everything with a name on the machine: namespaces, interfaces, cgroups, nftables tables. At most 8 characters. */
  readonly prefix: string;
  /** Addresses of the lab's own hosts, all in 203.0.113.0/24. */
  readonly addresses: {
    readonly router: string;
    /** Recursive resolver of everybody in the lab. */
    readonly resolver: string;
    /** Authoritative name server. */
    readonly nameserver: string;
    /** Where the engine and its SSH run. */
    readonly operator: string;
    /** Where `lab internet` runs. */
    readonly internet: string;
    /** More addresses of that host, eight one after the other; the second and third are a /31. */
    readonly internetNeighbours: readonly string[];
    /** The stock Postfix that stands for everybody else. */
    readonly outside: string;
    readonly prefixLength: 28;
  };
  /** Elastic IPs come from here: fourteen addresses of 198.51.100.0/24. */
  readonly elasticIps: readonly string[];
}

const slotFile = (name: string): string => join(stateRoot, name, "slot");

/** Labs that exist on this machine, by name. */
export function labNames(): string[] {
  if (!existsSync(stateRoot)) return [];
  // A marker leads to its lab's folder and is no lab of its own.
  const named = readdirSync(stateRoot).filter((name) => !name.startsWith(".") && existsSync(slotFile(name)));
  return [...new Set([...named, ...slots.flatMap((slot) => claimant(slot) ?? [])])].sort();
}

/** Who has a slot; a link in the file system, so that a claim is made in one step and says whose it is also where its process was killed in the next. */
const marker = (slot: number): string => join(stateRoot, `.slot-${slot}`);

function claimant(slot: number): string | undefined {
  try {
    return readlinkSync(marker(slot));
  } catch {
    return undefined;
  }
}

/** The lab of this name if it exists. */
export function findLab(name: string): Lab | undefined {
  return existsSync(slotFile(name)) ? lab(name, Number(readFileSync(slotFile(name), "utf8"))) : undefined;
}

/** The lab of this name, with a slot of its own; made if it does not exist. */
export function claimLab(name: string): Lab {
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(name)) {
    throw new Error(`a lab's name is 1 to 16 lower-case letters, digits and hyphens, beginning with a letter; "${name}" is not`);
  }
  const found = findLab(name);
  if (found !== undefined) return found;
  mkdirSync(stateRoot, { recursive: true });
  const slot = slots.find((each) => claimant(each) === name) ?? slots.find((each) => claimSlot(each, name));
  if (slot !== undefined) {
    mkdirSync(join(stateRoot, name), { recursive: true });
    writeWhole(slotFile(name), String(slot));
    return lab(name, slot);
  }
  throw new Error(`all ${SLOTS} labs of this machine are taken (${labNames().join(", ")}); end one with: npm run lab -- --lab NAME down`);
}

function claimSlot(slot: number, name: string): boolean {
  try {
    symlinkSync(name, marker(slot));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Forgets the lab: its folder and its slot. Everything that runs must have been ended before. */
export function forgetLab(it: Lab): void {
  rmSync(it.dir, { recursive: true, force: true });
  rmSync(marker(it.slot), { recursive: true, force: true });
}

function lab(name: string, slot: number): Lab {
  const base = slot * 16;
  const inside = (host: number): string => `203.0.113.${base + host}`;
  return {
    name,
    slot,
    dir: join(stateRoot, name),
    prefix: `mslab${slot}`,
    addresses: {
      router: inside(1),
      resolver: inside(2),
      nameserver: inside(3),
      operator: inside(4),
      internet: inside(5),
      internetNeighbours: Array.from({ length: 8 }, (_, index) => inside(7 + index)),
      outside: inside(6),
      prefixLength: 28,
    },
    elasticIps: Array.from({ length: 14 }, (_, index) => `198.51.100.${base + 1 + index}`),
  };
}
