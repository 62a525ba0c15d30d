/** What became of the mail; every drill ends with it. */
export interface Outcome {
  /** Mails that were answered 250 while something was broken. */
  readonly accepted: number;
  /** Of these, in a mailbox at the end. */
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Most mails that were seen in the backup's queue, and what was left in any queue at the end. */
  readonly held: number;
  readonly leftInQueues: number;
}

export const outcomeLabels: { readonly [figure in keyof Outcome]: string } = {
  accepted: "mails taken while something was broken",
  delivered: "of these, in a mailbox",
  lost: "lost",
  duplicated: "delivered twice",
  held: "most held by the backup",
  leftInQueues: "left in queues",
};
