import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { Fact, factName } from "../dns/fact";
import { PlannedRecord } from "../dns/record";
import { quotedStrings } from "../dns/text";

/** Facts by name, known or not. */
export type LaterFacts = { readonly [name: string]: pulumi.Input<string> };

/** A planned record as Cloudflare takes it. */
export function dnsRecord(
  name: string,
  record: PlannedRecord,
  zoneId: pulumi.Input<string>,
  facts: LaterFacts,
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
      ...content(record, facts),
    },
    // A record under another name is another one: the old name is answered until the new one is in use. (Its type follows from its key and never changes.)
    pulumi.mergeOptions(opts, { replaceOnChanges: ["name"] }),
  );
}

/** Names without a dot at their end, which Cloudflare gives back so, and would show as a change otherwise. */
function content({ rdata }: PlannedRecord, facts: LaterFacts): Pick<cloudflare.DnsRecordArgs, "content" | "data" | "priority"> {
  switch (rdata.type) {
    case "A":
    case "AAAA":
      return { content: known(rdata.address, facts) };
    case "MX":
      return { content: rdata.exchange, priority: rdata.preference };
    case "CNAME":
      return { content: rdata.target };
    case "TXT":
      return { content: pulumi.all(rdata.value.map((part) => known(part, facts))).apply((parts) => quotedStrings(parts.join(""))) };
    case "SRV": {
      const { priority, weight, port, target } = rdata;
      // The API has the priority in both places, and gives both back.
      return { data: { priority, weight, port, target }, priority };
    }
    case "CAA": {
      const { flags, tag, value } = rdata;
      return { data: { flags, tag, value } };
    }
    case "TLSA": {
      const { usage, selector, matchingType, certificate } = rdata;
      return { data: { usage, selector, matchingType, certificate: known(certificate, facts) } };
    }
    case "PTR":
      throw new Error("a PTR belongs to the address at AWS, not to a zone at Cloudflare");
    default: {
      const never: never = rdata;
      return never;
    }
  }
}

function known(part: string | Fact, facts: LaterFacts): pulumi.Input<string> {
  if (typeof part === "string") return part;
  const value = facts[factName(part)];
  if (value === undefined) throw new Error(`nothing says what the ${factName(part)} is`);
  return value;
}
