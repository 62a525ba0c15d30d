import type { Role } from "../plan/types";

/** What is known of a host only once its resources exist. */
export interface HostFacts {
  /** The exchanger's Elastic IP. */
  readonly address: string;
  /** The other exchangers, sorted by key. Empty in user data, where their keys are not known yet. */
  readonly peers: readonly Peer[];
}

/** Another exchanger, as the peer port knows it. */
export interface Peer {
  readonly key: string;
  readonly role: Role;
  readonly fqdn: string;
  readonly address: string;
  /** SHA-256 of its peer key (the SubjectPublicKeyInfo), upper-case hex pairs with colons, as Postfix prints it. */
  readonly fingerprint: string;
}

/** One file of a bundle. */
export interface BundleFile {
  /** Path inside the bundle. Files under `etc/` mirror the host's `/etc`. */
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** Everything on a host that can change, as one text; the host switches to it as a whole or not at all. */
export interface Bundle {
  readonly text: string;
  /** SHA-256 of `text`, hex. */
  readonly sha256: string;
}
