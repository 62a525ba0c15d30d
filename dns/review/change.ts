import type { Presented } from "../presentation";

/** One record that is made, changed or taken away. A record is the same one while its name, its type and what it is for are (an SPF among other TXT, the MX of one host). */
export interface Change {
  readonly op: "create" | "update" | "delete";
  /** The mail domain that it concerns; the zone of the host names for an exchanger's own records. */
  readonly domain: string;
  /** Owner name. */
  readonly name: string;
  readonly type: string;
  readonly before?: Presented;
  readonly after?: Presented;
  /** Why, for a person. */
  readonly reason: string;
  /** Names of what is not known before the deploy, such as `address of mx2`. */
  readonly unknown: readonly string[];
  /** SHA-256 of what is changed into what, in hex; what is unknown counts as its name. */
  readonly checksum: string;
}
