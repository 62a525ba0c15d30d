import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { once } from "node:events";
import { unknownReverseName } from "../../../dns/presentation";
import { planSide, type Side, type SourceRecord } from "../../../dns/review/side";
import { InvalidInput } from "../../exit-status";
import { fromCloudflare } from "./cloudflare-record";
import { exchangerKey, isOfMailSystem } from "./exchanger-key";
import { isMap, type Project } from "./project";
import type { Recording, Registered } from "./recorder";
import { STAND_IN } from "./stand-in-address";
import { isSecret, stackConfig } from "./stack-file";

/**
 * Stands for a value that is encrypted in the stack file. It has the form of a password hash, since those are checked; where a text is wanted it is as good
 * as any. It opens nothing.
 */
const SEALED = `{BLF-CRYPT}$2b$10$${".".repeat(53)}`;

/** Of a PTR, which has none in the program: AWS chooses it. */
const DEFAULT_TTL = 300;

/** A program that takes longer does not end by itself. */
const LIMIT_MS = 5 * 60_000;

/** Runs a program of a stack without engine and providers, and returns what it registered. */
export async function runProgram(
  project: Project,
  stack: string,
  stackFile: { readonly name: string; readonly text: string },
): Promise<Recording> {
  const main = resolve(project.folder, project.main);
  // As Pulumi does: a program's folder is where its package is found from.
  const folder = /\.[cm]?[jt]s$/.test(main) ? project.folder : main;
  const entry = runner(folder);
  const child = spawn(process.execPath, [entry, ...flags(project, stack), project.main], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...process.env,
      NODE_OPTIONS: preload(),
      PULUMI_CONFIG: JSON.stringify(configuration(project, stackFile)),
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_NODEJS_STACK: stack,
      PULUMI_NODEJS_ORGANIZATION: "organization",
    },
    timeout: LIMIT_MS,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let recording: Recording | undefined;
  child.on("message", (message) => (recording = message as Recording));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (code === 0 && recording !== undefined) return recording;
  throw programFailure(project, said, signal);
}

/** The SDK's own entry point, of the SDK that the program has. */
function runner(folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    const wayOut = existsSync(join(folder, "node_modules")) ? "it must be a Pulumi program for Node.js" : "run npm ci there first";
    throw new InvalidInput(`there is no package @pulumi/pulumi for the program in ${folder}; ${wayOut}.`);
  }
}

/** By environment, since the SDK loads programs otherwise when it sees such an option. This package's own tests run it as it is written. */
function preload(): string {
  const recorder = join(__dirname, "recorder");
  if (!__filename.endsWith(".ts")) return `--require ${JSON.stringify(`${recorder}.js`)}`;
  const api = pathToFileURL(require.resolve("tsx/cjs/api")).href;
  // Only for the recorder: the program is loaded by the SDK's own compiler.
  const load = `import { createRequire } from 'node:module'; import tsx from '${api}'; const end = tsx.register(); createRequire('${recorder}.ts')('${recorder}.ts'); end()`;
  return `--import data:text/javascript,${encodeURIComponent(load)}`;
}

const flags = (project: Project, stack: string): string[] => [
  ...["--monitor", "mock", "--project", project.name, "--stack", stack, "--organization", "organization"],
  ...["--root-directory", project.folder, "--pwd", project.folder, "--parallel", "0", "--dry-run"],
];

function configuration(project: Project, stackFile: { readonly name: string; readonly text: string }): { [key: string]: string } {
  const own = stackConfig(stackFile.text, stackFile.name).map(([key, value]): [string, unknown] => [
    key.includes(":") ? key : `${project.name}:${key}`,
    value,
  ]);
  return Object.fromEntries([...project.defaults, ...own].map(([key, value]) => [key, asText(value)]));
}

/** As Pulumi hands it over. Whole objects that are encrypted are empty ones here. */
function asText(value: unknown): string {
  if (isSecret(value)) return "{}";
  return typeof value === "object" ? JSON.stringify(sealed(value)) : String(value);
}

