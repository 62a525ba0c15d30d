/**
 * Loaded into the child process before `@pulumi/pulumi/cmd/run`, the SDK's own way of running a program: puts the SDK's mocks where the engine would be,
 * and tells the parent what the program registers. Nothing is asked of a provider, so no credential is needed. What is known only after a deploy stays
 * unknown, but for addresses of hosts, which others stand for.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { MockResourceArgs, Mocks } from "@pulumi/pulumi/runtime/mocks";
import { unknownAddress } from "../../../dns/presentation";
import { observePlans } from "../../../plan/observer";
import type { MailPlan } from "../../../plan/types";
import { exchangerKey } from "./exchanger-key";
import { standIn } from "./stand-in-address";

/** A resource as the program asked for it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN; empty where there is none. */
  readonly parent: string;
  readonly inputs: { readonly [key: string]: unknown };
}

export interface Recording {
  readonly resources: readonly Registered[];
  readonly plans: readonly MailPlan[];
  /** Addresses that stand for unknown ones, and the names of those. */
  readonly addresses: readonly (readonly [string, string])[];
}

/** What the request to the mocks' monitor and its answer have, of which the mocks themselves are not told. */
interface Request {
  getParent(): string;
}
interface Answer {
  getUrn(): string;
}
type Register = (request: Request, callback: (error: unknown, answer: Answer) => void) => Promise<void>;

// Only this process: what the program starts is its own business.
delete process.env.NODE_OPTIONS;

// The program's own copy, wherever this file lies.
const load = createRequire(join(process.cwd(), "package.json"));
const { MockMonitor, setMocks } = load("@pulumi/pulumi/runtime/mocks") as typeof import("@pulumi/pulumi/runtime/mocks");

const resources = new Map<string, Registered>();
const plans: MailPlan[] = [];
const addresses = new Map<string, string>();
observePlans((plan) => void plans.push(plan));

let parent = "";
let inputs: Registered["inputs"] = {};
const monitor = MockMonitor.prototype as unknown as { registerResource: Register };
const register = monitor.registerResource;
monitor.registerResource = function (request, callback) {
  // `newResource` below is called before this call returns, so these are its own.
  parent = request.getParent();
  inputs = {};
  let mine = inputs;
  const done = register.call(this, request, (error, answer) => {
    if (error === null) {
      const urn = answer.getUrn();
      const [, , qualified = "", ...name] = urn.slice("urn:pulumi:".length).split("::");
      resources.set(urn, {
        type: qualified.slice(qualified.lastIndexOf("$") + 1),
        name: name.join("::"),
        urn,
        parent: request.getParent(),
        inputs: mine,
      });
    }
    callback(error, answer);
  });
  mine = inputs;
  return done;
};

const mocks: Mocks = {
  newResource(args) {
    inputs = unsealed(args.inputs) as Registered["inputs"];
    return { id: args.custom === false ? undefined : args.id, state: { ...inputs, ...outputs(args) } };
  },
  call: ({ token, inputs: asked }) => answers(token, asked as { readonly [key: string]: unknown }),
};

/** What records are made of. */
function outputs({ type, name }: MockResourceArgs): { readonly [key: string]: unknown } {
  if (type !== "aws:ec2/eip:Eip") return {};
  const publicIp = standIn(addresses.size);
  addresses.set(publicIp, unknownAddress(exchangerKey(parent, resources) ?? name));
  return { publicIp };
}

/** The look-ups of the components. Others answer nothing. */
function answers(token: string, asked: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  switch (token) {
    case "cloudflare:index/getZone:getZone":
      return { zoneId: `zone of ${String((asked.filter as { name?: string } | undefined)?.name)}` };
    // With adoptRecords; which records a zone holds is another source's business.
    case "cloudflare:index/getDnsRecords:getDnsRecords":
      return { results: [] };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["zone-a", "zone-b", "zone-c"] };
    case "aws:ec2/getSubnet:getSubnet":
      return { id: "subnet", vpcId: "vpc", availabilityZone: asked.availabilityZone ?? "zone-a" };
    case "aws:ssm/getParameter:getParameter":
      return { insecureValue: "image" };
    default:
      return {};
  }
}

/** Secret inputs reach mocks in an envelope (Pulumi's RPC protocol); what was in it is not kept. */
function unsealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsealed);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unsealed(each)]));
}

const { PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: stack, PULUMI_NODEJS_ORGANIZATION: organization } = process.env;
void setMocks(mocks, project, stack, true, organization);

// Only a program that came to its end has told everything.
process.on("exit", (code) => {
  if (code !== 0) return;
  const kept = [...resources.values()].filter(({ type }) => /DnsRecord$|:Record$|EipDomainName$|^pulumi-mailserver:/.test(type));
  process.send?.({ resources: kept, plans, addresses: [...addresses] } satisfies Recording);
});
