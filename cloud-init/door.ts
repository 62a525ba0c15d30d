import { isMadeBySigner } from "../plan/dkim";
import type { Domain } from "../plan/types";

/**
 * Command lines for the operator's account over SSH; the programs are in `bootstrap/` and `host/both/lib/`. All print progress to standard error. The
 * id at the end of a line is a shell comment: a new machine or volume makes another command, so that it runs again.
 */

/** Prints the host's public key, `ssh-ed25519 AAAA…`. It is the key of the volume. */
export function hostKeyCommand(volumeId: string): string {
  return `cut -d' ' -f1,2 /srv/mailserver/identity/ssh_host_ed25519_key.pub # ${id(volumeId)}`;
}

/** Waits until the bootstrap has ended: packages installed, and the first bundle set up or the volume's bundle serving. Exit status 1 when it failed. */
export function readyCommand(instanceId: string): string {
  return `sudo /usr/local/sbin/mailserver ready # ${id(instanceId)}`;
}

/** Prints the fingerprints of the exchanger's keys, for `parseKeys`. */
export function keysCommand(volumeId: string): string {
  return `sudo /srv/mailserver/active/lib/keys # ${id(volumeId)}`;
}

/**
 * Takes a bundle's text on standard input and brings the host to it, or leaves it as it was (exit status 1). The last line of standard output is JSON:
 * `{bundle, role, installed, serving, started, reloaded, restarted}`, with `error` and `rolledBackTo` on failure.
 */
export function applyCommand(instanceId: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`"${sha256}" is not a SHA-256 in hex`);
  // sshd says in that file which key this session has proved; a list of keys without it would lock its bearer out.
  return `sudo SSH_USER_AUTH="$SSH_USER_AUTH" /usr/local/sbin/mailserver apply ${sha256} # ${id(instanceId)}`;
}

/** Proves that every port of the role answers on the host's own address. Prints JSON: `{address, ports}`. */
export function probeCommand(instanceId: string): string {
  return `sudo /srv/mailserver/active/lib/probe # ${id(instanceId)}`;
}

/** Makes the DKIM keys that are missing on the volume; standard input from `dkimKeyLines`. Prints the public halves, for `parseDkimKeys`. */
export function dkimCommand(volumeId: string): string {
  return `sudo /srv/mailserver/active/lib/dkim # ${id(volumeId)}`;
}

/** Which keys the primary has to have; empty where it needs none. */
export function dkimKeyLines(domains: readonly Pick<Domain, "name" | "policies">[]): string {
  return domains
    .flatMap(({ name, policies }) => policies.dkim.filter(isMadeBySigner).map(({ selector, type }) => `${name} ${selector} ${type}\n`))
    .join("");
}

/** The exchanger is to be removed: sends what is queued and stops taking mail. Exit status 1, with the way out, while something stays queued. */
export const emptyCommand = "sudo /srv/mailserver/active/lib/drain empty";

/** Takes mail again, after an `emptyCommand` that was thought better of. */
export const backCommand = "sudo /srv/mailserver/active/lib/drain back";

/** Waits while resolvers may still have the exchanger's MX or address, and takes what comes. */
export function forgetCommand(ttl: number): string {
  return `sudo /srv/mailserver/active/lib/drain forget ${ttl}`;
}

/** Public halves of an exchanger's keys. */
export interface Keys {
  /** SHA-256 of the peer key's SubjectPublicKeyInfo, upper-case hex pairs with colons. */
  readonly peer: string;
  /** The same of the TLS key. */
  readonly tls: string;
}

/** Reads what `keysCommand` printed. Throws if it is something else. */
export function parseKeys(stdout: string): Keys {
  const text = stdout.trim();
  try {
    const { peer, tls } = JSON.parse(text) as Record<string, unknown>;
    if (isFingerprint(peer) && isFingerprint(tls)) return { peer, tls };
  } catch {
    // Told below, with the text.
  }
  throw new Error(`the host's keys should be {"peer": FINGERPRINT, "tls": FINGERPRINT}; it printed: ${text.slice(0, 200)}`);
}

/** Public halves of DKIM keys by domain and selector, as records have them in `p=`. */
export type DkimKeys = { [domain: string]: { [selector: string]: string } };

/** Reads what `dkimCommand` printed. Throws if it is something else. */
export function parseDkimKeys(stdout: string): DkimKeys {
  const text = stdout.trim();
  try {
    const keys = JSON.parse(text) as DkimKeys;
    const all = Object.values(keys).flatMap((selectors) => Object.values(selectors));
    if (all.every((key) => /^[A-Za-z0-9+/]{40,}={0,2}$/.test(key))) return keys;
  } catch {
    // Told below, with the text.
  }
  throw new Error(`the host's DKIM keys should be {DOMAIN: {SELECTOR: KEY}}; it printed: ${text.slice(0, 200)}`);
}

function isFingerprint(value: unknown): value is string {
  return typeof value === "string" && /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(value);
}

/** An id must stay inside its comment. */
function id(text: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(text)) throw new Error(`"${text}" is not an id`);
  return text;
}
