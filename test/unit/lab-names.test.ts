import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../lab/cloud/initial-state";
import type { CloudState, DnsRecord } from "../../lab/cloud/state";
import { downloadPorts, mirrorsOf, unreachableForHosts } from "../../lab/hosts/mirror";
import type { Lab } from "../../lab/lab";
import { keyOf } from "../../lab/services/signing-key";
import { zoneFiles } from "../../lab/services/zone-file";

const lab = {
  addresses: {
    router: "203.0.113.1",
    resolver: "203.0.113.2",
    nameserver: "203.0.113.3",
    operator: "203.0.113.4",
    internet: "203.0.113.5",
    outside: "203.0.113.6",
  },
} as Lab;

function withRecords(...records: Partial<DnsRecord>[]): CloudState {
  const state = initialState();
  const zoneId = Object.values(state.zones).find((zone) => zone.name === "example.test")?.id ?? "";
  for (const [index, record] of records.entries()) {
    const id = String(index);
    state.records[id] = {
      id,
      zoneId,
      name: "example.test",
      type: "TXT",
      ttl: 300,
      proxied: false,
      createdOn: "",
      modifiedOn: "",
      ...record,
    };
  }
  return state;
}

const zone = (state: CloudState, name = "example.test"): string[] =>
  zoneFiles(lab, state, () => "1 13 2 00")
    .get(name)
    ?.split("\n") ?? [];

test("Cloudflare's records become a zone in presentation format", () => {
  const lines = zone(
    withRecords(
      { type: "A", name: "mx1.example.test", content: "198.51.100.1", ttl: 60 },
      { type: "MX", content: "mx1.example.test", priority: 10 },
      { type: "CNAME", name: "imap.example.test", content: "mx1.example.test", ttl: 1 },
      { type: "TLSA", name: "_25._tcp.mx1.example.test", data: { usage: 3, selector: 1, matchingType: 1, certificate: "ab12" } },
    ),
  );
  for (const expected of [
    "mx1.example.test. 60 A 198.51.100.1",
    "example.test. 300 MX 10 mx1.example.test.",
    "imap.example.test. 300 CNAME mx1.example.test.",
    "_25._tcp.mx1.example.test. 300 TLSA 3 1 1 ab12",
  ]) {
    assert.ok(lines.includes(expected), `${expected} in ${lines.join("\n")}`);
  }
});

test("TXT content means the same with and without quotes, and is split into strings of 255 octets", () => {
  const long = "a".repeat(300);
  const lines = zone(
    withRecords({ content: '"v=spf1 -all"' }, { content: "v=spf1 -all" }, { content: `"${long.slice(0, 200)}" "${long.slice(200)}"` }),
  );
  assert.equal(lines.filter((line) => line === 'example.test. 300 TXT "v=spf1 -all"').length, 2);
  assert.ok(lines.includes(`example.test. 300 TXT "${"a".repeat(255)}" "${"a".repeat(45)}"`));
});

test("no content puts a line of its own into a zone", () => {
  assert.throws(() => zone(withRecords({ type: "A", content: "198.51.100.1\nevil.example.test. 60 A 192.0.2.1" })), /not one word/);
  assert.throws(() => zone(withRecords({ type: "A", name: "a.example.test.\nevil", content: "198.51.100.1" })), /line break/);
  const text = zone(withRecords({ content: 'x"\nevil 60 A 192.0.2.1' })).join("\n");
  assert.match(text, /TXT "x\\"\\010evil 60 A 192\.0\.2\.1"/);
});

test("reverse names are those of Elastic IPs and of the lab's own hosts", () => {
  const state = withRecords();
  state.addresses.e = { allocationId: "e", region: "eu-central-1", publicIp: "198.51.100.1", ptrRecord: "mx1.example.test", tags: {} };
  assert.ok(zone(state, "100.51.198.in-addr.arpa").includes("1.100.51.198.in-addr.arpa. 300 PTR mx1.example.test."));
  assert.ok(zone(state, "113.0.203.in-addr.arpa").includes("6.113.0.203.in-addr.arpa. 300 PTR mail.outside.test."));
});

test("every zone is delegated with a DS record", () => {
  const top = zone(withRecords(), "test");
  for (const name of ["example.test", "club.test", "outside.test"]) {
    assert.ok(top.includes(`${name}. 300 DS 1 13 2 00`) && top.includes(`${name}. 300 NS ns.nic.test.`), name);
  }
});

test("a DS record is the one of RFC 6605 for its key", () => {
  // Section 6.1: the private key, its DNSKEY and its DS.
  const d = Buffer.from("GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=", "base64");
  const point = Buffer.from("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==", "base64");
  const der = Buffer.concat([
    ...[Buffer.from("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420", "hex"), d],
    ...[Buffer.from("a14403420004", "hex"), point],
  ]);
  const key = keyOf(`-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`);
  assert.equal(key.dnskey, `257 3 13 ${point.toString("base64")}`);
  assert.equal(key.ds("example.net"), "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17");
});

test("the hosts' mirrors are the machine's, in both formats of its sources", () => {
  const targets = [
    "Packages bookworm main http://mirror.example/debian/",
    "Packages bookworm-updates main http://mirror.example/debian/",
    "Packages bookworm-security main http://mirror.example/debian-security/",
    "Packages nodistro main https://other.example/",
  ].join("\n");
  assert.deepEqual(mirrorsOf(targets, "bookworm"), {
    main: "http://mirror.example/debian/",
    security: "http://mirror.example/debian-security/",
  });
  assert.equal(mirrorsOf(`${targets}\nproxy='http://proxy.example:80'`, "bookworm").proxy, "http://proxy.example:80");
  const proxied = mirrorsOf(`${targets}\nproxy='http://192.0.2.9:3142'`, "bookworm");
  assert.deepEqual(downloadPorts(proxied), [80, 443, 3142]);
  assert.deepEqual(downloadPorts({ main: "https://mirror.example:8443/debian" }), [80, 443, 8443]);
  assert.equal(unreachableForHosts(proxied), undefined);
  assert.match(
    unreachableForHosts(mirrorsOf(`${targets}\nproxy='http://localhost:3142'`, "bookworm")) ?? "",
    /http:\/\/localhost:3142, which .* cannot reach/,
  );
  assert.throws(() => mirrorsOf("", "bookworm"), /no source for Debian bookworm/);
});
