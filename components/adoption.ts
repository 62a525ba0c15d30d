import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { adoption } from "../dns/adoption";
import { PlannedRecord } from "../dns/record";
import { inputError, lookup } from "./problems";

/** More than any plan of Cloudflare lets a zone have, so that none is overlooked. */
const ALL = 100_000;

/** How a planned record is made: as a new one, or from one that the zone holds. */
export type Making = (key: string) => pulumi.CustomResourceOptions;

/** Every record is a new one. */
export const asNew: Making = () => ({});

/**
 * For one deployment, records that the zone holds already are taken into the state as they are, by import, which changes nothing of them: the next
 * deployment, without this, shows in its preview what it would change.
 */
export function adopting(
  planned: readonly PlannedRecord[],
  zoneId: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
): pulumi.Output<Making> {
  return pulumi.output(zoneId).apply((id) =>
    lookup("adoptRecords", "the API token must be able to read the zone's records", () =>
      cloudflare.getDnsRecords({ zoneId: id, maxItems: ALL }, opts),
    ).apply(({ results }): Making => {
      const held = results.map(({ id: recordId, name, type, content, ttl, comment }) => ({
        id: recordId,
        name: name.toLowerCase(),
        type,
        // Where a record has fields, the API puts tabs between them.
        content: type === "TXT" ? content : content.replace(/\s+/g, " ").toLowerCase(),
        ttl,
        comment: comment ?? "",
      }));
      const found = adoption(planned, held);
      if ("problem" in found) throw inputError([{ path: "adoptRecords", message: `${found.problem}.` }]);
      return (key) => {
        const recordId = found.ids.get(key);
        return recordId === undefined ? {} : { import: `${id}/${recordId}`, ignoreChanges: AS_IT_IS };
      };
    }),
  );
}

/** Everything but name, type and zone, by which it was found. An import that would change something fails. */
const AS_IT_IS = ["content", "data", "priority", "ttl", "comment", "proxied", "settings", "tags"];
