import { connect, type Socket } from "node:net";

/** Clients that keep SMTP sessions open: each waits for the greeting like a decent client, then says its command one letter at a time. Cut off, it comes again. */
export interface Crowd {
  /** Sessions that have been greeted and go on. */
  readonly greeted: number;
  /** Connections that wait for a greeting. */
  readonly waiting: number;
  /** How often each answer ended a connection, by its text. */
  readonly turnedAway: { readonly [answer: string]: number };
}

/** Less than the 10 s that Postfix gives a command under stress, so that only its deadline for whole requests ends such a session. */
const LETTER_MS = 3000;
const BACK_MS = 150;

type Client = { readonly socket: Socket; greeted: boolean };

const clients = new Set<Client>();
let turnedAway: Record<string, number> = {};
let here = false;

/** From each of these addresses as many clients, to port 25 of `host`. */
export function gatherCrowd(host: string, addresses: readonly string[], each: number): Promise<void> {
  here = true;
  turnedAway = {};
  for (const address of addresses) for (let count = 0; count < each; count += 1) come(host, address);
  return Promise.resolve();
}

export function crowdNow(): Promise<Crowd> {
  const greeted = [...clients].filter((client) => client.greeted).length;
  return Promise.resolve({ greeted, waiting: clients.size - greeted, turnedAway });
}

export function sendCrowdHome(): Promise<void> {
  here = false;
  for (const { socket } of clients) socket.destroy();
  return Promise.resolve();
}

function come(host: string, localAddress: string): void {
  if (!here) return;
  const socket = connect({ host, port: 25, localAddress });
  const client: Client = { socket, greeted: false };
  clients.add(client);
  let letters = 0;
  let timer: NodeJS.Timeout | undefined;
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    for (const line of data.split("\r\n")) {
      if (line.startsWith("421")) turnedAway[line] = (turnedAway[line] ?? 0) + 1;
      // Postscreen's first line, 220 and a hyphen, is its test whether a client waits for the second.
      if (!line.startsWith("220 ")) continue;
      client.greeted = true;
      socket.write("EHLO slow.outside.test\r\n");
      timer = setInterval(() => socket.write("MAIL FROM:<slow@outside.test>"[letters++] ?? " "), LETTER_MS);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    clearInterval(timer);
    clients.delete(client);
    setTimeout(() => come(host, localAddress), BACK_MS);
  });
}
