import { randomBytes } from "node:crypto";
import { ACCOUNT } from "../initial-state";
import { boolean, map, string, type Context, type Property, type PropertyMap } from "../protocol/definition";
import type { Properties, Value } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import { REGIONS, regionByCode } from "./regions";

/** A new id as EC2 makes them: a prefix and seventeen hexadecimal digits. */
export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString("hex")}`;

export const arn = (region: string, kind: string, id: string): string => `arn:aws:ec2:${region}:${ACCOUNT}:${kind}/${id}`;

/** Every resource of the SDK's version 7 takes a region and cannot move. */
export const region: Property = string({
  replaces: true,
  check: (value) =>
    regionByCode(text(value)) === undefined
      ? `the lab's cloud has the regions ${REGIONS.map(({ code }) => code).join(", ")}; "${text(value)}" is none of them`
      : undefined,
});

/** Where a resource or a lookup is: in the region that it names, else in the provider's. */
export const regionOf = (properties: Properties, { config }: Context): string => text(properties.region) || text(config.region);

/** Tagging limits: EC2 user guide, "Tag restrictions". */
export const tags: Property = map(string(), {
  check: (value) => {
    for (const [key, text] of Object.entries(value as Record<string, Value>)) {
      if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) {
        return `a tag's key has 1 to 128 characters and does not begin with "aws:"; "${key}" is not one`;
      }
      if (typeof text === "string" && text.length > 256)
        return `a tag's value has at most 256 characters; that of "${key}" has ${text.length}`;
    }
    return undefined;
  },
});

export const tagged: PropertyMap = { region, tags };
/** The bridge merges the provider's default tags into `tags`, so both are the same. */
export const tagsAll = (inputs: Properties): Value => inputs.tags ?? {};

export const flag = boolean;

export const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");
export const tagsOf = (inputs: Properties): Record<string, string> => (inputs.tags ?? {}) as Record<string, string>;

interface Placed {
  readonly region: string;
}

/** The object of this id as its region's endpoint knows it; ids of other regions are unknown there. */
export const seen = <T extends Placed>(all: Record<string, T>, id: string, region: string): T | undefined =>
  all[id]?.region === region ? all[id] : undefined;

export const inRegion = <T extends Placed>(all: Record<string, T>, region: string): T[] =>
  Object.values(all).filter((one) => one.region === region);

/** The same, or the service's own not-found error. */
export function existing<T extends Placed>(all: Record<string, T>, id: string, region: string, code: string, problem: string): T {
  const one = seen(all, id, region);
  if (one === undefined) throw new ServiceError(code, problem);
  return one;
}
