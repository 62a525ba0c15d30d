/** The least that a program with so many resources can be. */
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const zone = cloudflare.getZoneOutput({ filter: { name: "example.test" } });
for (let index = 0; index < new pulumi.Config().requireNumber("count"); index += 1) {
  new cloudflare.DnsRecord(`record${index}`, {
    zoneId: zone.zoneId,
    name: `record${index}.example.test`,
    type: "A",
    content: "192.0.2.1",
    ttl: 300,
  });
}
