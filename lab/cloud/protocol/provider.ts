import { randomBytes } from "node:crypto";
import { callsOfChange, callsWith } from "./calls";
import { checkProperties, withDefaults } from "./check";
import type { Context, Failure, FunctionDefinition, ProviderDefinition, ResourceDefinition, Type } from "./definition";
import { diffInputs, type Change } from "./diff";
import { Requests } from "./requests";
import { equal, holdsSecret, isObject, reveal, revealAll, secret, UNKNOWN, type Properties, type Value } from "./property-value";

/** What the engine asks of a provider, on plain values; `server.ts` speaks its wire format. */
export class Provider {
  private readonly requests: Requests;

  constructor(
    readonly definition: ProviderDefinition,
    readonly version: string,
  ) {
    this.requests = new Requests(definition);
  }

  configure(context: Context): Promise<void> {
    return this.requests.make({ token: this.definition.name, operation: "configure", calls: this.definition.calls }, context);
  }

  checkConfig(news: Properties): Failure[] {
    const config = revealAll(news);
    for (const ofEngine of ["version", "pluginDownloadURL"]) delete config[ofEngine];
    return checkProperties(config, this.definition.config, this.definition.notSimulated);
  }

  /** `name` is the resource's name in the program, `olds` its inputs before, empty for a new one. */
  check(token: string, name: string, news: Properties, olds: Properties, config: Properties): { inputs: Properties; failures: Failure[] } {
    const resource = this.resource(token);
    const configured = this.definition.applyConfig?.(news, config, resource) ?? news;
    const inputs = withDefaults(configured, resource.inputs);
    if (resource.autoname === true && (inputs.name ?? null) === null) inputs.name = autoname(name, olds.name);
    const plain = revealAll(inputs);
    const failures = checkProperties(plain, resource.inputs, resource.notSimulated);
    const known = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== UNKNOWN));
    if (failures.length === 0) failures.push(...(resource.check?.(known) ?? []));
    return { inputs, failures };
  }

  diff(token: string, before: Properties, after: Properties): Change[] {
    return diffInputs(revealAll(before), revealAll(after), this.resource(token).inputs);
  }

  async create(token: string, inputs: Properties, preview: boolean, context: Context): Promise<{ id: string; outputs: Properties }> {
    const resource = this.resource(token);
    const plain = revealAll(inputs);
    if (preview) return { id: "", outputs: keepSecrets(planned(resource, plain, undefined), inputs, resource) };
    await this.requests.make({ token, operation: "create", calls: callsWith(resource.calls.create, plain) }, context);
    await this.requests.beUnlucky(context, (seen) => resource.create(plain, seen));
    const { id, outputs } = await resource.create(plain, context);
    await this.requests.waitFor(context, async (seen) => (await resource.read(id, outputs, seen)) !== undefined);
    return { id, outputs: keepSecrets(outputs, inputs, resource) };
  }

  async update(
    token: string,
    id: string,
    inputs: Properties,
    previous: Properties,
    preview: boolean,
    context: Context,
  ): Promise<Properties> {
    const resource = this.resource(token);
    const plain = revealAll(inputs);
    const before = revealAll(previous);
    if (preview) return keepSecrets(planned(resource, plain, before), inputs, resource, previous);
    const calls = callsOfChange(resource.calls.update, before, plain, resource.inputs);
    await this.requests.make({ token, operation: "update", calls }, context);
    return keepSecrets(await resource.update(id, plain, before, context), inputs, resource, previous);
  }

  /** What is known of a resource that is to be read: on import its id alone, which may be in another form. */
  known(token: string, id: string, inputs: Properties, outputs: Properties): { readonly id: string; readonly outputs: Properties } {
    const isImport = Object.keys(inputs).length === 0 && Object.keys(outputs).length === 0;
    return (isImport ? this.resource(token).imported?.(id) : undefined) ?? { id, outputs };
  }

  /** Undefined where the resource is gone. Inputs follow the service: that is how drift shows in the next diff. */
  async read(
    token: string,
    id: string,
    inputs: Properties,
    previous: Properties,
    context: Context,
  ): Promise<{ inputs: Properties; outputs: Properties } | undefined> {
    const resource = this.resource(token);
    await this.requests.make({ token, operation: "read", calls: callsWith(resource.calls.read, {}) }, context);
    const outputs = await resource.read(id, revealAll(previous), this.requests.seen(context));
    if (outputs === undefined) return undefined;
    const imported = Object.keys(inputs).length === 0;
    const fresh: Properties = {};
    for (const [name, property] of Object.entries(resource.inputs)) {
      const now = outputs[name];
      const was = inputs[name];
      if (imported) {
        if (now !== undefined) fresh[name] = now;
      } else if (was !== undefined) {
        const plain = reveal(was);
        const seen = asGiven(plain, now, property.type);
        // The service no longer has it: it is no input any more, and the next diff adds it again.
        if (seen === undefined) continue;
        const same = equal(plain, seen) || property.same?.(plain, seen, outputs) === true;
        fresh[name] = same ? was : holdsSecret(was) ? secret(seen) : seen;
      }
    }
    return { inputs: fresh, outputs: keepSecrets(outputs, inputs, resource, previous) };
  }

  async delete(token: string, id: string, outputs: Properties, context: Context): Promise<void> {
    const resource = this.resource(token);
    const plain = revealAll(outputs);
    await this.requests.make({ token, operation: "delete", calls: callsWith(resource.calls.delete, plain) }, context);
    await this.requests.beUnlucky(context, (seen) => resource.delete(id, plain, seen));
    await resource.delete(id, plain, context);
  }

  async invoke(token: string, args: Properties, context: Context): Promise<{ result: Properties; failures: Failure[] }> {
    const lookup = this.lookup(token);
    const plain = withDefaults(revealAll(args), lookup.inputs);
    const failures = checkProperties(plain, lookup.inputs, lookup.notSimulated);
    if (failures.length > 0) return { result: {}, failures };
    await this.requests.make({ token, operation: "invoke", calls: lookup.calls }, context);
    const result = await lookup.invoke(plain, context);
    const isSecret = Object.values(args).some(holdsSecret);
    return { result: isSecret ? Object.fromEntries(Object.entries(result).map(([key, value]) => [key, secret(value)])) : result, failures };
  }

  private resource(token: string): ResourceDefinition {
    return found(this.definition.resources, token, `the lab's cloud does not simulate the resource ${token}`);
  }

  private lookup(token: string): FunctionDefinition {
    return found(this.definition.functions, token, `the lab's cloud does not simulate the lookup ${token}`);
  }
}

