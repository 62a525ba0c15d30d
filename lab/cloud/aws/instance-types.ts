import type { Architecture } from "../../../plan/types";

/** EC2 instance types, "Instance type naming": a `g` after the generation says AWS Graviton, so does the family a1. */
const FAMILY = /^(?:a1|(?:[a-z]{1,3}\d)(g?)[a-z]*)$/;
const BURSTABLE = /^t\d/;
const SMALL = ["nano", "micro", "small"];
const SIZE = /^(?:nano|micro|small|medium|large|xlarge|\d{1,2}xlarge|metal)$/;

/** The architecture of an instance type; undefined where there is no such type. */
export function architectureOf(instanceType: string): Architecture | undefined {
  const [family = "", size = "", ...rest] = instanceType.split(".");
  const match = FAMILY.exec(family);
  if (match === null || rest.length > 0 || !SIZE.test(size)) return undefined;
  if (BURSTABLE.test(family) ? /^(?!2x)\d+xlarge$|^metal$/.test(size) : SMALL.includes(size)) return undefined;
  return family === "a1" || match[1] === "g" ? "arm64" : "amd64";
}
