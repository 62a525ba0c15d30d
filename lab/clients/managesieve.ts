import { connect as tcp, type Socket } from "node:net";
import { connect as tls } from "node:tls";
import type { Account } from "./imap";

const TIMEOUT = 20_000;

/** A command that puts a script of this name and text on the server (RFC 5804 section 2.6). */
export const putScript = (name: string, text: string): string => `PUTSCRIPT "${name}" {${Buffer.byteLength(text)}+}\r\n${text}`;

/**
 * ManageSieve (RFC 5804) in its own words: STARTTLS, then the log-in, then each command when the one before was answered. Gives back the answers: the first
 * greeting, the one under TLS, that to the log-in, and one for each command.
 */
export async function manageSieve(account: Account, commands: readonly string[]): Promise<string[]> {
  const plain = tcp(4190, account.host);
  let socket: Socket = plain;
  try {
    const answers = [await answer(socket)];
    const startTls = answer(socket);
    socket.write("STARTTLS\r\n");
    const ready = await startTls;
    if (!ready.startsWith("OK")) return [...answers, ready];
    socket = tls({ socket: plain, rejectUnauthorized: false });
    answers.push(await answer(socket));
    const login = Buffer.from(`\0${account.user}\0${account.password}`).toString("base64");
    for (const command of [`AUTHENTICATE "PLAIN" "${login}"`, ...commands]) {
      const coming = answer(socket);
      socket.write(`${command}\r\n`);
      answers.push(await coming);
    }
    return answers;
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

/** Up to the line that begins with OK, NO or BYE, and the text that it may announce (`{length}`). */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const end = (error?: Error): void => {
      socket.off("data", take).off("error", end).off("close", closed).setTimeout(0);
      if (error === undefined) resolve(bytes.toString().trim());
      else reject(error);
    };
    const closed = (): void => end(new Error(`the connection was closed after: ${bytes.toString()}`));
    const take = (data: Buffer): void => {
      bytes = Buffer.concat([bytes, data]);
      const last = /^(?:OK|NO|BYE)\b[^\r\n]*?(?:\{(\d+)\})?\r\n/m.exec(bytes.toString("latin1"));
      if (last === null) return;
      const [line, length] = last;
      if (length === undefined ? bytes.at(-1) === 0x0a : bytes.length >= last.index + line.length + Number(length) + 2) end();
    };
    socket.on("data", take).on("error", end).on("close", closed);
    socket.setTimeout(TIMEOUT, () => end(new Error(`no answer within ${TIMEOUT / 1000} s`)));
  });
}
