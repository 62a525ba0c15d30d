import type { Architecture } from "./types";

/**
 * FAMILY GENERATION ATTRIBUTES [-flex] . SIZE, for instance `t4g.small` or `c7gn.2xlarge`
 * (Amazon EC2 Instance Types guide, "Amazon EC2 instance type naming conventions").
 * Types with other suffixes (`u7i-12tb`, `mac2-m2`, `p6e-gb200`) are no machines for a mail server and not taken.
 */
const shape =
  /^(?<family>[a-z]+)(?<generation>\d+)(?<attributes>[a-z]*)(?:-flex)?\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/;

/**
 * Families on the Xen hypervisor (EC2 guide, "Instances built on the AWS Nitro System"). There EBS volumes do not appear as NVMe devices, so a host could not
 * find its volume by the volume's id.
 */
const xen = /^(?:c[134]|cc[12]|cg1|cr1|d2|f1|g2|g3s?|h1|hi1|hs1|i[23]|m[1234]|p[23]|r[34]|t[12]|x1e?)$/;

/** The architecture of an EC2 instance type, or in `error` why the type cannot be used. */
export function architectureOf(instanceType: string): { readonly architecture: Architecture } | { readonly error: string } {
  const { family, generation, attributes } = shape.exec(instanceType)?.groups ?? {};
  if (family === undefined || generation === undefined || attributes === undefined) {
    return { error: "is not an EC2 instance type that a mail server can run on; t4g.small is usual" };
  }
  if (family === "mac") return { error: "runs macOS only; t4g.small is usual" };
  if (xen.test(`${family}${generation}${attributes}`)) {
    return {
      error:
        "is of a generation without NVMe volumes, and the host could not find its volume; take a Nitro type such as t4g.small or t3.small",
    };
  }
  // "g" among the attributes is AWS's own processor, Graviton; a1 was the first with it, before attributes were used so.
  const isGraviton = attributes.includes("g") || family + generation === "a1";
  return { architecture: isGraviton ? "arm64" : "amd64" };
}
