import { createHash } from "node:crypto";
import type { Architecture } from "../../../plan/types";
import type { Settings } from "../settings";
import { REGIONS } from "./regions";

export interface Image {
  readonly id: string;
  readonly region: string;
  /** What the lab boots for it. */
  readonly kind: Settings["image"];
  readonly architecture: Architecture;
  readonly name: string;
}

/** Debian's account at AWS (wiki.debian.org/Cloud/AmazonEC2Image). */
export const DEBIAN_OWNER = "136693071363";

const KINDS: readonly Settings["image"][] = ["packages", "plain"];
const ARCHITECTURES: readonly Architecture[] = ["amd64", "arm64"];

/** One id for one image in one region, the same for ever, so that a lab's state keeps its meaning. */
const idOf = (...parts: readonly string[]): string =>
  `ami-0${createHash("sha256")
    .update(`ami ${parts.join(" ")}`)
    .digest("hex")
    .slice(0, 16)}`;

/** The images of the lab. As at AWS each region has its own copy under an id of its own. */
export const IMAGES: readonly Image[] = REGIONS.flatMap(({ code: region }) =>
  KINDS.flatMap((kind) =>
    ARCHITECTURES.map((architecture) => ({
      id: idOf(region, kind, architecture),
      region,
      kind,
      architecture,
      name: `debian-13-${architecture}-20261102-2286`,
    })),
  ),
);

export const imageById = (id: string, region: string): Image | undefined =>
  IMAGES.find((image) => image.id === id && image.region === region);

/** The image that stands for Debian 13 in this lab. */
export function debianImage(kind: Settings["image"], architecture: Architecture, region: string): Image {
  const image = IMAGES.find(
    (candidate) => candidate.kind === kind && candidate.architecture === architecture && candidate.region === region,
  );
  if (image === undefined) throw new Error(`the lab has no ${kind} image for ${architecture} in ${region}`);
  return image;
}
