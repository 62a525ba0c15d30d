import * as pulumi from "@pulumi/pulumi";
import { Exchanger } from "../plan/types";

/**
 * What of an exchanger cannot change as long as its volume lives is refused in the preview, before anything is done. The volume's tags and size in the
 * state tell what it was.
 */
export function neverChanges(name: string, exchanger: Exchanger): pulumi.ResourceHookBinding {
  const check = ({ oldInputs }: pulumi.ResourceHookArgs): void => {
    const before = oldInputs as { readonly tags?: { readonly [key: string]: unknown }; readonly size?: unknown } | undefined;
    const path = `exchangers.${exchanger.key}`;
    const role = before?.tags?.["mailserver:role"];
    if (typeof role === "string" && role !== exchanger.role) {
      throw new Error(
        `${path}.role: the exchanger is a ${role}, and its volume holds what a ${role} needs; a role never moves. ` +
          "To run the primary on another machine, raise its generation or change its instanceType: the volume with all mailboxes goes with it. " +
          "To give it another name, change its hostname, or its key with aliases. Nothing was changed.",
      );
    }
    if (typeof before?.size === "number" && before.size > exchanger.volumeSizeGiB) {
      throw new Error(
        `${path}.volumeSize: the volume has ${before.size} GiB and EC2 makes none smaller (ModifyVolume); write ${before.size} or more. Nothing was changed.`,
      );
    }
  };
  return underMocks() ? {} : { beforeUpdate: [new pulumi.ResourceHook(`${name}-never-changes`, check, { onDryRun: true })] };
}

/** The SDK's mocks, with which people test their stacks, say that they know hooks and then lack the call (its runtime/mocks.ts, `MockMonitor`). */
function underMocks(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { readonly registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook !== "function";
}
