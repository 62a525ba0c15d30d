import type { CloudState, DnsRecord } from "../cloud/state";
import type { Lab } from "../lab";

/** The domain of the host that stands for everybody else. */
export const OUTSIDE_DOMAIN = "outside.test";
export const OUTSIDE_FQDN = `mail.${OUTSIDE_DOMAIN}`;

/** The top-level domain of every name in the lab (RFC 2606): it delegates to the zones, and names the lab's own hosts. */
export const TOP = "test";
const NAMESERVER = `ns.nic.${TOP}`;

/** Reverse zones of the two documentation ranges that the lab's public addresses are in. */
export const REVERSE_ZONES = ["113.0.203.in-addr.arpa", "100.51.198.in-addr.arpa"] as const;

/** Seconds that a missing name is remembered. Cloudflare says 1800; in a lab nobody wants to wait for that. */
export const NEGATIVE_TTL = 5;

/** Cloudflare's TTL where 1, automatic, is asked for (API, DNS records). */
const AUTOMATIC_TTL = 300;

/** What every zone of the lab has in it, as files for the name server, by zone. `ds` gives the DS record data of a delegated zone. */
export function zoneFiles(lab: Lab, state: CloudState, ds: (zone: string) => string): Map<string, string> {
  const { resolver, nameserver, operator, internet, outside, router } = lab.addresses;
  const zones = Object.values(state.zones).sort((a, b) => (a.name < b.name ? -1 : 1));
  const own: [string, string][] = [
    [NAMESERVER, nameserver],
    [`resolver.nic.${TOP}`, resolver],
    [`operator.nic.${TOP}`, operator],
    [`internet.nic.${TOP}`, internet],
    [`router.nic.${TOP}`, router],
  ];
  const reverse: [string, string][] = [
    ...own.map(([name, address]): [string, string] => [address, name]),
    [outside, OUTSIDE_FQDN],
    ...Object.values(state.addresses).flatMap((address): [string, string][] =>
      address.ptrRecord === undefined ? [] : [[address.publicIp, address.ptrRecord]],
    ),
  ];
  return new Map([
    [
      TOP,
      zoneFile(TOP, [
        ...own.map(([name, address]) => line(name, 300, "A", address)),
        ...[...zones.map((zone) => zone.name), OUTSIDE_DOMAIN].flatMap((zone) => [
          line(zone, 300, "NS", `${NAMESERVER}.`),
          line(zone, 300, "DS", ds(zone)),
        ]),
      ]),
    ],
    [
      OUTSIDE_DOMAIN,
      zoneFile(OUTSIDE_DOMAIN, [
        line(OUTSIDE_DOMAIN, 300, "MX", `10 ${OUTSIDE_FQDN}.`),
        line(OUTSIDE_DOMAIN, 300, "TXT", '"v=spf1 mx -all"'),
        line(OUTSIDE_FQDN, 300, "A", outside),
      ]),
    ],
    ...REVERSE_ZONES.map((zone): [string, string] => [
      zone,
      zoneFile(
        zone,
        reverse.flatMap(([address, name]) =>
          inReverse(address).endsWith(`.${zone}`) ? [line(inReverse(address), 300, "PTR", `${name}.`)] : [],
        ),
      ),
    ]),
    ...zones.map((zone): [string, string] => [
      zone.name,
      zoneFile(
        zone.name,
        Object.values(state.records)
          .filter((record) => record.zoneId === zone.id)
          .map((record) => line(record.name, record.ttl === 1 ? AUTOMATIC_TTL : record.ttl, record.type, rdata(record))),
      ),
    ]),
  ]);
}

/** One zone as a master file (RFC 1035 section 5). The serial number is the name server's business. */
export function zoneFile(zone: string, lines: readonly string[]): string {
  return [
    line(zone, 300, "SOA", `${NAMESERVER}. hostmaster.nic.${TOP}. 1 3600 600 86400 ${NEGATIVE_TTL}`),
    line(zone, 300, "NS", `${NAMESERVER}.`),
    ...[...lines].sort(),
    "",
  ].join("\n");
}

function line(name: string, ttl: number, type: string, data: string): string {
  const text = `${name}. ${ttl} ${type} ${data}`;
  if (/[\r\n]/.test(text)) throw new Error(`a DNS record may not contain a line break: ${JSON.stringify(text)}`);
  return text;
}

const inReverse = (address: string): string => `${address.split(".").reverse().join(".")}.in-addr.arpa`;

/** Record data in presentation format, from what Cloudflare keeps: `content`, or `data` with the fields of the type. */
function rdata(record: DnsRecord): string {
  const { type, content = "", data = {}, priority = 0 } = record;
  const field = (name: string): string => word(String(data[name] ?? ""), record);
  switch (type) {
    case "MX":
      return `${priority} ${absolute(content, record)}`;
    case "CNAME":
    case "NS":
    case "PTR":
      return absolute(content, record);
    case "TXT":
      return characterStrings(content);
    case "SRV":
      return `${field("priority")} ${field("weight")} ${field("port")} ${absolute(String(data.target ?? ""), record)}`;
    case "TLSA":
      return `${field("usage")} ${field("selector")} ${field("matchingType")} ${field("certificate")}`;
    case "CAA":
      return `${field("flags")} ${field("tag")} ${quoted(String(data.value ?? ""))}`;
    default:
      return word(content, record);
  }
}

const absolute = (name: string, record: DnsRecord): string => (name === "." ? "." : `${word(name.replace(/\.$/, ""), record)}.`);

function word(text: string, record: DnsRecord): string {
  if (!/^[^\s"();\\]+$/.test(text)) throw new Error(`${record.type} record ${record.name}: ${JSON.stringify(text)} is not one word`);
  return text;
}

/** Cloudflare takes TXT content with or without quotes; strings longer than 255 octets are split (RFC 1035 section 3.3). */
function characterStrings(content: string): string {
  const given = [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
  const text = content.startsWith('"') && given.length > 0 ? given.join("") : content;
  return (text.match(/[\s\S]{1,255}/g) ?? [""]).map(quoted).join(" ");
}

/** A character string in quotes; what is not printable ASCII as \DDD (RFC 1035 section 5.1). */
const quoted = (text: string): string =>
  `"${[...Buffer.from(text)]
    .map((byte) =>
      byte === 0x22 || byte === 0x5c
        ? `\\${String.fromCharCode(byte)}`
        : byte < 0x20 || byte > 0x7e
          ? `\\${String(byte).padStart(3, "0")}`
          : String.fromCharCode(byte),
    )
    .join("")}"`;
