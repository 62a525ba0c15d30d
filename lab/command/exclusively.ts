import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Lab } from "../lab";

/**
 * One command at a time changes a lab. The lock is a socket of Linux's abstract namespace (unix(7)): the kernel gives it to one process, no child inherits
 * it, and it is free at the very moment in which its holder ends, however it ends. Who connects is told who holds it.
 */
const nameOf = (lab: Lab): string => `\0mailserver-lab ${lab.dir}`;

/** Runs `work` while no other command that does so changes this lab. While it waits, `say` is told for whom; who waits for this one is told `what`. */
export async function exclusively<T>(lab: Lab, what: string, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  let told = "";
  const sayOnce = (holder: string): void => {
    if (holder !== told) say(`waiting for ${holder}, which is changing the lab ${lab.name}`);
    told = holder;
  };
  for (;;) {
    const release = await claim(nameOf(lab), `"${what}" (process ${process.pid})`);
    if (release === undefined) {
      await holderEnds(nameOf(lab), sayOnce);
      continue;
    }
    try {
      return await work();
    } finally {
      release();
    }
  }
}

/** Takes the lock and returns how to let go of it; undefined where another process has it. */
async function claim(name: string, holder: string): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>();
  const server: Server = createServer((socket) => {
    waiting.add(socket);
    socket.on("error", () => {}).on("close", () => waiting.delete(socket));
    socket.write(holder);
  });
  server.listen(name);
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
  return () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
}

/** Returns when whoever holds the lock has let go of it. */
async function holderEnds(name: string, say: (holder: string) => void): Promise<void> {
  const socket = connect({ path: name });
  socket.on("data", (data) => say(data.toString()));
  await new Promise((resolve) => socket.on("error", resolve).on("close", resolve));
}