function found<T extends { token: string }>(all: readonly T[], token: string, problem: string): T {
  const one = all.find((candidate) => candidate.token === token);
  if (one === undefined) throw new Error(`${problem}; it has ${all.map((each) => each.token).join(", ") || "none"}`);
  return one;
}

/** The service's value in the shape that the program gave: an object's parts that the program left to the service are no drift. */
function asGiven(was: Value | undefined, now: Value | undefined, type: Type): Value | undefined {
  if (type.kind !== "object" || !isObject(was) || !isObject(now)) return now;
  return Object.fromEntries(Object.keys(was).flatMap((key) => (now[key] === undefined ? [] : [[key, now[key]]])));
}

/** A name that was made up once is kept, also when the resource is renamed by an alias (pulumi-terraform-bridge, pkg/tfbridge/schema.go: "old default"). */
const autoname = (name: string, before: Value | undefined): string =>
  typeof before === "string" && /-[0-9a-f]{7}$/.test(before) ? before : `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;

/** The outputs that a preview can promise. */
function planned(resource: ResourceDefinition, inputs: Properties, previous: Properties | undefined): Properties {
  const outputs: Properties = { ...inputs };
  for (const [name, rule] of Object.entries(resource.computed)) {
    if (typeof rule === "function") {
      const value = rule(inputs);
      if (value !== undefined) outputs[name] = value;
    } else if (inputs[name] === undefined) {
      const kept = rule === "kept" ? previous?.[name] : undefined;
      if (previous === undefined || rule === "renewed") outputs[name] = UNKNOWN;
      else if (kept !== undefined) outputs[name] = kept;
    }
  }
  return outputs;
}

/** An output is secret where the input of its name is, where the definition says so, or where it was before. */
function keepSecrets(outputs: Properties, inputs: Properties, resource: ResourceDefinition, previous: Properties = {}): Properties {
  const kept: Properties = {};
  for (const [name, value] of Object.entries(outputs)) {
    const isSecret =
      holdsSecret(inputs[name]) ||
      resource.secretOutputs?.includes(name) === true ||
      (inputs[name] === undefined && holdsSecret(previous[name])) ||
      (name === "tagsAll" && holdsSecret(inputs.tags));
    kept[name] = isSecret ? secret(value) : value;
  }
  return kept;
}
