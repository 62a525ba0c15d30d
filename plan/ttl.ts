import type { Property } from "./property";

/**
 * TTL of every record, in seconds. Short, because an exchanger is moved, added or removed by waiting until old answers have expired, and a day-old answer
 * would make that a day. It is also what Cloudflare calls automatic, so that a record changed by hand in its dashboard does not differ in this.
 */
const defaultTtl = 300;

export function readTtl(property: Property): number | undefined {
  if (property.isAbsent) return defaultTtl;
  return property.integer(60, 86_400, "give the seconds for which resolvers may keep an answer, 300 is usual");
}
