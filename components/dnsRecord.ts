import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { PlannedRecord } from "../dns/record";
import { txtContent } from "../dns/text";

/** Addresses of exchangers by key, known or not. */
export type Addresses = { readonly [key: string]: pulumi.Input<string> };

/** A planned record as Cloudflare takes it. */
export function dnsRecord(
  name: string,
  record: PlannedRecord,
  zoneId: pulumi.Input<string>,
  addresses: Addresses,
  opts: pulumi.CustomResourceOptions,
): cloudflare.DnsRecord {
  return new cloudflare.DnsRecord(
    name,
    {
      zoneId,
      name: record.name,
      type: record.rdata.type,
      ttl: record.ttl,
      // Mail is not HTTP: a proxied name would point senders at a web proxy.
      proxied: false,
      comment: record.reason,
      ...content(record, addresses),
    },
    // A record under another name is another one: the old name is answered until the new one is in use.
    pulumi.mergeOptions(opts, { replaceOnChanges: ["name"] }),
  );
}

function content({ rdata }: PlannedRecord, addresses: Addresses): { content: pulumi.Input<string>; priority?: number } {
  switch (rdata.type) {
    case "A":
      return { content: addressOf(rdata.address.exchanger, addresses) };
    case "MX":
      return { content: rdata.exchange, priority: rdata.preference };
    case "TXT":
      return {
        content: pulumi
          .all(Object.fromEntries(rdata.addresses.map(({ exchanger }) => [exchanger, addressOf(exchanger, addresses)])))
          .apply((known) => txtContent(rdata, new Map(Object.entries(known)))),
      };
    case "PTR":
      throw new Error("a PTR belongs to the address at AWS, not to a zone at Cloudflare");
    default: {
      const never: never = rdata;
      return never;
    }
  }
}

function addressOf(key: string, addresses: Addresses): pulumi.Input<string> {
  const address = addresses[key];
  if (address === undefined) throw new Error(`no address was given for exchanger "${key}"`);
  return address;
}
