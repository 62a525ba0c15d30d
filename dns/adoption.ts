import type { Facts } from "./fact";
import { present, type Presented } from "./presentation";
import type { PlannedRecord } from "./record";
import { byIdentity, identity } from "./review/identity";

/** A record that a zone holds already. */
export interface HeldRecord extends Presented {
  /** Cloudflare's id of it. */
  readonly id: string;
  /** Empty where it has none. */
  readonly comment: string;
}

const nothing: Facts = new Map();

/**
 * Which held record each planned one is: the same name, type and purpose (an SPF among other TXT, the MX of one host), whatever it says. What is no planned
 * record's is not touched. Or in `problem` why that cannot be said.
 *
 * @returns ids by the planned record's key; a record without one is new
 */
export function adoption(
  planned: readonly PlannedRecord[],
  held: readonly HeldRecord[],
): { readonly ids: ReadonlyMap<string, string> } | { readonly problem: string } {
  const byId = byIdentity(held);
  const ids = new Map<string, string>();
  for (const record of planned) {
    const { name, type, ...rest } = present(record, nothing);
    const [found, ...others] = byId.get(identity({ name, type, ...rest })) ?? [];
    if (found === undefined) continue;
    // Imported a second time it would be replaced by itself, and deleted with what it replaces.
    if ([found, ...others].some(({ comment }) => comment === record.reason))
      return {
        problem: `${name} ${type} is a record of a mail system like this one already; take adoptRecords out, which is for one deployment, and adopt single records by mailserver dns adopt`,
      };
    if (others.length > 0)
      return {
        problem: `there are ${others.length + 1} records ${name} ${type} that could be the one, ${[found, ...others].map(said).join(" and ")}; take out all but one by hand`,
      };
    ids.set(record.key, found.id);
  }
  return { ids };
}

/** What a record says, and whose it is where it says so, for a message. */
function said({ content, comment }: HeldRecord): string {
  const text = content.length > 80 ? `${content.slice(0, 80)}…` : content;
  return comment === "" ? text : `${text} ("${comment}")`;
}