function sealed(value: unknown): unknown {
  if (isSecret(value)) return SEALED;
  if (Array.isArray(value)) return value.map(sealed);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sealed(each)])) : value;
}

/** What the program said, without the SDK's words around it and without a stack trace. */
function programFailure({ name }: Project, said: string, signal: NodeJS.Signals | null): Error {
  if (signal !== null) return new Error(`the program of ${name} was ended by ${signal}, after ${LIMIT_MS / 60_000} minutes at the most`);
  const lines = stripVTControlCharacters(said)
    .replaceAll("error: [runtime] ", "")
    .split("\n")
    .filter((text) => text.trim() !== "" && !/Running program .* failed with an unhandled exception/.test(text));
  const declaration = lines.findIndex((text) => text.includes("the declaration of the mail system has"));
  if (declaration >= 0) return new InvalidInput(lines.slice(declaration, firstOfStack(lines, declaration)).join("\n"));
  const shown = lines.slice(0, Math.min(20, firstOfStack(lines, 0))).map((text) => text.replace(/^<ref \*\d+> /, ""));
  return new Error(
    [
      `the program of ${name} did not come to its end without providers:`,
      ...(shown.length > 0 ? shown : ["it said nothing"]).map((text) => `  ${text}`),
    ].join("\n"),
  );
}

/** Where Node.js begins to show the stack, or what an error holds. */
function firstOfStack(lines: readonly string[], from: number): number {
  const index = lines.findIndex((text, at) => at >= from && /^\s+at |^\s+(promise|code|requireStack): /.test(text));
  return index < 0 ? lines.length : index;
}

/** A record, and the resource that it is. */
export interface ProgramRecord {
  readonly record: SourceRecord;
  readonly resource: Registered;
}

const identityOf = ({ name, type, comment }: SourceRecord): string => `${name} ${type} ${comment}`;

/** The records of the mail system among what a program registered. */
export function programRecords({ resources, plans, addresses }: Recording): ProgramRecord[] {
  const names = new Map(addresses);
  const named = (content: unknown): unknown =>
    typeof content === "string" ? content.replace(STAND_IN, (address) => names.get(address) ?? address) : content;
  const [plan, ...others] = plans;
  const planned = new Map(
    (plan === undefined || others.length > 0 ? [] : planSide("", plan).records).map((record) => [identityOf(record), record.content]),
  );
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources
    .filter(({ urn }) => isOfMailSystem(urn))
    .flatMap((resource): ProgramRecord[] => {
      const { type, name, inputs, parent } = resource;
      if (/^cloudflare:index\/(dnsRecord:DnsRecord|record:Record)$/.test(type)) {
        const record = fromCloudflare({ ...inputs, content: named(inputs.content) }, `content of ${name}`);
        // Keys that hosts make: the plan knows what they are called.
        const content = record.content.startsWith("«") ? (planned.get(identityOf(record)) ?? record.content) : record.content;
        return [{ resource, record: { ...record, content } }];
      }
      if (type !== "aws:ec2/eipDomainName:EipDomainName") return [];
      const record = {
        name: unknownReverseName(exchangerKey(parent, byUrn) ?? name),
        type: "PTR",
        content: String(inputs.domainName),
        ttl: plans[0]?.ttl ?? DEFAULT_TTL,
        comment: "The address leads back to the name that the host says",
      };
      return [{ resource, record }];
    });
}

export function recordingSide(label: string, recording: Recording): Side {
  const records = programRecords(recording).map(({ record }) => record);
  if (records.length === 0) {
    throw new InvalidInput(
      `${label} makes no record of a mail system; it must make a MailServer, a MailExchanger or a MailDns of pulumi-mailserver.`,
    );
  }
  const [plan, ...others] = recording.plans;
  return { label, kind: "plan", records, ...(plan !== undefined && others.length === 0 ? { plan } : {}) };
}
