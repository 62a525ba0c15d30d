import type { Hit, Severity } from "../rules/rule";
import type { Change } from "./change";
import type { Acknowledgement } from "./settings";
import type { MachineEffect } from "./side";

/** What a change does to DNS, and what that means for mail: one value, from which every face is made. Plain data, as its JSON has it. */
export interface Report {
  readonly version: 1;
  /** Project and stack, for instance `mailserver/production`. */
  readonly stack: string;
  /** Where the desired records come from. */
  readonly head: string;
  /** Commit of the head, where there is one. */
  readonly commit?: string;
  /** What they were compared with, one at least. The first is what findings and changes are about. */
  readonly against: readonly string[];
  /** SHA-256, in hex, of the checksums of every change that is in it; the same while what changes is the same. */
  readonly checksum: string;
  readonly verdict: "ok" | "blocked";
  readonly summary: Summary;
  readonly domains: readonly DomainReport[];
  readonly exchangers: readonly ExchangerReport[];
  /** Where more than one was given: what becomes different from the second. */
  readonly effect: readonly Change[];
  /** Where a plan and a zone were given: what the zone holds otherwise than the plan, so that somebody changed it by hand. */
  readonly foreign: readonly Change[];
  /** Findings of no domain in particular; among them acknowledgements that match nothing (rule `acknowledgement-unused`). */
  readonly findings: readonly Finding[];
  /** Every desired record, sorted, as a master file has it. */
  readonly zone: string;
}

export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly unchanged: number;
  /** Records with something in them that is not known before the deploy. */
  readonly unknown: number;
}

export interface DomainReport {
  readonly domain: string;
  /** One line: what happens to mail. */
  readonly verdict: string;
  readonly blocked: boolean;
  readonly changes: readonly Change[];
  /** Policy records by term: `spf: + ip4:192.0.2.7`, `dmarc: p quarantine → reject`. */
  readonly policies: readonly string[];
  readonly path: { readonly before: readonly Hop[]; readonly after: readonly Hop[] };
  /** How long answers from before may still be given, in seconds: the largest TTL of a changed or deleted record. */
  readonly oldAnswers: number;
  readonly findings: readonly Finding[];
}

/** One exchanger on the way of a domain's mail. */
export interface Hop {
  readonly preference: number;
  readonly host: string;
  /** Addresses, or the name of an unknown one. Empty: the name leads nowhere, unless it is `elsewhere`. */
  readonly addresses: readonly string[];
  /** The name is in a zone of somebody else's, which was not looked at. */
  readonly elsewhere?: true;
}

export interface ExchangerReport {
  readonly key: string;
  readonly host: string;
  /** `unknown` where nothing was given that tells. */
  readonly machine: MachineEffect | "unknown";
  /** In words, for instance `held on mx2 until mx1 is back`; empty where mail flows on. */
  readonly mail: string;
  /** Its address, the name that leads back from it (empty: none), and what it says in HELO; `consistent` is undefined while one is unknown. */
  readonly address: string;
  readonly reverse: string;
  readonly helo: string;
  readonly consistent?: boolean;
}

export interface Finding extends Hit {
  readonly rule: string;
  readonly severity: Severity;
  /** Who answers for it: it does not block. */
  readonly acknowledged?: Acknowledgement;
  /** It was answered for until a day that is over, and blocks again. */
  readonly expired?: Acknowledgement;
}
