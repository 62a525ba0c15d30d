/** The `data` of records that are given by fields, as the SDK's `DnsRecordData` has it, and what a type needs of it. */
import { any, number, object, string, type PropertyMap } from "../protocol/definition";
import { isObject, type Value } from "../protocol/property-value";
import { invalid } from "./record-content";

const FIELDS: PropertyMap = {
  flags: any(),
  ...Object.fromEntries(
    [
      ...[
        "algorithm",
        "altitude",
        "digestType",
        "keyTag",
        "latDegrees",
        "latMinutes",
        "latSeconds",
        "longDegrees",
        "longMinutes",
        "longSeconds",
      ],
      ...[
        "matchingType",
        "order",
        "port",
        "precisionHorz",
        "precisionVert",
        "preference",
        "priority",
        "protocol",
        "selector",
        "size",
        "type",
      ],
      ...["usage", "weight"],
    ].map((name) => [name, number()]),
  ),
  ...Object.fromEntries(
    [
      ...["certificate", "digest", "fingerprint", "latDirection", "longDirection", "publicKey", "regex", "replacement", "service", "tag"],
      ...["target", "value"],
    ].map((name) => [name, string()]),
  ),
};

export const data = object(FIELDS);

/** Fields that a type cannot do without, each with the largest number it may be, or with what a text must look like. */
const NEEDED: { readonly [type: string]: { readonly [field: string]: number | RegExp } } = {
  // RFC 8659 section 4.1.
  CAA: { flags: 255, tag: /^[a-z0-9]+$/i, value: /^/ },
  // RFC 2782.
  SRV: { priority: 65535, weight: 65535, port: 65535, target: /./ },
  // RFC 6698 section 2.1.
  TLSA: { usage: 255, selector: 255, matchingType: 255, certificate: /^(?:[0-9a-f]{2})+$/i },
};

/** Refuses data that no record of this type can have. The API's own texts for this are not known. */
export function acceptData(type: string, given: Value | undefined): void {
  for (const [field, rule] of Object.entries(NEEDED[type] ?? {})) {
    const value = isObject(given) ? given[field] : undefined;
    if (value === undefined) throw invalid(`data.${field} is a required field for ${type} records.`);
    const fits =
      typeof rule === "number" ? Number.isInteger(value) && Number(value) >= 0 && Number(value) <= rule : rule.test(String(value));
    if (!fits) throw invalid(`data.${field} is invalid for ${type} records.`);
  }
}
