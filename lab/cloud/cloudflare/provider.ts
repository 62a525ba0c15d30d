import { string, type ProviderDefinition } from "../protocol/definition";
import { dnsRecord } from "./dns-record";
import { getZone } from "./get-zone";

export const cloudflare: ProviderDefinition = {
  name: "cloudflare",
  detailedDiff: false,
  config: { apiKey: string(), apiToken: string(), apiUserServiceKey: string(), email: string(), userAgentOperatorSuffix: string() },
  notSimulated: ["baseUrl"],
  resources: [dnsRecord],
  functions: [getZone],
};
