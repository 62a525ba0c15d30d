import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Lines for the person who runs the engine, shown under their resource. */
export class EngineLog {
  private client: EngineClient | undefined;

  constructor(address: string | undefined) {
    if (address !== undefined) this.connect(address);
  }

  connect(address: string): void {
    if (address !== "") this.client ??= new EngineClient(address, credentials.createInsecure());
  }

  info(urn: string, message: string): void {
    // A lost line is no reason to fail a change.
    this.client?.log(new LogRequest().setSeverity(LogSeverity.INFO).setMessage(message).setUrn(urn), () => {});
  }
}
