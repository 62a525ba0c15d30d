import type { Architecture } from "../../../plan/types";
import type { Settings } from "../settings";

export interface Image {
  readonly id: string;
  /** What the lab boots for it. */
  readonly kind: Settings["image"];
  readonly architecture: Architecture;
  readonly name: string;
}

/** Debian's account at AWS (wiki.debian.org/Cloud/AmazonEC2Image). */
export const DEBIAN_OWNER = "136693071363";

/** The images of the lab's region. Their ids are fixed, so that a lab's state keeps its meaning. */
export const IMAGES: readonly Image[] = [
  { id: "ami-0d13a0d64ba5e0001", kind: "packages", architecture: "amd64", name: "debian-13-amd64-20261102-2286" },
  { id: "ami-0d13a0a64ba5e0002", kind: "packages", architecture: "arm64", name: "debian-13-arm64-20261102-2286" },
  { id: "ami-0d13a0d64b1a10003", kind: "plain", architecture: "amd64", name: "debian-13-amd64-20261102-2286" },
  { id: "ami-0d13a0a64b1a10004", kind: "plain", architecture: "arm64", name: "debian-13-arm64-20261102-2286" },
];

export const imageById = (id: string): Image | undefined => IMAGES.find((image) => image.id === id);

/** The image that stands for Debian 13 in this lab. */
export function debianImage(kind: Settings["image"], architecture: Architecture): Image {
  const image = IMAGES.find((candidate) => candidate.kind === kind && candidate.architecture === architecture);
  if (image === undefined) throw new Error(`the lab has no ${kind} image for ${architecture}`);
  return image;
}
