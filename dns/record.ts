/** A DNS record as data. Its identity is `key`, which never depends on its content. */
import type { Fact } from "./fact";

export type Rdata =
  | { readonly type: "A"; readonly address: Fact }
  | { readonly type: "AAAA"; readonly address: Fact }
  /** `exchange` is a host name, or `.` in a null MX. */
  | { readonly type: "MX"; readonly preference: number; readonly exchange: string }
  /** One value, unsplit and unquoted, in parts: text, and what is known later. */
  | { readonly type: "TXT"; readonly value: readonly (string | Fact)[] }
  /** `target` is `.` where the service is not offered. */
  | { readonly type: "SRV"; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | { readonly type: "CNAME"; readonly target: string }
  | { readonly type: "CAA"; readonly flags: number; readonly tag: string; readonly value: string }
  /** `certificate` is the association data, in hex. */
  | {
      readonly type: "TLSA";
      readonly usage: number;
      readonly selector: number;
      readonly matchingType: number;
      readonly certificate: string | Fact;
    }
  /** Made by AWS, not in a zone of ours: the reverse name of the exchanger's address. */
  | { readonly type: "PTR"; readonly address: Extract<Fact, { kind: "address" }>; readonly target: string };

export interface PlannedRecord {
  /** Stable identity inside its owner (an exchanger or a domain), for instance `mx-mx1`. Part of the resource's name. */
  readonly key: string;
  /** Owner name, fully qualified, no trailing dot. Empty for PTR, whose name follows from the address. */
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
  readonly rdata: Rdata;
  /** Why it exists, for a person. At most 100 characters (Cloudflare, "Record attributes": a comment on the Free plan). */
  readonly reason: string;
  /** Key of the exchanger to which it sends people or mail: it appears when that one answers and no earlier. */
  readonly leadsTo?: string;
}
