import { planSide, type Side } from "../../../dns/review/side";
import { parse } from "../../../plan/parse";
import { BESIDE_THE_DECLARATION, settingValue } from "../../../plan/settings";
import { invalid } from "../../exit-status";
import { isMap, yamlValue } from "./project";

/** Where a declaration stands, and what its keys begin with. */
export interface StackFile {
  /** For messages, and as the side's label. */
  readonly name: string;
  readonly text: string;
  /** Project's name; its keys are `project:key`. */
  readonly namespace: string;
  /** Values of the project for what the stack file does not set, by full key. */
  readonly defaults: ReadonlyMap<string, unknown>;
}

/** Records that the declaration in a stack file means, by the same parser as the program. Throws with every problem at once. */
export function stackFileSide(file: StackFile): Side {
  const problems: string[] = [];
  const result = parse(declaration(file, problems));
  if (!result.ok) problems.push(...result.problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)));
  if (!result.ok || problems.length > 0) throw invalid(file.name, problems);
  return planSide(file.name, result.value);
}

function declaration({ text, name, namespace, defaults }: StackFile, problems: string[]): unknown {
  const prefix = `${namespace}:`;
  const settings = new Map<string, unknown>();
  for (const [full, value] of [...defaults, ...stackConfig(text, name)]) {
    // A key without a namespace belongs to the project (Pulumi, "Configuration", key format).
    const key = full.includes(":") ? (full.startsWith(prefix) ? full.slice(prefix.length) : undefined) : full;
    if (key !== undefined && !BESIDE_THE_DECLARATION.includes(key)) settings.set(key, value);
  }
  for (const [key, value] of settings) {
    if (!holdsSecret(value)) continue;
    problems.push(
      `${key}: It is encrypted, and a preview opens no secret; there is nothing secret in a declaration, store it by pulumi config set --plaintext.`,
    );
    settings.delete(key);
  }
  return Object.fromEntries([...settings].map(([key, value]) => [key, asProgramsGetIt(value)]));
}

/** What a stack file sets, by key as it stands there. */
export function stackConfig(text: string, name: string): [string, unknown][] {
  const read = yamlValue(text, name);
  if (read === null || read === undefined) return [];
  if (!isMap(read)) throw invalid(name, ["Expected a map with the key config, as pulumi config set writes it."]);
  const { config = {} } = read;
  if (config === null) return [];
  if (!isMap(config)) throw invalid(name, ["config: Expected a map of keys such as mailserver:hostZone."]);
  return Object.entries(config);
}

/** Pulumi hands every value over as text. */
function asProgramsGetIt(value: unknown): unknown {
  return typeof value === "object" ? value : settingValue(String(value));
}

/** `{secure: …}` at any depth, as `pulumi config set --secret` writes it. */
export function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isMap(value)) return false;
  return isSecret(value) || Object.values(value).some(holdsSecret);
}

export const isSecret = (value: unknown): boolean =>
  isMap(value) && Object.keys(value).join() === "secure" && typeof value.secure === "string";
