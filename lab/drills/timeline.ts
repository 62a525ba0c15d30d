/** Whose doing an event is: one lane of the page each, in this order. */
export const LANES = ["sender", "primary", "backup", "person", "operator"] as const;
export type Lane = (typeof LANES)[number];

/** Times are milliseconds since the drill began. */
export interface Event {
  readonly at: number;
  readonly lane: Lane;
  readonly text: string;
  /** An expectation that was not met. */
  readonly unmet?: true;
}

/** A state that lasts. */
export interface Span {
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Whether it is a failure that lasts, or something that goes well. */
  readonly tone: "bad" | "good";
}

/** Mails of the drill, counted where they are. */
export interface Sample {
  readonly at: number;
  /** Answered 250, ever. */
  readonly accepted: number;
  /** In the backup's queue. */
  readonly held: number;
  /** In mailboxes. */
  readonly delivered: number;
}

export interface Timeline {
  readonly began: Date;
  readonly lasted: number;
  readonly events: readonly Event[];
  readonly spans: readonly Span[];
  readonly samples: readonly Sample[];
}

/** A text that a drill has produced; it is kept in a file of this name beside the page. */
export interface Document {
  readonly name: string;
  readonly text: string;
}
