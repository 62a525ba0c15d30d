import { connect, isIP } from "node:net";
import { streamDecode, streamEncode, type Answer, type Packet } from "dns-packet";
import type { Side, SourceRecord } from "../../../dns/review/side";
import type { Presented } from "../../../dns/presentation";
import { textContent } from "../../../dns/rdata";
import { quotedStrings } from "../../../dns/text";
import { InvalidInput } from "../../exit-status";
import type { Say } from "../../progress";
import { canonicalName } from "./cloudflare-record";
import { inTurn } from "./in-turn";

/** Where a name server answers, by TCP: every one must (RFC 7766), and no answer is cut short there. */
export interface NameServer {
  readonly host: string;
  readonly port: number;
}

/** Longest wait for one answer. */
const TIMEOUT_MS = 10_000;
const AT_ONCE = 8;

/** `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`. */
export function nameServer(text: string): NameServer {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+|[0-9a-f:]+:[0-9a-f:]*))(?::(\d+))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const number = port === undefined ? 53 : Number(port);
  const isHost = isIP(host) > 0 || /^[a-z0-9.-]+$/i.test(host);
  if (!isHost || !(number > 0 && number < 65_536)) {
    throw new InvalidInput(`"${text}" is no name server; give HOST, HOST:PORT or [IPv6]:PORT.`);
  }
  return { host, port: number };
}

export const shownServer = ({ host, port }: NameServer): string =>
  `${host.includes(":") ? `[${host}]` : host}${port === 53 ? "" : `:${port}`}`;

/** What a server says when it says nothing of use. */
export class NameServerFailure extends Error {}

/** All zones that the head's records are in, by transfer (RFC 5936); where the server does not give one, what it answers for the head's names. */
export async function nameServerSide(head: Side, server: NameServer, say: Say): Promise<Side> {
  const shown = shownServer(server);
  const names = [...new Set(head.records.map(({ name }) => name))].filter((name) => !name.includes("«"));
  say(`asking ${shown} which zones it has`);
  const apexes = new Set((await inTurn(names, AT_ONCE, (name) => apexOf(server, name))).filter((zone) => zone !== undefined));
  const transferred = await inTurn([...apexes].sort(), AT_ONCE, async (zone, index) => {
    if (index % 50 === 0) say(`asking ${shown} for the zone ${zone} (${index + 1} of ${apexes.size})`);
    return { zone, records: await transfer(server, zone) };
  });
  const whole = transferred.flatMap(({ zone, records }) => (records === undefined ? [] : [{ zone, records }]));
  const wholeZones = whole.map(({ zone }) => zone);
  if (wholeZones.length === transferred.length && whole.length > 0) {
    return { label: `zones of ${shown}`, kind: "zone", zones: wholeZones, records: whole.flatMap(({ records }) => records) };
  }
  say(`${shown} transfers no zone to this host; asking it for ${names.length} names`);
  const answered = await inTurn(
    head.records.filter(({ name }) => !name.includes("«")),
    AT_ONCE,
    ({ name, type }) => ask(server, name, type),
  );
  const unique = new Map(answered.flat().map((record) => [JSON.stringify(record), record]));
  // Of other zones it knows nothing, which is not that they hold nothing.
  return { label: `answers of ${shown}`, kind: "zone", zones: [...apexes], records: [...unique.values()] };
}

/** The records of one name and type as the server has them; empty where it has none. */
export async function ask(server: NameServer, name: string, type: string): Promise<Presented[]> {
  const [packet] = await exchange(server, name, type, () => true);
  return (packet?.answers ?? []).flatMap(presented).filter((record) => record.name === name && record.type === type);
}

/** The zone that the server has a name in (RFC 2308 section 3: its SOA is in the answer, or beside a negative one). */
async function apexOf(server: NameServer, name: string): Promise<string | undefined> {
  const [packet] = await exchange(server, name, "SOA", () => true);
  const soa = [...(packet?.answers ?? []), ...(packet?.authorities ?? [])].find(({ type }) => type === "SOA");
  return soa === undefined ? undefined : canonicalName(soa.name);
}

