import { BlockList, isIP } from "node:net";
import { dataOf } from "../review/pairs";
import type { RecordSet } from "../review/record-set";
import { spfTerms, txtKind } from "../review/txt";

/** One term of an SPF record (RFC 7208 section 4.6.1). */
export interface SpfTerm {
  /** As it is written. */
  readonly text: string;
  /** `+` where none is written; of a modifier none. */
  readonly qualifier: "+" | "-" | "~" | "?" | "";
  /** `ip4`, `include`, `redirect` …, in lower case. */
  readonly name: string;
  /** What follows `:` or `=`, without the prefix length; empty: the record's own name. */
  readonly value: string;
  /** Prefix length of an address range, where one is written. */
  readonly prefix?: number;
}

/** SPF records at a name; a receiver takes one and no more (RFC 7208 section 4.5). */
export function spfAt(records: RecordSet, name: string): string[] {
  return records
    .of(name, "TXT")
    .map(dataOf)
    .filter((text) => txtKind(name, text) === "spf");
}

export function parsedTerms(text: string): SpfTerm[] {
  return spfTerms(text).map((term): SpfTerm => {
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term);
    if (modifier !== null) return { text: term, qualifier: "", name: (modifier[1] ?? "").toLowerCase(), value: modifier[2] ?? "" };
    const [, sign = "", name = "", value = "", prefix] = /^([-+~?]?)([a-z0-9]*)(?::(«[^»]*»|[^/]*))?(?:\/(\d+))?/i.exec(term) ?? [];
    const qualifier = sign === "-" || sign === "~" || sign === "?" ? sign : "+";
    return {
      text: term,
      qualifier,
      name: name.toLowerCase(),
      value: value.includes("«") ? value : value.toLowerCase(),
      ...(prefix === undefined ? {} : { prefix: Number(prefix) }),
    };
  });
}

/** Whether a range has every address of another one. */
export function contains(range: SpfTerm, other: SpfTerm): boolean {
  if (range.name !== other.name) return false;
  const family = isIP(range.value);
  if (family === 0 || family !== isIP(other.value)) return range.value === other.value && range.prefix === other.prefix;
  const bits = family === 4 ? 32 : 128;
  const [wide, narrow] = [range.prefix ?? bits, other.prefix ?? bits];
  if (wide > bits || narrow < wide) return false;
  if (range.value === other.value) return true;
  const kind = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(range.value, wide, kind);
  return list.check(other.value, kind);
}
