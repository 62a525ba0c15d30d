import type { ProviderDefinition } from "../protocol/definition";

export const command: ProviderDefinition = { name: "command", detailedDiff: true, config: {}, resources: [], functions: [] };