/** Every record of a zone, or `undefined` where the server refuses. */
async function transfer(server: NameServer, zone: string): Promise<SourceRecord[] | undefined> {
  let soas = 0;
  try {
    // It ends with the SOA that it began with (RFC 5936 section 2.2).
    const packets = await exchange(server, zone, "AXFR", ({ answers = [] }) => {
      soas += answers.filter(({ type }) => type === "SOA").length;
      return soas >= 2;
    });
    const records = packets.flatMap(({ answers = [] }) => answers.flatMap(presented));
    return records.slice(0, -1);
  } catch (error) {
    if (error instanceof NameServerFailure) return undefined;
    throw error;
  }
}

let lastId = 0;

/** One question, and the answers to it until one is the last. Rejects with what the server says instead. */
function exchange(server: NameServer, name: string, type: string, isLast: (packet: Packet) => boolean): Promise<Packet[]> {
  const id = (lastId = (lastId + 1) % 65_536);
  const question = { name, type: type as "A", class: "IN" as const };
  const where = shownServer(server);
  return new Promise((resolve, reject) => {
    const packets: Packet[] = [];
    let received = Buffer.alloc(0);
    const socket = connect({ host: server.host, port: server.port });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve(packets);
      else reject(error);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(new Error(`name server ${where} did not answer in ${TIMEOUT_MS / 1000} s`)));
    socket.on("connect", () => socket.write(streamEncode({ type: "query", id, flags: 0, questions: [question] })));
    socket.on("error", (error) => end(new Error(`name server ${where} could not be reached: ${error.message}`)));
    socket.on("close", () => end(new NameServerFailure(`name server ${where} broke off its answer for ${name} ${type}`)));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const length = 2 + received.readUInt16BE(0);
        let packet: Packet | null;
        try {
          packet = streamDecode(received.subarray(0, length));
        } catch {
          packet = null;
        }
        received = received.subarray(length);
        if (packet === null || packet.id !== id)
          return end(new Error(`name server ${where} gave an answer that cannot be read, for ${name} ${type}`));
        const { rcode = "NOERROR" } = packet as { rcode?: string };
        if (rcode !== "NOERROR" && !(rcode === "NXDOMAIN" && type !== "AXFR")) {
          return end(new NameServerFailure(`name server ${where} answered ${rcode} for ${name} ${type}`));
        }
        packets.push(packet);
        if (isLast(packet)) return end();
      }
    });
  });
}

/** An answer as records are compared by; none for what is about the message itself. */
function presented(answer: Answer): Presented[] {
  if (answer.type === "OPT") return [];
  const name = canonicalName(answer.name);
  const ttl = "ttl" in answer ? (answer.ttl ?? 0) : 0;
  return [{ name, type: answer.type, ...dataOf(answer), ttl }];
}

const host = (name: string): string => canonicalName(name) || ".";

function dataOf(answer: Answer): Pick<Presented, "content" | "priority"> {
  switch (answer.type) {
    case "MX":
      return { content: host(answer.data.exchange), priority: answer.data.preference ?? 0 };
    case "TXT": {
      const { data } = answer;
      return { content: textContent((Array.isArray(data) ? data : [data]).map((string) => Buffer.from(string))) };
    }
    case "A":
      return { content: answer.data };
    case "AAAA":
      return { content: new URL(`http://[${answer.data}]`).hostname.slice(1, -1) };
    case "CNAME":
    case "DNAME":
    case "NS":
    case "PTR":
      return { content: host(answer.data) };
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = answer.data;
      return { content: `${priority} ${weight} ${port} ${host(target)}` };
    }
    case "CAA":
      return { content: `${answer.data.issuerCritical === true ? 128 : 0} ${answer.data.tag} ${quotedStrings(answer.data.value)}` };
    case "TLSA": {
      const { usage, selector, matchingType, certificate } = answer.data;
      return { content: `${usage} ${selector} ${matchingType} ${Buffer.from(certificate).toString("hex")}` };
    }
    case "DS": {
      const { keyTag, algorithm, digestType, digest } = answer.data;
      return { content: `${keyTag} ${algorithm} ${digestType} ${Buffer.from(digest).toString("hex")}` };
    }
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return { content: [host(mname), host(rname), serial, refresh, retry, expire, minimum].join(" ") };
    }
    default:
      // Nothing of mail: it is shown and compared as it is (the JSON of what the library read).
      return { content: JSON.stringify("data" in answer ? answer.data : {}) };
  }
}
