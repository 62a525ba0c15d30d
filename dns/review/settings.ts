import type { Severity } from "../rules/rule";

/** What a stack answers for: dangers that somebody took on, and rules that weigh otherwise for a domain. */
export interface ReviewSettings {
  readonly acknowledge: readonly Acknowledgement[];
  readonly severities: readonly SeverityChange[];
}

/** A finding that somebody answers for. After its last day it blocks again. */
export interface Acknowledgement {
  readonly rule: string;
  /** `NAME TYPE`, as the finding has it. */
  readonly record: string;
  readonly reason: string;
  /** Last day, as 2026-12-31 (UTC). */
  readonly until: string;
}

/** Another severity of a rule for one domain. */
export interface SeverityChange {
  readonly rule: string;
  readonly domain: string;
  readonly severity: Severity;
  readonly reason: string;
}
