import type { Side } from "../../../dns/review/side";
import { nearest } from "../../../plan/nearest";
import { InvalidInput } from "../../exit-status";
import type { Say } from "../../progress";
import type { NameServer } from "./name-server";
import type { Stack } from "./stack";

/** What desired records are compared with: `live`, `git:REF`, `pulumi:FILE` or `zone:FILE`. */
export interface Against {
  readonly kind: "live" | "git" | "pulumi" | "zone";
  readonly value: string;
}

const KINDS = ["live", "git", "pulumi", "zone"] as const;

export function against(text: string): Against {
  const [word = "", ...rest] = text.split(":");
  const value = rest.join(":");
  const kind = KINDS.find((each) => each === word);
  const wayOut = "give live, git:REF, pulumi:FILE or zone:FILE";
  if (kind === undefined) {
    const guess = nearest(word, KINDS);
    throw new InvalidInput(
      `--against "${text}" is no source of records; ${guess === undefined ? wayOut : `did you mean ${guess}? Else ${wayOut}`}.`,
    );
  }
  if ((kind === "live") !== (value === "" && rest.length === 0) || (kind !== "live" && value === ""))
    throw new InvalidInput(`--against "${text}" is incomplete; ${wayOut}.`);
  return { kind, value };
}

/** Opens a source. Each is loaded only when it is wanted, so that a preview without a network takes no time for one. */
export async function openAgainst(
  { kind, value }: Against,
  head: Side,
  stack: Stack,
  server: NameServer | undefined,
  say: Say,
): Promise<Side> {
  switch (kind) {
    case "git":
      return stack.desiredAt(value, say);
    case "live":
      if (server !== undefined) return (await import("./name-server.js")).nameServerSide(head, server, say);
      return (await import("./live.js")).cloudflareSide(head, say);
    case "pulumi":
      return (await import("./pulumi-preview.js")).pulumiPreviewSide(value);
    case "zone":
      return (await import("./zone-files.js")).zoneFileSide(value);
  }
}
