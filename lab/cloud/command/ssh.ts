import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, utils, type ConnectConfig } from "ssh2";

export interface Endpoint {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly password?: string;
  readonly agentSocketPath?: string;
  /** As in `authorized_keys`; absent: any is taken. */
  readonly hostKey?: string;
  /** Failed dials before giving up; -1: never. */
  readonly dialErrorLimit: number;
  /** Seconds. */
  readonly perDialTimeout: number;
}

export interface Connection extends Endpoint {
  readonly proxy?: Endpoint;
}

export interface Request {
  readonly connection: Connection;
  readonly command: string;
  readonly stdin: string;
  /** Told each whole line as it comes. */
  line(stream: "stdout" | "stderr", text: string): void;
  readonly signal: AbortSignal;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Between two dials: long enough for the other side, short enough for the person who waits. */
const PAUSE_MS = 300;

/** One command over real SSH. */
export async function runBySsh(request: Request): Promise<Ran> {
  const { connection, signal } = request;
  const proxy = connection.proxy === undefined ? undefined : await dial(connection.proxy, signal);
  try {
    const client = await dial(connection, signal, proxy);
    try {
      return await execute(client, request);
    } finally {
      client.end();
    }
  } finally {
    proxy?.end();
  }
}

async function dial(endpoint: Endpoint, signal: AbortSignal, through?: Client): Promise<Client> {
  // Before the first dial, as the provider does: a key that cannot be read stays so.
  const key = endpoint.privateKey === undefined ? undefined : utils.parseKey(endpoint.privateKey, endpoint.privateKeyPassword);
  if (key instanceof Error) throw new Error(`failed to parse private key: ${key.message}`);
  let last: unknown;
  for (let failures = 1; ; failures += 1) {
    if (signal.aborted) throw cancelled(signal, last);
    try {
      return await dialOnce(endpoint, signal, through);
    } catch (error) {
      if (signal.aborted) throw cancelled(signal, last);
      last = error;
      // The provider tries a wrong host key again as often as any other failure; it stays wrong, so the lab saves the wait.
      const isFinal = error instanceof HostKeyMismatch || (endpoint.dialErrorLimit >= 0 && failures >= endpoint.dialErrorLimit);
      if (isFinal) throw error;
      // Cut short by a cancel, which is looked at next.
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }
}

/** The engine cancelled, or the resource's `customTimeouts` are over; with what stood in the way last. */
function cancelled(signal: AbortSignal, last?: unknown): Error {
  const why = signal.reason instanceof Error && signal.reason.name === "TimeoutError" ? "timed out" : "cancelled";
  return new Error(last instanceof Error ? `${why}; the last failure was: ${last.message}` : why, { cause: last });
}

class HostKeyMismatch extends Error {}

async function dialOnce(endpoint: Endpoint, signal: AbortSignal, through?: Client): Promise<Client> {
  const sock = through === undefined ? undefined : await forward(through, endpoint);
  return new Promise((resolve, reject) => {
    const client = new Client();
    let mismatch = false;
    const fail = (error: Error): void => {
      client.end();
      reject(mismatch ? new HostKeyMismatch(`ssh: host key mismatch: ${endpoint.host} is not the host that was trusted before`) : error);
    };
    const abort = (): void => fail(cancelled(signal));
    signal.addEventListener("abort", abort, { once: true });
    client.on("close", () => signal.removeEventListener("abort", abort));
    client.on("ready", () => resolve(client));
    client.on("error", (error) => fail(new Error(`error dialing: ssh: ${endpoint.host}:${endpoint.port}: ${error.message}`)));
    const config: ConnectConfig = {
      host: endpoint.host,
      port: endpoint.port,
      username: endpoint.user,
      privateKey: endpoint.privateKey,
      passphrase: endpoint.privateKeyPassword,
      password: endpoint.password,
      agent: endpoint.agentSocketPath ?? process.env.SSH_AUTH_SOCK,
      readyTimeout: endpoint.perDialTimeout * 1000,
      sock,
      hostVerifier: (key: Buffer): boolean => {
        const wanted = endpoint.hostKey?.trim().split(/\s+/)[1];
        mismatch = wanted !== undefined && wanted !== key.toString("base64");
        return !mismatch;
      },
    };
    client.connect(config);
  });
}

const forward = (through: Client, { host, port }: Endpoint): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    through.forwardOut("127.0.0.1", 0, host, port, (error, stream) => (error === undefined ? resolve(stream) : reject(error)));
  });

function execute(client: Client, { command, stdin, line, signal }: Request): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    // A host that goes down while it works says nothing more.
    client.on("close", () => reject(new Error("ssh: the connection was closed before the command ended")));
    signal.addEventListener("abort", () => reject(cancelled(signal)), { once: true });
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      const stdout = collect(channel, (text) => line("stdout", text));
      const stderr = collect(channel.stderr, (text) => line("stderr", text));
      channel.on("close", (code: number | null, signalName?: string) =>
        resolve({
          status: code ?? 255,
          stdout: stdout(),
          stderr: stderr() + (code === null ? `ended by ${signalName ?? "a signal"}\n` : ""),
        }),
      );
      channel.end(stdin);
    });
  });
}

/** Gathers a stream and tells each whole line. Returns what gives all of it so far. */
function collect(stream: NodeJS.ReadableStream, tell: (line: string) => void): () => string {
  let text = "";
  let told = 0;
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf("\n", told); end >= 0; end = text.indexOf("\n", told)) {
      tell(text.slice(told, end));
      told = end + 1;
    }
  });
  return () => text;
}
