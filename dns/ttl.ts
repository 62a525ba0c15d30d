/**
 * TTL of every record, in seconds. Short, because an exchanger is moved, added or removed by waiting until old answers have expired, and a day-old answer
 * would make that a day. It is also what Cloudflare calls automatic, so that a record changed by hand in its dashboard does not differ in this.
 */
export const ttl = 300;
