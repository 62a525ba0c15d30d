/**
 * Stands in for `pulumi-language-nodejs` where no Pulumi installation brings it: prints its port and runs the program by the SDK's own
 * entry point, as the real host does (pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go).
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from "@grpc/grpc-js";
import { LanguageRuntimeService, type ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  RunPluginResponse,
  RunResponse,
  type LanguageHandshakeRequest,
  type RunPluginRequest,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "@pulumi/pulumi/version";

/** The SDK's exit code for "the user has been told already". */
const ALREADY_TOLD = 32;

let engineAddress =
  process.argv
    .slice(2)
    .filter((argument) => !argument.startsWith("-"))
    .at(-1) ?? "";

function run(request: RunRequest): Promise<RunResponse> {
  const info = request.getInfo();
  const entry = createRequire(join(info?.getProgramDirectory() ?? request.getPwd(), "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const flags = [
    ...["--monitor", request.getMonitorAddress()],
    ...["--engine", engineAddress],
    ...["--project", request.getProject()],
    ...["--stack", request.getStack()],
    ...["--organization", request.getOrganization()],
    ...["--root-directory", info?.getRootDirectory() ?? request.getPwd()],
    ...["--pwd", request.getPwd()],
    ...["--parallel", String(request.getParallel())],
    ...(request.getDryrun() ? ["--dry-run"] : []),
  ];
  const program = spawn(process.execPath, [entry, ...flags, info?.getEntryPoint() ?? ".", ...request.getArgsList()], {
    cwd: request.getPwd(),
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // The SDK starts the program with its own TypeScript loader.
      NODE_OPTIONS: "",
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_NODEJS_TYPESCRIPT: "true",
    },
  });
  program.stdout.pipe(process.stdout);
  program.stderr.pipe(process.stderr);
  return new Promise((resolve, reject) => {
    program.on("error", reject);
    program.on("close", (code) => {
      const response = new RunResponse();
      if (code === ALREADY_TOLD) response.setBail(true);
      else if (code !== 0) response.setError(`the program ended with code ${code}`);
      resolve(response);
    });
  });
}

/** Runs a policy pack by the SDK's own entry point, in the pack's folder, as the real host does; what it prints goes back as it comes. */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  if (request.getKind() !== "analyzer") {
    call.destroy(new Error(`a plugin of kind ${request.getKind()} is not run here, only a policy pack`));
    return;
  }
  const entry = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const pack = spawn(process.execPath, [entry, ...request.getArgsList(), folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(request.getEnvList().map((line) => line.split(/=(.*)/s).slice(0, 2))), NODE_OPTIONS: "" },
  });
  pack.stdout.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStdout(chunk)));
  pack.stderr.on("data", (chunk: Buffer) => call.write(new RunPluginResponse().setStderr(chunk)));
  pack.on("close", (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  // The engine has what it wanted.
  call.on("cancelled", () => pack.kill());
}

const unary =
  <Request, Response>(respond: (request: Request) => Response | Promise<Response>) =>
  (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(respond(call.request)).then((response) => callback(null, response), callback);
  };

const host: Partial<ILanguageRuntimeServer> = {
  handshake: unary<LanguageHandshakeRequest, LanguageHandshakeResponse>((request) => {
    engineAddress = request.getEngineAddress();
    return new LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
  // Plugins are in place; nothing is to be acquired.
  getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
  about: unary(() => new AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
  cancel: unary(() => new Empty()),
  run: unary(run),
  runPlugin,
};

const server = new Server({ "grpc.max_receive_message_length": -1 });
server.addService(LanguageRuntimeService, host as ILanguageRuntimeServer);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
