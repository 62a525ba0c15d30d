import type { Architecture } from "../../../plan/types";

/** EC2 instance types, "Instance type naming": a `g` among the attributes says AWS Graviton, so does the family a1. */
const FAMILY = /^(?:a1|[a-z]+\d(?<attributes>[a-z]*)(?:-flex)?)$/;
const BURSTABLE = /^t\d/;
const SMALL = ["nano", "micro", "small"];
const SIZE = /^(?:nano|micro|small|medium|large|xlarge|\d{1,3}xlarge|metal(?:-\d+xl)?)$/;

/** The architecture of an instance type; undefined where there is no such type. */
export function architectureOf(instanceType: string): Architecture | undefined {
  const [family = "", size = "", ...rest] = instanceType.split(".");
  const match = FAMILY.exec(family);
  if (match === null || rest.length > 0 || !SIZE.test(size)) return undefined;
  if (BURSTABLE.test(family) ? /^(?!2x)\d+xlarge$|^metal$/.test(size) : SMALL.includes(size)) return undefined;
  return family === "a1" || match.groups?.attributes?.includes("g") === true ? "arm64" : "amd64";
}

/** On-Demand instances of these families share the quota "Running On-Demand Standard"; others have quotas of their own, 0 for a new account. */
const STANDARD = /^[acdhimrtz]/;
const OLD_BURSTABLE: { readonly [size: string]: number } = { nano: 1, micro: 1, small: 1, medium: 2, large: 2 };

/** Virtual CPUs of an instance type (EC2 instance types, specifications): two in a `large`, four in an `xlarge`, and so on. */
export function vcpusOf(instanceType: string): number {
  const [family = "", size = ""] = instanceType.split(".");
  if (family === "t2" && OLD_BURSTABLE[size] !== undefined) return OLD_BURSTABLE[size];
  if (size === "metal") return 96;
  if (size.endsWith("xlarge")) return 4 * (Number(size.replace("xlarge", "")) || 1);
  return BURSTABLE.test(family) || size === "large" ? 2 : 1;
}

export const isStandard = (instanceType: string): boolean => STANDARD.test(instanceType);

/** Families of before 2018, the only ones in us-east-1e: it is an old zone that gets no new machines. */
const OLD = /^(?:t2|[cmr][1-4]|d2|g3|h1|i[23]|p[23]|x1e?)\./;

/** Whether a zone has machines of this type. Only the exception is simulated that every account meets. */
export const isOffered = (instanceType: string, zone: string): boolean => zone !== "us-east-1e" || OLD.test(instanceType);
