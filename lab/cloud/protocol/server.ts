import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { ResourceProviderService, type IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Cloud } from "../cloud";
import type { Context, Failure } from "./definition";
import { EngineLog } from "./engine-log";
import { revealAll, type Properties } from "./property-value";
import type { Provider } from "./provider";

const toProperties = (struct: Struct | undefined): Properties => (struct?.toJavaScript() ?? {}) as Properties;
const toStruct = (properties: Properties): Struct => Struct.fromJavaScript(properties as { [key: string]: JavaScriptValue });

const toFailures = (failures: readonly Failure[]): rpc.CheckFailure[] =>
  failures.map(({ property, reason }) => {
    const failure = new rpc.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });

/** Serves the provider on a free port of loopback; resolves with the port, which the engine reads from the plugin's standard output. */
export function serve(provider: Provider, cloud: Cloud, engineAddress: string | undefined): Promise<number> {
  const log = new EngineLog(engineAddress);
  const stop = new AbortController();
  // The engine starts one process for each provider resource, so there is one configuration.
  let config: Properties = {};
  /** `seconds`: the resource's own time limit, 0 for none. */
  const context = (urn: string, seconds = 0): Context => ({
    cloud,
    urn,
    config,
    log: (line) => log.info(urn, line),
    signal: seconds > 0 ? AbortSignal.any([stop.signal, AbortSignal.timeout(seconds * 1000)]) : stop.signal,
  });

  const service: Partial<IResourceProviderServer> = {
    handshake: unary<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>((request) => {
      log.connect(request.getEngineAddress());
      return new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(true);
    }),
    attach: unary(() => new Empty()),
    // The engine sends Cancel whenever it closes a provider, and ends the process itself.
    cancel: unary(() => {
      stop.abort();
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
    getSchema: unary(() =>
      new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name: provider.definition.name, version: provider.version })),
    ),
    checkConfig: unary<rpc.CheckRequest, rpc.CheckResponse>((request) =>
      new rpc.CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(toFailures(provider.checkConfig(toProperties(request.getNews())))),
    ),
    diffConfig: unary(() => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary<rpc.ConfigureRequest, rpc.ConfigureResponse>(async (request) => {
      config = revealAll(toProperties(request.getArgs()));
      await provider.configure(context(""));
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true).setAcceptresources(true).setAcceptoutputs(true);
    }),
    check: unary<rpc.CheckRequest, rpc.CheckResponse>((request) => {
      const urn = request.getUrn();
      const { inputs, failures } = provider.check(
        tokenOf(urn),
        urn.slice(urn.lastIndexOf("::") + 2),
        toProperties(request.getNews()),
        toProperties(request.getOlds()),
        config,
      );
      return new rpc.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(toFailures(failures));
    }),
    diff: unary<rpc.DiffRequest, rpc.DiffResponse>((request) => diff(provider, request)),
    create: unary<rpc.CreateRequest, rpc.CreateResponse>(async (request) => {
      const inputs = toProperties(request.getProperties());
      const created = await provider.create(
        tokenOf(request.getUrn()),
        inputs,
        request.getPreview(),
        context(request.getUrn(), request.getTimeout()),
      );
      return new rpc.CreateResponse().setId(created.id).setProperties(toStruct(created.outputs));
    }),
    read: unary<rpc.ReadRequest, rpc.ReadResponse>(async (request) => {
      const token = tokenOf(request.getUrn());
      const inputs = toProperties(request.getInputs());
      const { id, outputs } = provider.known(token, request.getId(), inputs, toProperties(request.getProperties()));
      const found = await provider.read(token, id, inputs, outputs, context(request.getUrn()));
      // An empty id says that the resource is gone.
      if (found === undefined) return new rpc.ReadResponse();
      return new rpc.ReadResponse().setId(id).setInputs(toStruct(found.inputs)).setProperties(toStruct(found.outputs));
    }),
    update: unary<rpc.UpdateRequest, rpc.UpdateResponse>(async (request) => {
      const outputs = await provider.update(
        tokenOf(request.getUrn()),
        request.getId(),
        toProperties(request.getNews()),
        toProperties(request.getOlds()),
        request.getPreview(),
        context(request.getUrn(), request.getTimeout()),
      );
      return new rpc.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary<rpc.DeleteRequest, Empty>(async (request) => {
      await provider.delete(
        tokenOf(request.getUrn()),
        request.getId(),
        toProperties(request.getProperties()),
        context(request.getUrn(), request.getTimeout()),
      );
      return new Empty();
    }),
    invoke: unary<rpc.InvokeRequest, rpc.InvokeResponse>(async (request) => {
      const { result, failures } = await provider.invoke(request.getTok(), toProperties(request.getArgs()), context(""));
      return new rpc.InvokeResponse().setReturn(toStruct(result)).setFailuresList(toFailures(failures));
    }),
  };

  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, service as IResourceProviderServer);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

function diff(provider: Provider, request: rpc.DiffRequest): rpc.DiffResponse {
  const changes = provider.diff(tokenOf(request.getUrn()), toProperties(request.getOldInputs()), toProperties(request.getNews()));
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  const names = (some: readonly { property: string }[]): string[] => [...new Set(some.map((change) => change.property))];
  const response = new rpc.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(names(changes))
    .setReplacesList(names(changes.filter((change) => change.replaces)));
  if (!provider.definition.detailedDiff) return response;
  response.setHasdetaileddiff(true);
  const { Kind } = rpc.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  for (const change of changes) {
    const detail = new rpc.PropertyDiff().setKind(kinds[change.kind][change.replaces ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  return response;
}

/** The type of a resource from its URN: the last type of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function tokenOf(urn: string): string {
  const type = urn.split("::")[2]?.split("$").at(-1);
  if (type === undefined) throw new Error(`not a URN: ${urn}`);
  return type;
}

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

/** Turns a function into a handler; what it throws is the text that the engine shows. */
const unary =
  <Request, Response>(respond: (request: Request) => Response | Promise<Response>): Handler<Request, Response> =>
  (call, callback) => {
    Promise.resolve()
      .then(() => respond(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
