import { randomBytes } from "node:crypto";
import { stateOnly } from "../world";
import { noCalls } from "../protocol/calls";
import { any, boolean, list, number, object, string, type Context, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { type Connection, runBySsh, type Ran } from "./ssh";
import { answer } from "./state-only-host";

/** `remote.Logging` of the SDK. */
const LOGGING = ["stdout", "stderr", "stdoutAndStderr", "none"];

const endpoint = {
  host: string({ required: true }),
  user: string({ default: "root" }),
  port: number({ default: 22 }),
  privateKey: string(),
  privateKeyPassword: string(),
  password: string(),
  agentSocketPath: string(),
  hostKey: string(),
  dialErrorLimit: number({ default: 10 }),
  perDialTimeout: number({ default: 15 }),
};

/**
 * `remote.Command` (pulumi-command, provider/pkg/provider/remote): `create` runs when the resource is made, `update` or else `create` when an input changed,
 * `delete` when it goes. A preview runs nothing. A changed trigger replaces, which the SDK asks for itself.
 */
export const remoteCommand: ResourceDefinition = {
  token: "command:remote:Command",
  inputs: {
    addPreviousOutputInEnv: boolean({ default: true }),
    connection: object({ ...endpoint, proxy: object(endpoint) }, { required: true }),
    create: string(),
    delete: string(),
    logging: string({
      check: (value) => (LOGGING.includes(String(value)) ? undefined : `${String(value)} is none of ${LOGGING.join(", ")}`),
    }),
    stdin: string(),
    triggers: list(any()),
    update: string(),
  },
  // Works only where the host's SSH server accepts the variables; the product needs none.
  notSimulated: ["environment"],
  calls: noCalls,
  computed: { stdout: "renewed", stderr: "renewed" },
  secretOutputs: ["connection"],

  async create(inputs, context) {
    return { id: `cmd-${randomBytes(6).toString("hex")}`, outputs: { ...inputs, ...(await run(inputs.create, inputs, context)) } };
  },
  async read(_id, outputs) {
    return outputs;
  },
  async update(_id, inputs, previous, context) {
    const command = inputs.update ?? inputs.create;
    // Without a command the outputs stay (commandController.go, Update).
    const said =
      command === undefined ? { stdout: previous.stdout ?? "", stderr: previous.stderr ?? "" } : await run(command, inputs, context);
    return { ...inputs, ...said };
  },
  async delete(_id, outputs, context) {
    if (outputs.delete !== undefined) await run(outputs.delete, outputs, context);
  },
};

async function run(command: unknown, inputs: Properties, context: Context): Promise<{ stdout: string; stderr: string }> {
  if (typeof command !== "string" || command === "") return { stdout: "", stderr: "" };
  const logging = inputs.logging ?? "stdoutAndStderr";
  const shows = (stream: "stdout" | "stderr"): boolean => logging === stream || logging === "stdoutAndStderr";
  const request = {
    connection: inputs.connection as unknown as Connection,
    command,
    stdin: typeof inputs.stdin === "string" ? inputs.stdin : "",
    line: (stream: "stdout" | "stderr", text: string): void => {
      if (shows(stream)) context.log(text);
    },
    signal: context.signal,
  };
  const ran: Ran = context.cloud.world === stateOnly ? answer(context.cloud.read(), request) : await runBySsh(request);
  if (ran.status !== 0) {
    // As the provider says it (provider/pkg/provider/remote/commandOutputs.go); what went in is never repeated.
    throw new Error(
      [`Process exited with status ${ran.status}: running "${command}":`, ran.stdout.trim(), ran.stderr.trim()].filter(Boolean).join("\n"),
    );
  }
  return { stdout: ran.stdout.replace(/\n$/, ""), stderr: ran.stderr.replace(/\n$/, "") };
}
