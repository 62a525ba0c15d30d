import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as aws from "@pulumi/aws";
import { architectureOf as simulated } from "../../lab/cloud/aws/instance-types";
import { architectureOf } from "../../plan/instance-type";

/** Every family with a Graviton processor (EC2 Instance Types guide, "Instance type specifications"; all others are Intel's and AMD's). */
const GRAVITON = (
  "a1 c6g c6gd c6gn c7g c7gd c7gn c8g c8gb c8gd c8gn c9g c9gd g5g hpc7g i4g i8g i8ge im4gn is4gen m6g m6gd m7g m7gd m8g m8gb m8gd m8gn m9g m9gd " +
  "r6g r6gd r7g r7gd r8g r8gb r8gd r8gn t4g x2gd x8g"
).split(" ");

const outcome = (instanceType: string): string => {
  const result = architectureOf(instanceType);
  return "error" in result ? "refused" : result.architecture;
};

describe("the architecture of an instance type", () => {
  for (const [instanceType, expected] of [
    ["t4g.small", "arm64"],
    ["c7gn.2xlarge", "arm64"],
    ["x2gd.metal", "arm64"],
    ["im4gn.large", "arm64"],
    ["is4gen.medium", "arm64"],
    ["g5g.xlarge", "arm64"],
    ["a1.medium", "arm64"],
    ["t3.small", "amd64"],
    ["t3a.nano", "amd64"],
    ["g4dn.xlarge", "amd64"],
    ["gr6.4xlarge", "amd64"],
    ["m7i-flex.large", "amd64"],
    ["c7i.metal-24xl", "amd64"],
    ["t2.micro", "refused"],
    ["m4.large", "refused"],
    ["mac2.metal", "refused"],
    ["mac2-m2.metal", "refused"],
    ["p6e-gb200.36xlarge", "refused"],
    ["u7i-12tb.224xlarge", "refused"],
    ["t4g", "refused"],
    ["t4g.", "refused"],
    [".small", "refused"],
    ["t4g.small\n", "refused"],
    ["T4G.small", "refused"],
    ["t4g.huge", "refused"],
  ] as const) {
    it(`${JSON.stringify(instanceType)}: ${expected}`, () => assert.equal(outcome(instanceType), expected));
  }

  it("is arm64 for Graviton's families in AWS's own list, and for no other", () => {
    const families = Object.values(aws.ec2.InstanceType).flatMap((instanceType) =>
      outcome(instanceType) === "arm64" ? [instanceType.split(".")[0] ?? ""] : [],
    );
    assert.deepEqual([...new Set(families)].sort(), GRAVITON);
  });

  it("is the same to the simulated cloud", () => {
    const types = Object.values(aws.ec2.InstanceType).filter((instanceType) => outcome(instanceType) !== "refused");
    assert.ok(types.length > 500);
    assert.deepEqual(
      types.filter((instanceType) => simulated(instanceType) !== outcome(instanceType)),
      [],
    );
  });

  it("is known for every current type of AWS's own list", () => {
    const refused = new Set(
      Object.values(aws.ec2.InstanceType)
        .filter((instanceType) => outcome(instanceType) === "refused")
        .map((instanceType) => instanceType.split(".")[0] ?? ""),
    );
    const old = "c1 c3 c4 cc1 cc2 cg1 cr1 d2 f1 g2 g3 g3s h1 hi1 hs1 i2 i3 m1 m2 m3 m4 p2 p3 r3 r4 t1 t2 x1 x1e".split(" ");
    assert.deepEqual(
      [...refused].filter((family) => !old.includes(family) && !/^(mac|u-|u7|p6)/.test(family)),
      [],
    );
    assert.deepEqual(
      old.filter((family) => outcome(`${family}.large`) !== "refused"),
      [],
    );
  });
});
