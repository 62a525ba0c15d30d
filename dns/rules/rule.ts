import type { Change } from "../review/change";
import type { Presented } from "../presentation";
import type { Collision } from "../review/ownership";
import type { RecordSet } from "../review/record-set";

/** `block` stops a deploy unless it is acknowledged. */
export type Severity = "block" | "warn";

/** What a rule looks at: the world before the deploy and after it, what is not ours in it included. `before` has no record where nothing was there. */
export interface Comparison {
  /** Its side has the older plan, where one was given. */
  readonly before: RecordSet;
  readonly after: RecordSet;
  /** What resolvers may have now, where a zone was given. */
  readonly published?: RecordSet;
  readonly changes: readonly Change[];
  /** Mail domains of the plan, and those that it had before. */
  readonly domains: readonly string[];
  /** Records that are to be made where somebody else's is in the way. */
  readonly collisions: readonly Collision[];
  /** The mail domain that a record concerns, or the zone of the host names. */
  domainOf(record: Presented): string;
  /** The zone that a name is in, if it is one of the mail system's or of a side's. */
  zoneOf(name: string): string | undefined;
}

/** What a rule has to say of one record. */
export interface Hit {
  readonly domain: string;
  /** `NAME TYPE`, as acknowledgements name it. */
  readonly record: string;
  /** What is wrong, and what it does to mail. */
  readonly message: string;
  /** The way out. */
  readonly fix: string;
}

/** One danger to mail. */
export interface Rule {
  /** Stable; named in acknowledgements. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, one line. */
  readonly summary: string;
  /** What happens to mail otherwise. */
  readonly reason: string;
  /** RFC and section, or the provider's page. */
  readonly source: string;
  check(comparison: Comparison): Iterable<Hit>;
}
