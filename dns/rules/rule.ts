import type { Change } from "../review/change";
import type { RecordSet } from "../review/record-set";

/** `block` stops a deploy unless it is acknowledged. */
export type Severity = "block" | "warn";

/** What a rule looks at: the world before the deploy and after it, what is not ours in it included. `before` has no record where nothing was there. */
export interface Comparison {
  readonly before: RecordSet;
  readonly after: RecordSet;
  readonly changes: readonly Change[];
  /** Mail domains of the plan, and those that it had before. */
  readonly domains: readonly string[];
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
