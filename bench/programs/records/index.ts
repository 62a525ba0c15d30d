/** The least that a program with so many resources can be. */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { domainName } from "../../many-domains";

/** Half of what a zone on the Free plan may have. */
const RECORDS_PER_ZONE = 100;

const count = new pulumi.Config().requireNumber("count");
for (let first = 0; first < count; first += RECORDS_PER_ZONE) {
  const name = domainName(first / RECORDS_PER_ZONE);
  const zone = cloudflare.getZoneOutput({ filter: { name } });
  for (let index = first; index < Math.min(count, first + RECORDS_PER_ZONE); index += 1) {
    new cloudflare.DnsRecord(`record${index}`, {
      zoneId: zone.zoneId,
      name: `record${index}.${name}`,
      type: "A",
      content: "192.0.2.1",
      ttl: 300,
    });
  }
}
