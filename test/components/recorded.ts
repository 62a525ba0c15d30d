import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { setImmediate as turn } from "node:timers/promises";

/** A resource as the engine was asked for it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What a program registered, in the order in which its dependencies let it. */
export interface Recording {
  readonly resources: Registered[];
  /** Options of each resource, by name. */
  readonly options: Map<string, pulumi.CustomResourceOptions>;
  /** Names of what each resource depends on, as the engine was told; by name. */
  readonly dependencies: Map<string, readonly string[]>;
}

const FINGERPRINT = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0").toUpperCase()).join(":");

/** What hosts answer to the commands of the program, by the end of the command's name. */
function stdout(name: string, stdin = ""): string {
  if (name.endsWith("-hostkey")) return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMockMockMockMockMockMockMockMockMockMockMock\n";
  if (name.endsWith("-keys")) return `${JSON.stringify({ peer: FINGERPRINT, tls: FINGERPRINT })}\n`;
  if (name.endsWith("-dkim")) return `${JSON.stringify(dkimKeys(stdin))}\n`;
  return "{}\n";
}

/** Each key is its selector again and again. */
function dkimKeys(lines: string): { [domain: string]: { [selector: string]: string } } {
  const all = lines
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  const of = (domain: string): [string, string][] =>
    all.filter(([name]) => name === domain).map(([, selector = ""]) => [selector, selector.repeat(22)]);
  return Object.fromEntries(all.map(([domain = ""]) => [domain, Object.fromEntries(of(domain))]));
}

const nothing = (): Recording => ({ resources: [], options: new Map(), dependencies: new Map() });

let record = nothing();

/** Mocks are not told of dependencies; the request to their monitor has them. */
const register = MockMonitor.prototype.registerResource;
MockMonitor.prototype.registerResource = function (request, callback) {
  const names = (request.getDependenciesList() as string[]).map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
  record.dependencies.set(request.getName() as string, names);
  return register.call(this, request, callback);
};

/** Runs `program` as `pulumi preview` or `pulumi up` would, against nothing. Rejects as the program does. */
export async function recording(program: (transforms: pulumi.ResourceOptions) => void, preview = false): Promise<Recording> {
  record = nothing();
  const mine = record;
  await pulumi.runtime.setMocks(
    {
      async newResource(args) {
        // A few turns of the event loop each, so that an order is seen only where a dependency makes one.
        for (let turns = args.name.length % 5; turns > 0; turns -= 1) await turn();
        mine.resources.push({ type: args.type, name: args.name, inputs: args.inputs });
        return { id: `${args.name}-id`, state: { ...args.inputs, ...outputs(args, preview) } };
      },
      call({ token, inputs }) {
        switch (token) {
          case "aws:index/getAvailabilityZones:getAvailabilityZones":
            return { names: ["eu-central-1c", "eu-central-1a", "eu-central-1b"] };
          case "aws:ec2/getSubnet:getSubnet":
            return { id: "subnet-1", vpcId: "vpc-1", availabilityZone: inputs.availabilityZone ?? "eu-central-1a" };
          case "aws:ssm/getParameter:getParameter":
            return { insecureValue: `ami-${inputs.name}` };
          case "cloudflare:index/getZone:getZone":
            return { zoneId: `zone of ${inputs.filter.name}` };
          default:
            throw new Error(`the program calls ${token}, which no mock answers`);
        }
      },
    },
    "mailserver",
    "test",
    preview,
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    program({
      transformations: [
        ({ name, opts }) => {
          mine.options.set(name, opts);
          return undefined;
        },
      ],
    });
  });
  await pulumi.runtime.disconnect();
  return mine;
}

function outputs({ type, name, inputs }: pulumi.runtime.MockResourceArgs, preview: boolean): Record<string, unknown> {
  if (preview) return {};
  switch (type) {
    case "aws:ec2/eip:Eip":
      return { publicIp: name.includes("mx2") ? "198.51.100.2" : "198.51.100.1", allocationId: `eipalloc-${name}` };
    case "command:remote:Command":
      return { stdout: stdout(name, inputs.stdin as string | undefined), stderr: "" };
    default:
      return {};
  }
}

/** Position of a resource in the recording; fails when it is not there. */
export function at(recorded: Recording, name: string): number {
  const index = recorded.resources.findIndex((resource) => resource.name === name);
  if (index < 0) throw new Error(`"${name}" was not registered; registered were: ${recorded.resources.map((it) => it.name).join(", ")}`);
  return index;
}

/** A resource of the recording, by name. */
export function found(recorded: Recording, name: string): Registered {
  return recorded.resources[at(recorded, name)]!;
}
