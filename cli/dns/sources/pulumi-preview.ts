import { reverseName, unknownReverseName } from "../../../dns/presentation";
import type { MachineEffect, Side, SourceRecord } from "../../../dns/review/side";
import { InvalidInput } from "../../exit-status";
import { fromCloudflare } from "./cloudflare-record";
import { exchangerKey, isOfMailSystem } from "./exchanger-key";
import { isMap, readText } from "./project";

/**
 * What `pulumi preview --json` prints (pulumi/pulumi, pkg/display/json.go, PreviewDigest), as far as it is looked at. It has no version of its own; whatever
 * is of another shape is refused.
 */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: State;
  readonly newState?: State;
}

interface State {
  readonly type: string;
  readonly parent?: string;
  readonly inputs: { readonly [key: string]: unknown };
  readonly outputs: { readonly [key: string]: unknown };
}

/** What becomes of a resource, by the engine's word for the step (pulumi/pulumi, sdk/go/common/display). */
const OPS: { readonly [op: string]: MachineEffect } = {
  same: "none",
  read: "none",
  refresh: "none",
  create: "created",
  import: "created",
  update: "updated",
  replace: "replaced",
  "create-replacement": "replaced",
  "delete-replaced": "replaced",
  "import-replacement": "replaced",
  "read-replacement": "replaced",
  "discard-replaced": "replaced",
  delete: "removed",
  discard: "none",
  "read-discard": "none",
  "remove-pending-replace": "none",
};

const EFFECTS: readonly MachineEffect[] = ["none", "updated", "replaced", "removed", "created"];

/** A value that is known after the deploy (pulumi/pulumi, sdk/go/common/resource/plugin, UnknownStringValue). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SECRET = "[secret]";

/** AWS chooses it; this stands for it, as in the plan's default. */
const PTR_TTL = 300;

/** The records that a stack has now, and what becomes of its machines, from a preview's JSON. */
export function pulumiPreviewSide(file: string): Side {
  const steps = readSteps(readText(file), file);
  const resources = new Map(
    steps.map(({ urn, oldState, newState }) => {
      const { type, parent = "" } = oldState ?? newState ?? { type: "" };
      return [urn, { type, name: urn.split("::").slice(3).join("::"), parent }];
    }),
  );
  const addresses = new Map(
    steps.flatMap(({ oldState }) => {
      const address = oldState?.outputs.publicIp;
      return oldState?.type === "aws:ec2/eip:Eip" && typeof address === "string" ? [[oldState.parent ?? "", address] as const] : [];
    }),
  );
  const records: SourceRecord[] = [];
  const machines = new Map<string, MachineEffect>();
  for (const { op, urn, oldState } of steps.filter((step) => isOfMailSystem(step.urn))) {
    const { type = "", name = urn, parent = "" } = resources.get(urn) ?? {};
    const key = exchangerKey(parent, resources);
    if (key !== undefined && (type === "aws:ec2/instance:Instance" || (type === "command:remote:Command" && name.endsWith("-apply")))) {
      const effect = machineEffect(OPS[op] ?? "none", type);
      const known = machines.get(key) ?? "none";
      machines.set(key, EFFECTS.indexOf(effect) > EFFECTS.indexOf(known) ? effect : known);
    }
    // The second half of a replacement has the same old state as the first.
    if (oldState === undefined || op === "delete-replaced") continue;
    if (type === "cloudflare:index/dnsRecord:DnsRecord" || type === "cloudflare:index/record:Record") {
      records.push(fromCloudflare(blank(oldState.inputs), `content of ${name}`));
    } else if (type === "aws:ec2/eipDomainName:EipDomainName") {
      // The resource has the name that it leads to, and the id of the address; the address itself is the exchanger's.
      const address = addresses.get(parent);
      const reverse = address === undefined ? unknownReverseName(key ?? name) : reverseName(address);
      records.push({ name: reverse, type: "PTR", content: String(oldState.inputs.domainName), ttl: PTR_TTL });
    }
  }
  return { label: `pulumi:${file}`, kind: "plan", records, machines };
}

/** What a preview would make, each as type and name. */
export function createdResources(file: string): ReadonlySet<string> {
  const created = readSteps(readText(file), file).filter(({ op }) => op === "create");
  return new Set(created.map(({ urn, newState }) => `${newState?.type ?? ""} ${urn.split("::").slice(3).join("::")}`));
}

/** A command that brings a new configuration changes a host; one that is made or goes away does so with its machine. */
function machineEffect(effect: MachineEffect, type: string): MachineEffect {
  if (type === "aws:ec2/instance:Instance") return effect;
  return effect === "updated" || effect === "replaced" ? "updated" : "none";
}

function blank(inputs: State["inputs"]): State["inputs"] {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== SECRET && !JSON.stringify(value ?? null).includes(UNKNOWN)),
  );
}

function readSteps(text: string, file: string): Step[] {
  const fail = (what: string): InvalidInput =>
    new InvalidInput(`${file} is not what \`pulumi preview --json --show-sames\` prints: ${what}.`);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    const isStream = text.trimStart().startsWith('{"sequence"');
    throw fail(
      isStream
        ? "it is a stream of events, one a line; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
        : `it is no JSON (${(error as Error).message})`,
    );
  }
  if (!isMap(read)) throw fail("it is no object");
  if ("sequence" in read) throw fail("it is an event of a stream; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW");
  const { steps, changeSummary, diagnostics } = read;
  for (const diagnostic of Array.isArray(diagnostics) ? diagnostics : []) {
    if (isMap(diagnostic) && diagnostic.severity === "error") {
      throw new Error(`the preview in ${file} failed, so it has a part of the steps only: ${String(diagnostic.message).trim()}`);
    }
  }
  if (!Array.isArray(steps)) throw fail("it has no list of steps");
  const checked = steps.map((step: unknown, index) => {
    if (!isMap(step) || typeof step.op !== "string" || typeof step.urn !== "string") throw fail(`steps[${index}] has no op or no urn`);
    if (!(step.op in OPS)) throw fail(`steps[${index}] does "${step.op}", which is no step that is known here`);
    return { op: step.op, urn: step.urn, oldState: state(step.oldState, index), newState: state(step.newState, index) };
  });
  function state(value: unknown, index: number): State | undefined {
    if (value === undefined || value === null) return undefined;
    if (!isMap(value) || typeof value.type !== "string") throw fail(`steps[${index}] has a state without a type`);
    const { type, parent, inputs, outputs } = value;
    return {
      type,
      ...(typeof parent === "string" ? { parent } : {}),
      inputs: isMap(inputs) ? inputs : {},
      outputs: isMap(outputs) ? outputs : {},
    };
  }
  const same = isMap(changeSummary) ? Number(changeSummary.same ?? 0) : 0;
  if (checked.filter(({ op }) => op === "same").length < same) {
    throw fail(`it leaves out the ${same} resources that stay as they are; add --show-sames`);
  }
  return checked;
}
