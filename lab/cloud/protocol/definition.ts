import type { Cloud } from "../cloud";
import type { OperationCalls } from "./calls";
import type { Properties, Value } from "./property-value";

export type Type =
  | { readonly kind: "string" | "number" | "boolean" | "any" }
  | { readonly kind: "list" | "map"; readonly of: Type }
  | { readonly kind: "object"; readonly properties: { readonly [name: string]: Property } };

export interface Property {
  readonly type: Type;
  readonly required?: boolean;
  /** A change of it replaces the resource; or only where the inputs, and those before, say so. */
  readonly replaces?: boolean | ((inputs: Properties, before: Properties) => boolean);
  /** Filled in by `check` where the program leaves it out. */
  readonly default?: Value;
  /** Two values that mean the same are no change. Default: equal as JSON. */
  readonly same?: (a: Value | undefined, b: Value | undefined, inputs: Properties) => boolean;
  /** What is wrong with a known value of the right type. */
  readonly check?: (value: Value) => string | undefined;
}

export type PropertyMap = { readonly [name: string]: Property };

/** A refused input; `property` is a path such as `rootBlockDevice.volumeType`, empty for the resource as a whole. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What a change is told about besides its inputs. */
export interface Context {
  readonly cloud: Cloud;
  readonly urn: string;
  /** The provider's own configuration, checked. */
  readonly config: Properties;
  /** A line for the person who runs the engine. */
  log(line: string): void;
  /** Aborted when the engine cancels. */
  readonly signal: AbortSignal;
}

/**
 * One simulated resource. Inputs and outputs have no secret wrappers here; the protocol takes them off and puts them back.
 * `create`, `update` and `delete` refuse with a `ServiceError`.
 */
export interface ResourceDefinition {
  /** The SDK's type token. */
  readonly token: string;
  readonly inputs: PropertyMap;
  /** Inputs that the SDK knows and the simulation does not: using one is an error that says so. */
  readonly notSimulated?: readonly string[];
  /** What the real provider asks of the real service. */
  readonly calls: OperationCalls;
  /**
   * Outputs that are no inputs: `kept` (unknown until created, then the same for ever), `renewed` (unknown again on every update), or what they follow from.
   * An optional input that is computed where absent may be here too.
   */
  readonly computed: { readonly [name: string]: "kept" | "renewed" | ((inputs: Properties) => Value | undefined) };
  readonly secretOutputs?: readonly string[];
  /** Where the program gives no `name`, the resource gets the name in the program with a random end, as the bridge does. */
  readonly autoname?: boolean;
  /** Rules across properties that the provider itself checks, before any call of the service. Unknown values are left out of `inputs`. */
  check?(inputs: Properties): Failure[];
  create(inputs: Properties, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** Where an import takes another id than the resource has: that one, and what else it says of it; undefined if the text has not the form. */
  imported?(text: string): { readonly id: string; readonly outputs: Properties } | undefined;
  /** The resource as the service has it now; undefined where it is gone. `outputs` are the last known ones, empty on import. */
  read(id: string, outputs: Properties, context: Context): Promise<Properties | undefined>;
  /** Returns all outputs. `previous` are the outputs before. */
  update(id: string, inputs: Properties, previous: Properties, context: Context): Promise<Properties>;
  delete(id: string, outputs: Properties, context: Context): Promise<void>;
}

/** One simulated lookup. */
export interface FunctionDefinition {
  readonly token: string;
  readonly inputs: PropertyMap;
  readonly notSimulated?: readonly string[];
  /** What the real provider asks of the real service. */
  readonly calls: readonly string[];
  invoke(inputs: Properties, context: Context): Promise<Properties>;
}

/** One simulated provider. */
export interface ProviderDefinition {
  /** `aws`, as in the SDK's package name. */
  readonly name: string;
  readonly config: PropertyMap;
  readonly notSimulated?: readonly string[];
  readonly resources: readonly ResourceDefinition[];
  readonly functions: readonly FunctionDefinition[];
  /** Calls that the real provider makes when it is configured. */
  readonly calls: readonly string[];
  /** What the engine is told where the service refuses this call for too many requests and the provider has given up. Without it there is no limit. */
  throttled?(call: string): Error;
  /** Whether the service shows a change to the next call at once. */
  readonly isEventual: boolean;
  /** Whether diffs say what changed inside a property. The bridge of Plugin Framework providers does not (facts of cloudflare 6.17). */
  readonly detailedDiff: boolean;
  /** Fills inputs from the provider's configuration before they are checked. */
  applyConfig?(inputs: Properties, config: Properties, resource: ResourceDefinition): Properties;
}

const scalar =
  (kind: "string" | "number" | "boolean" | "any") =>
  (rest: Omit<Property, "type"> = {}): Property => ({ type: { kind }, ...rest });
export const string = scalar("string");
export const number = scalar("number");
export const boolean = scalar("boolean");
export const any = scalar("any");
export const list = (of: Property, rest: Omit<Property, "type"> = {}): Property => ({ type: { kind: "list", of: of.type }, ...rest });
export const map = (of: Property, rest: Omit<Property, "type"> = {}): Property => ({ type: { kind: "map", of: of.type }, ...rest });
export const object = (properties: PropertyMap, rest: Omit<Property, "type"> = {}): Property => ({
  type: { kind: "object", properties },
  ...rest,
});

/** A list that the service keeps as a set: its order means nothing. */
export const sameSet = (a: Value | undefined, b: Value | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b) && JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
