import type { MailPlan } from "../../plan/types";
import type { Facts } from "../fact";
import { mtaStsPolicy } from "../mta-sts";
import { present, type Presented } from "../presentation";
import { planRecords } from "../records";

/** What becomes of an exchanger's machine. While one is replaced or stopped, its mail waits on the others. */
export type MachineEffect = "none" | "updated" | "replaced" | "created" | "removed";

/** A record as a source has it. */
export interface SourceRecord extends Presented {
  /** Why it is there: its comment at Cloudflare, empty where it has none; of a plan, the one that it will have. Undefined where the source has no comments. */
  readonly comment?: string;
  /** Whether Cloudflare answers with its web proxy's addresses instead. */
  readonly proxied?: boolean;
}

/** The records of a mail system as one source knows them. */
export interface Side {
  /** For a person: `the stack file`, `git:origin/main`, `live at Cloudflare`, `zone:example.org.zone`. */
  readonly label: string;
  /** `plan`: the mail system's records, all of them and no others. `zone`: what zones hold, whoever's it is. */
  readonly kind: "plan" | "zone";
  readonly records: readonly SourceRecord[];
  /** Of a `zone`: names of the zones that it holds. What is in none of them is not compared with it. Undefined: it holds everything. */
  readonly zones?: readonly string[];
  /** Of a `plan`: what the records follow from, where the source has it. */
  readonly plan?: MailPlan;
  /** By exchanger's key, where the source says so itself. */
  readonly machines?: ReadonlyMap<string, MachineEffect>;
  /** Zones, by name, and whether each is signed with a DS at its parent. One that is not among them: not known. */
  readonly signed?: ReadonlyMap<string, boolean>;
  /** MTA-STS policies as they are served (RFC 8461 section 3.2), by mail domain, where the source has them. */
  readonly mtaStsPolicies?: ReadonlyMap<string, string>;
}

/**
 * The records that follow from a plan.
 *
 * @param facts by name, as far as they are known
 */
export function planSide(label: string, plan: MailPlan, facts: Facts = new Map()): Side {
  const records = planRecords(plan).map((record) => ({ ...present(record, facts), comment: record.reason }));
  // What others have signed is not the plan's to say.
  const signed = new Map(plan.signedZones.map(({ name }) => [name, true]));
  const mtaStsPolicies = new Map(
    plan.domains.flatMap(({ name, policies }) =>
      policies.mtaSts === undefined ? [] : [[name, mtaStsPolicy(policies.mtaSts, plan.exchangers)] as const],
    ),
  );
  return { label, kind: "plan", records, plan, signed, mtaStsPolicies };
}
