import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { accepted, changed, exchanger, refused } from "./plan-verdicts";

describe("exchangers", () => {
  it("are at least one", () => {
    refused(changed({ exchangers: {} }), "exchangers", "no exchanger", "mx1");
    refused(changed({ exchangers: undefined }), "exchangers", "no exchanger");
  });

  it("have exactly one primary", () => {
    refused(changed({ exchangers: { mx1: { role: "backup" } } }), "exchangers", "no primary");
    refused(exchanger({ role: "primary" }), "exchangers.mx2.role", "two primaries", '"mx1"', "backup");
    refused(exchanger({ role: "primry" }, "mx1"), "exchangers.mx1.role", '"primry"', 'did you mean "primary"?');
    accepted(changed({ exchangers: { mx1: { role: "primary" } } }));
  });

  it("prefer the primary", () => {
    refused(exchanger({ preference: 5 }), "exchangers.mx2.preference", "5 is lower than the primary's 10", "higher number");
    refused(exchanger({ preference: 10 }), "exchangers.mx2.preference", "10 is the same as");
    accepted(exchanger({ preference: 11 }));
    // The default counts too.
    refused(exchanger({ preference: 30 }, "mx1"), "exchangers.mx2.preference", "20 is lower than the primary's 30");
  });

  it("have a preference that DNS can hold", () => {
    for (const preference of [-1, 65_536, 1.5, Number.NaN, "20", null])
      refused(exchanger({ preference }), "exchangers.mx2.preference", "0 to 65535");
    accepted(exchanger({ preference: 65_535 }));
    accepted(exchanger({ preference: 0 }, "mx1"));
  });

  it("have former keys that are nobody else's", () => {
    refused(exchanger({ aliases: ["mx1"] }), "exchangers.mx2.aliases", 'a key of "mx1" too');
    refused(exchanger({ aliases: ["mx2"] }), "exchangers.mx2.aliases", "is its present key");
    refused(exchanger({ aliases: ["old", "old"] }), "exchangers.mx2.aliases", '"old" is given twice');
    refused(exchanger({ aliases: ["Old"] }), "exchangers.mx2.aliases[0]", "cannot have been a key");
    refused(exchanger({ aliases: "old" }), "exchangers.mx2.aliases", "a list");
    accepted(exchanger({ aliases: ["old", "older"] }));
  });

  it("wait for their queue or do not", () => {
    refused(exchanger({ drain: "no" }), "exchangers.mx2.drain", "neither true nor false");
    accepted(exchanger({ drain: false }));
  });

  it("have a key that is one label", () => {
    for (const key of ["MX3", "mx_3", "mx.3", "-mx", "mx-", "", "a".repeat(64), "mx\n3"]) {
      const parsed = parse(changed({ exchangers: { ...twoExchangers.exchangers, [key]: { role: "backup" } } }));
      assert.ok(!parsed.ok && parsed.problems.length === 1 && parsed.problems[0]?.message.includes("DNS label"), JSON.stringify(parsed));
    }
    accepted(exchanger({ role: "backup", hostname: "mx3" }, "a".repeat(63)));
    accepted(exchanger({ role: "backup" }, "4"));
  });

  it("have host names of their own inside hostZone", () => {
    refused(exchanger({ hostname: "mx1" }), "exchangers.mx2.hostname", "mx1", '"mx1"', "one of its own");
    for (const hostname of ["m_x", "mx2.", ".mx2", "mx..2", "-mx2", "", "mx 2", "a".repeat(64)])
      refused(exchanger({ hostname }), "exchangers.mx2.hostname", "is not a host name");
    refused(exchanger({ hostname: "mx2.example.test" }), "exchangers.mx2.hostname", "has the zone in it");
    refused(exchanger({ hostname: "mx2.club.test" }), "exchangers.mx2.hostname", "not in hostZone");
    refused(exchanger({ hostname: "a".repeat(52) }), "exchangers.mx2.hostname", "has 65 characters", "takes 64");
    accepted(exchanger({ hostname: "a".repeat(51) }));
    accepted(exchanger({ hostname: "mx2.far" }));
  });

  it("are no mail domains themselves", () => {
    const domains = [...twoExchangers.domains, { name: "mx2.example.test", zone: { name: "example.test" } }];
    refused(changed({ domains }), "exchangers.mx2.hostname", "mx2.example.test is a mail domain too");
    accepted(changed({ domains: [...twoExchangers.domains, { name: "mx3.example.test" }] }));
  });

  it("have a sane machine", () => {
    refused(exchanger({ instanceType: "t4g" }), "exchangers.mx2.instanceType", '"t4g"', "t4g.small");
    refused(exchanger({ instanceType: "t2.micro" }), "exchangers.mx2.instanceType", "Nitro");
    for (const volumeSize of [0, 65_537, 8.5, "8"]) refused(exchanger({ volumeSize }), "exchangers.mx2.volumeSize", "1 to 65536");
    for (const generation of [0, -1, 1.5, "two"]) refused(exchanger({ generation }), "exchangers.mx2.generation", "raise it by one");
    refused(exchanger({ generation: "2" }), "exchangers.mx2.generation", "without quotes");
    for (const region of ["Frankfurt", "eu-central", "eu-central-1a", ""])
      refused(exchanger({ region }), "exchangers.mx2.region", "eu-central-1");
    for (const subnet of ["subnet-1", "vpc-0123456789abcdef0", ""]) refused(exchanger({ subnet }), "exchangers.mx2.subnet", "hexadecimal");
    accepted(exchanger({ volumeSize: 65_536, region: "us-gov-west-1", subnet: "subnet-01234567" }));
  });
});
