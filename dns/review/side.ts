import type { MailPlan } from "../../plan/types";
import type { Presented } from "../presentation";

/** What becomes of an exchanger's machine. While one is replaced or stopped, its mail waits on the others. */
export type MachineEffect = "none" | "updated" | "replaced" | "created" | "removed";

/** The records of a mail system as one source knows them. */
export interface Side {
  /** For a person: `the stack file`, `git:origin/main`, `live at Cloudflare`, `zone:example.org.zone`. */
  readonly label: string;
  /** `plan`: the mail system's records, all of them and no others. `zone`: what zones hold, whoever's it is. */
  readonly kind: "plan" | "zone";
  readonly records: readonly Presented[];
  /** Of a `plan`: what the records follow from, where the source has it. */
  readonly plan?: MailPlan;
  /** By exchanger's key, where the source says so itself. */
  readonly machines?: ReadonlyMap<string, MachineEffect>;
}
