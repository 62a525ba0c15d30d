/** What the command provider does over SSH, against a server of this process on loopback. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { Server, utils } from "ssh2";
import { runBySsh, type Endpoint, type Request } from "../../lab/cloud/command/ssh";
import { sshKeyPair } from "../../lab/ssh-key-pair";

const host = sshKeyPair();
const user = sshKeyPair();
/** Says what came in, then fails if it is asked to; `hang` never ends. */
const server = new Server({ hostKeys: [host.private] }, (client) => {
  // A client that goes away in the middle is part of the tests.
  client.on("error", () => {});
  client.on("authentication", (context) =>
    context.method === "publickey" && context.username === "mailops" ? context.accept() : context.reject(["publickey"]),
  );
  client.on("session", (accept) => {
    accept().on("exec", (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      if (command === "hang") return;
      let input = "";
      channel.on("data", (chunk: Buffer) => (input += chunk.toString()));
      channel.on("end", () => {
        channel.stderr.write("step one\nstep two\n");
        channel.write(`got ${input.length}\n`);
        channel.exit(command === "fail" ? 3 : 0);
        channel.end();
      });
    });
  });
});
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => void server.close());

function request(changes: Partial<Omit<Request, "connection">> & { connection?: Partial<Endpoint> } = {}): Request & { lines: string[] } {
  const lines: string[] = [];
  const { connection, ...rest } = changes;
  return {
    command: "true",
    stdin: "",
    line: (stream, text) => void lines.push(`${stream}: ${text}`),
    signal: AbortSignal.timeout(30_000),
    lines,
    ...rest,
    connection: {
      host: "127.0.0.1",
      port,
      user: "mailops",
      privateKey: user.private,
      hostKey: host.public,
      dialErrorLimit: 1,
      perDialTimeout: 5,
      ...connection,
    },
  };
}

test("standard input arrives whole, lines are told as they come, the status comes back", async () => {
  const asked = request({ stdin: "x".repeat(300_000), command: "fail" });
  assert.deepEqual(await runBySsh(asked), { status: 3, stdout: "got 300000\n", stderr: "step one\nstep two\n" });
  assert.deepEqual(asked.lines.sort(), ["stderr: step one", "stderr: step two", "stdout: got 300000"]);
});

test("another host key is refused at once, however many dials are allowed", async () => {
  const other = sshKeyPair().public;
  await assert.rejects(runBySsh(request({ connection: { hostKey: other, dialErrorLimit: -1 } })), /host key mismatch/);
});

test("a wrong account is an error after the allowed dials", async () => {
  await assert.rejects(runBySsh(request({ connection: { user: "root", dialErrorLimit: 2 } })), /error dialing: .*authentication/);
});

test("a time limit ends endless dialling, with the last failure, and a command that hangs", async () => {
  const nobody = request({ connection: { port: 1, dialErrorLimit: -1 }, signal: AbortSignal.timeout(700) });
  await assert.rejects(runBySsh(nobody), /^Error: timed out; the last failure was: .*ECONNREFUSED/);
  await assert.rejects(runBySsh(request({ command: "hang", signal: AbortSignal.timeout(500) })), /timed out/);
});

test("a key that is none is refused before any dial, however many are allowed", async () => {
  const broken = request({ connection: { port: 1, privateKey: "no key", dialErrorLimit: -1 } });
  await assert.rejects(runBySsh(broken), /failed to parse private key/);
});

test("every key pair that is made can be read", () => {
  // One in 256 of the library's own cannot: 2000 of them are all whole once in 2500 runs.
  const pairs = Array.from({ length: 2000 }, () => sshKeyPair());
  assert.deepEqual(
    pairs.flatMap((pair) => [pair.private, pair.public]).filter((text) => utils.parseKey(text) instanceof Error),
    [],
  );
});
