import { setTimeout as sleep } from "node:timers/promises";
import { record, type Operation } from "../journal";
import type { Context, ProviderDefinition } from "./definition";
import { ServiceError } from "./service-error";

/** A provider's first attempt is refused and its second one passes. Real ones wait up to a second here (AWS SDKs, "Retry behavior"). */
const SECOND_ATTEMPT = 50;
/** How long the provider's own looking for what it has made goes on: `ec2PropagationTimeout`, minutes in reality. */
const PROPAGATION_TIMEOUT = 30_000;

/** Refusals of a service that shows changes late which the provider does not try again, as far as its source tells (lab/cloud/README.md). */
const isSurfacing = (error: unknown): boolean =>
  error instanceof ServiceError && (error.code.endsWith(".NotFound") || error.code === "InvalidAddress.PtrSet");

/** The requests of one provider process: written down, throttled, and answered late where the lab's settings say so. */
export class Requests {
  private made = 0;

  constructor(private readonly definition: ProviderDefinition) {}

  async make(operation: Operation, { cloud }: Context): Promise<void> {
    record(cloud.lab, operation);
    const [first] = operation.calls;
    const { throttling } = cloud.settings;
    this.made += operation.calls.length;
    if (throttling === "none" || first === undefined || this.definition.throttled === undefined) return;
    if (throttling === "retried") await sleep(SECOND_ATTEMPT);
    else if (this.made > (throttling[this.definition.name] ?? Infinity)) throw this.definition.throttled(first);
  }

  /** What a describing call is shown. */
  seen(context: Context): Context {
    return this.isLate(context) ? { ...context, cloud: context.cloud.asDescribed() } : context;
  }

  /** The provider waits until it sees what it has made. */
  async waitFor(context: Context, isThere: (seen: Context) => Promise<boolean>): Promise<void> {
    if (!this.isLate(context)) return;
    const end = Date.now() + PROPAGATION_TIMEOUT;
    while (!(await isThere(this.seen(context)))) {
      if (Date.now() > end) throw new Error("couldn't find resource (21 retries)");
      await sleep(20);
    }
  }

  /** The operation as a part of the service that sees changes latest would answer it. Only a refusal counts; nothing is changed. */
  async beUnlucky(context: Context, operation: (seen: Context) => Promise<unknown>): Promise<void> {
    if (!this.definition.isEventual || context.cloud.settings.consistency !== "unlucky") return;
    try {
      await operation({ ...context, cloud: context.cloud.asSeenLast() });
    } catch (error) {
      if (isSurfacing(error)) throw error;
    }
  }

  private isLate({ cloud }: Context): boolean {
    return this.definition.isEventual && cloud.settings.consistency !== "immediate";
  }
}
