import type { ProviderDefinition } from "../protocol/definition";
import { remoteCommand } from "./remote-command";

/** github.com/pulumi/pulumi-command 1.2; of its resources only what the product uses. */
export const command: ProviderDefinition = {
  name: "command",
  detailedDiff: true,
  isEventual: false,
  calls: [],
  config: {},
  resources: [remoteCommand],
  functions: [],
};
