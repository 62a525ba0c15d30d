import { connect as tcp, type Socket } from "node:net";
import { connect as tls } from "node:tls";
import type { Server } from "./smtp";

const TIMEOUT = 20_000;

/** Says each command when the one before was answered, and gives back the answers, the greeting first; all lines of one in one text. `STARTTLS` is followed by TLS. */
export async function dialogue(server: Pick<Server, "host" | "port" | "localAddress">, commands: readonly string[]): Promise<string[]> {
  const plain = tcp(server);
  let socket: Socket = plain;
  try {
    const answers = [await answer(socket)];
    for (const command of commands) {
      const coming = answer(socket);
      socket.write(`${command}\r\n`);
      answers.push(await coming);
      if (command === "STARTTLS") socket = tls({ socket: plain, rejectUnauthorized: false });
    }
    return answers;
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

/** Up to the line whose code is followed by a space (RFC 5321 section 4.2.1). */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const end = (error?: Error): void => {
      socket.off("data", take).off("error", end).off("close", closed).setTimeout(0);
      if (error === undefined) resolve(text.trim());
      else reject(error);
    };
    const closed = (): void => end(new Error(`the connection was closed after: ${text}`));
    const take = (data: Buffer): void => {
      text += data.toString();
      if (/^\d{3}(?: .*)?\r\n$/m.test(text) && text.endsWith("\r\n")) end();
    };
    socket.on("data", take).on("error", end).on("close", closed);
    socket.setTimeout(TIMEOUT, () => end(new Error(`no answer within ${TIMEOUT / 1000} s`)));
  });
}
