import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { encode, streamDecode, type Answer, type Packet } from "dns-packet";
import type { Presented } from "../../dns/presentation";

/** Octets of one message of a zone transfer; small, so that a transfer has many. */
const RECORDS_A_MESSAGE = 3;

/** An authoritative name server by TCP (RFC 1035 section 4.2.2, RFC 5936). */
export class NameServer {
  readonly zones = new Map<string, Presented[]>();
  /** Refuses transfers (RFC 5936 section 2.2.1, RCODE 5). */
  refusesTransfers = false;
  /** Answers every question with this RCODE. */
  rcode = 0;
  silent = false;
  readonly questions: string[] = [];
  private readonly server: Server = createServer((socket) => this.serve(socket));
  private readonly sockets = new Set<Socket>();

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const query = streamDecode(data);
      const [question] = query.questions ?? [];
      if (question === undefined) return;
      this.questions.push(`${question.name} ${question.type}`);
      if (this.silent) return;
      for (const packet of this.answers(question.name.toLowerCase(), question.type))
        socket.write(framed({ ...packet, id: query.id, type: "response", questions: [question] }));
    });
  }

  private answers(name: string, type: string): Packet[] {
    if (this.rcode !== 0) return [{ flags: this.rcode }];
    const apex = [...this.zones.keys()].filter((zone) => name === zone || name.endsWith(`.${zone}`)).sort((a, b) => b.length - a.length)[0];
    if (apex === undefined) return [{ flags: 5 }];
    const soa = soaOf(apex);
    const records = this.zones.get(apex) ?? [];
    if (type === "AXFR") {
      if (this.refusesTransfers) return [{ flags: 5 }];
      const all = [soa, ...records.map(answer), soa];
      return Array.from({ length: Math.ceil(all.length / RECORDS_A_MESSAGE) }, (_, index) => ({
        answers: all.slice(index * RECORDS_A_MESSAGE, (index + 1) * RECORDS_A_MESSAGE),
      }));
    }
    const found =
      type === "SOA" && name === apex ? [soa] : records.filter((record) => record.name === name && record.type === type).map(answer);
    if (found.length > 0) return [{ answers: found }];
    return [{ flags: records.some((record) => record.name === name) || name === apex ? 0 : 3, authorities: [soa] }];
  }
}

function framed(packet: Packet): Buffer {
  const message = encode(packet);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

const soaOf = (name: string): Answer => ({
  name,
  type: "SOA",
  ttl: 300,
  data: { mname: `ns.${name}`, rname: `hostmaster.${name}`, serial: 1, refresh: 3600, retry: 600, expire: 86_400, minimum: 300 },
});

function answer({ name, type, content, priority, ttl }: Presented): Answer {
  switch (type) {
    case "MX":
      return { name, type, ttl, data: { preference: priority, exchange: content } };
    case "TXT":
      return { name, type, ttl, data: [...content.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "") };
    case "SRV": {
      const [ownPriority, weight, port, target] = content.split(" ");
      return { name, type, ttl, data: { priority: Number(ownPriority), weight: Number(weight), port: Number(port), target: target ?? "" } };
    }
    case "A":
    case "PTR":
      return { name, type, ttl, data: content };
    default:
      throw new Error(`the stand-in of a name server does not answer ${type}`);
  }
}
