import { string, type ProviderDefinition } from "../protocol/definition";
import { dnsRecord } from "./dns-record";
import { getDnsRecords } from "./get-dns-records";
import { getZone } from "./get-zone";
import { zoneDnssec } from "./zone-dnssec";

export const cloudflare: ProviderDefinition = {
  name: "cloudflare",
  detailedDiff: false,
  isEventual: false,
  calls: [],
  /** What the API answers beyond 1,200 requests in five minutes (developer docs, "Rate limits"; terraform-provider-cloudflare, issue 5505). */
  throttled: () =>
    new Error(
      "failed to make http request: 429 Too Many Requests " +
        '{"success":false,"errors":[{"code":971,"message":"Please wait and consider throttling your request speed"}],"messages":[],"result":null}',
    ),
  config: { apiKey: string(), apiToken: string(), apiUserServiceKey: string(), email: string(), userAgentOperatorSuffix: string() },
  notSimulated: ["baseUrl"],
  resources: [dnsRecord, zoneDnssec],
  functions: [getDnsRecords, getZone],
};
