import { aws } from "./aws/provider";
import type { Cloud } from "./cloud";
import { cloudflare } from "./cloudflare/provider";
import { normalise } from "./cloudflare/record-content";
import type { Properties } from "./protocol/property-value";
import type { CloudState } from "./state";

/** A resource that an engine was having made when it was killed. */
export interface InterruptedCreate {
  /** The SDK's type token. */
  readonly token: string;
  readonly inputs: Properties;
}

type Kept = { readonly [field: string]: unknown };

/** What the cloud keeps of each type that has an id of its own, and the fields by which it is recognised. Everything else is made anew without harm. */
const KINDS: readonly {
  readonly token: string;
  readonly all: (state: CloudState) => { readonly [id: string]: object };
  readonly fields: readonly string[];
}[] = [
  { token: "aws:ec2/instance:Instance", all: (state) => state.instances, fields: ["tags"] },
  { token: "aws:ebs/volume:Volume", all: (state) => state.volumes, fields: ["tags"] },
  { token: "aws:ec2/eip:Eip", all: (state) => state.addresses, fields: ["tags"] },
  { token: "aws:ec2/securityGroup:SecurityGroup", all: (state) => state.securityGroups, fields: ["tags"] },
  ...["Ingress", "Egress"].map((direction) => ({
    token: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    all: (state: CloudState) =>
      Object.fromEntries(Object.entries(state.securityGroupRules).filter(([, rule]) => rule.direction === direction.toLowerCase())),
    fields: ["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"],
  })),
  { token: "cloudflare:index/dnsRecord:DnsRecord", all: (state) => state.records, fields: ["zoneId", "name", "type", "content"] },
];

/**
 * Undoes what the cloud did for engines that were killed before they wrote its id down: such a machine would run, and such a record stand in the way of
 * the next, until a person found it in the console. `known` are the ids that the engine's state has. Returns what it took away.
 */
export async function undoCreates(cloud: Cloud, creates: readonly InterruptedCreate[], known: ReadonlySet<string>): Promise<string[]> {
  const undone: string[] = [];
  for (const { token, inputs } of creates) {
    const kind = KINDS.find((candidate) => candidate.token === token);
    if (kind === undefined) continue;
    const wanted = asKept(inputs);
    for (const [id, kept] of Object.entries(kind.all(cloud.read()))) {
      if (known.has(id) || !kind.fields.every((field) => alike(wanted[field], (kept as Kept)[field]))) continue;
      const definition = [...aws.resources, ...cloudflare.resources].find((candidate) => candidate.token === token);
      await definition?.delete(id, inputs, { cloud, urn: "", config: {}, log: () => {}, signal: new AbortController().signal });
      undone.push(`${token.slice(token.lastIndexOf(":") + 1)} ${id}`);
    }
  }
  return undone;
}

/** Inputs in the form in which the cloud keeps them. */
function asKept(inputs: Properties): Kept {
  const { name, type, content } = inputs;
  return {
    ...inputs,
    ...(typeof name === "string" ? { name: name.toLowerCase() } : {}),
    ...(typeof type === "string" && typeof content === "string" ? { content: normalise(type, content) } : {}),
  };
}

const alike = (wanted: unknown, kept: unknown): boolean => JSON.stringify(sorted(wanted)) === JSON.stringify(sorted(kept));

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
