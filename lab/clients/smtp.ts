import SMTPConnection from "nodemailer/lib/smtp-connection";

/** A server's answer to one mail: the code of the step that decided, and its text. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

export interface Mail {
  readonly from: string;
  /** In the From line. Default: `from`. */
  readonly author?: string;
  readonly to: string;
  /** Goes into the subject, and tells one mail from another in a mailbox. */
  readonly token: string;
  /** More header lines. Default: none. */
  readonly headers?: readonly string[];
  /** Text of the body. Default: the token. */
  readonly body?: string;
}

export interface Server {
  /** Address or name. */
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte, `starttls` required, or `opportunistic` as between exchangers. Default: `opportunistic`. */
  readonly security?: "tls" | "starttls" | "opportunistic" | "none";
  /** One of the client's own addresses to come from. Default: the first. */
  readonly localAddress?: string;
  readonly login?: { readonly user: string; readonly password: string };
}

const TIMEOUT = 20_000;

/** One session: connects, logs in where asked, sends one mail. Resolves with the server's answer, also when it refuses; rejects when there is none. */
export async function send(server: Server, mail: Mail): Promise<Answer> {
  const { security = "opportunistic", login } = server;
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    localAddress: server.localAddress,
    name: "client.outside.test",
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    // The hosts' certificates are self-signed for now; what is tested is what they say inside.
    tls: { rejectUnauthorized: false },
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  });
  // A socket that breaks after the answer must not take the process with it.
  const broken = new Promise<never>((_, reject) => connection.on("error", reject));
  broken.catch(() => {});
  const step = <T>(start: (done: (error: Error | null | undefined, result?: T) => void) => void): Promise<T | undefined> =>
    Promise.race([
      broken,
      new Promise<T | undefined>((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result)))),
    ]);
  try {
    await step((done) => connection.connect(done));
    if (login !== undefined) await step((done) => connection.login({ user: login.user, pass: login.password }, done));
    const sent = await step<{ response: string }>((done) =>
      connection.send({ from: mail.from, to: [mail.to] }, message(mail), done as (error: Error | null, info: unknown) => void),
    );
    return answer(sent?.response ?? "");
  } catch (error) {
    const response = (error as { response?: string }).response;
    if (response === undefined) throw error;
    return answer(response);
  } finally {
    connection.close();
  }
}

function message({ from, author = from, to, token, headers = [], body }: Mail): string {
  const now = new Date();
  return [
    `From: <${author}>`,
    `To: <${to}>`,
    `Subject: ${token}`,
    `Date: ${now.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${token}@client.outside.test>`,
    ...headers,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    body ?? token,
    "",
  ].join("\r\n");
}

const answer = (response: string): Answer => ({ code: Number(response.slice(0, 3)), text: response });
