/** A DNS record as data. Its identity is `key`, which never depends on its content. */

/** An address that may not be known before the exchanger's Elastic IP exists. */
export interface AddressOf {
  /** Key of the exchanger. */
  readonly exchanger: string;
}

export type Rdata =
  | { readonly type: "A"; readonly address: AddressOf }
  /** `exchange` is the host name that `exchanger` (a key) has. */
  | { readonly type: "MX"; readonly preference: number; readonly exchange: string; readonly exchanger: string }
  /** One value, unsplit and unquoted. `addresses` fill the `{key}` holes of the value, as in `v=spf1 ip4:{mx1} -all`. */
  | { readonly type: "TXT"; readonly value: string; readonly addresses: readonly AddressOf[] }
  /** Made by AWS, not in a zone of ours: the reverse name of the exchanger's address. */
  | { readonly type: "PTR"; readonly address: AddressOf; readonly target: string };

export interface PlannedRecord {
  /** Stable identity inside its owner (an exchanger or a domain), for instance `mx-mx1`. Part of the resource's name. */
  readonly key: string;
  /** Owner name, fully qualified, no trailing dot. Empty for PTR, whose name follows from the address. */
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
  readonly rdata: Rdata;
  /** Why it exists, for a person. */
  readonly reason: string;
}
