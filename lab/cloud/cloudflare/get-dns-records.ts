import { number, string, type FunctionDefinition } from "../protocol/definition";
import type { Value } from "../protocol/property-value";
import type { DnsRecord } from "../state";
import { ServiceError } from "../protocol/service-error";

/** The data source's own default (internal/services/dns_record/list_data_source_schema.go). */
const MAX_ITEMS = 1000;

export const getDnsRecords: FunctionDefinition = {
  token: "cloudflare:index/getDnsRecords:getDnsRecords",
  inputs: { maxItems: number(), type: string(), zoneId: string() },
  notSimulated: [
    ...["comment", "content", "direction", "includeShadowMetadata", "match", "name", "order", "proxied", "search", "shadowedByName"],
    ...["shadowingName", "tag", "tagMatch"],
  ],
  calls: ["DNS Read"],
  async invoke({ zoneId, type, maxItems }, { cloud }) {
    const { zones, records } = cloud.read();
    if (zones[String(zoneId)] === undefined) {
      throw new ServiceError("7003", `Could not route to /zones/${String(zoneId)}/dns_records, perhaps your object identifier is invalid?`);
    }
    const found = Object.values(records).filter((record) => record.zoneId === zoneId && (type === undefined || record.type === type));
    // Ordered by type, the API's default.
    const results = found
      .sort((a, b) => (a.type < b.type ? -1 : Number(a.type > b.type)))
      .slice(0, typeof maxItems === "number" ? maxItems : MAX_ITEMS)
      .map((record) => ({
        ...record,
        content: contentOf(record),
        comment: record.comment ?? null,
        proxiable: ["A", "AAAA", "CNAME"].includes(record.type),
        meta: "{}",
        tags: [],
      }));
    return { zoneId: String(zoneId), results: results as unknown as Value };
  },
};

/** Records that are given by fields have a content, too, with tabs between the fields of SRV (API reference, "DNS Records", examples of answers). */
function contentOf({ type, content, data = {} }: DnsRecord): string {
  const fields = (...names: string[]): string[] => names.map((name) => String(data[name]));
  switch (type) {
    case "SRV":
      return fields("weight", "port", "target").join("\t");
    case "CAA":
      return `${fields("flags", "tag").join(" ")} "${String(data.value)}"`;
    case "TLSA":
      return fields("usage", "selector", "matchingType", "certificate").join(" ");
    default:
      return content ?? "";
  }
}
