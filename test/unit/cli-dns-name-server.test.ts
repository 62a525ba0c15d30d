import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { nameServer } from "../../cli/dns/sources/name-server";
import type { Presented } from "../../dns/presentation";
import type { Report } from "../../dns/review/report";
import { planSide } from "../../dns/review/side";
import { mailserver, type Ended } from "../cli/mailserver";
import { MailProject } from "../cli/mail-project";
import { NameServer } from "../cli/name-server";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
]);
const records = (): Presented[] =>
  planSide("", planOf(twoExchangers), addresses).records.map(({ name, type, content, priority, ttl }) => ({
    name,
    type,
    content,
    ttl,
    ...(priority === undefined ? {} : { priority }),
  }));

/** A name server that has every zone of the deployed stack. */
function deploy(server: NameServer): void {
  for (const zone of ["example.test", "club.test", "2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa"]) {
    server.zones.set(
      zone,
      records().filter(({ name }) => name === zone || name.endsWith(`.${zone}`)),
    );
  }
}

const without = (server: NameServer, zone: string, gone: (record: Presented) => boolean): void =>
  void server.zones.set(
    zone,
    (server.zones.get(zone) ?? []).filter((record) => !gone(record)),
  );

describe("live at a name server", () => {
  let server: NameServer;
  let address: string;
  let project: MailProject;
  before(() => (project = new MailProject()));
  after(() => project.remove());
  beforeEach(async () => {
    server = new NameServer();
    address = await server.start();
    deploy(server);
  });
  afterEach(() => server.stop());

  const preview = (...args: string[]): Promise<Ended> =>
    mailserver(["dns", "preview", "--against", "live", "--name-server", address, "--format", "json", ...args], { cwd: project.folder });

  for (const [how, refuses, label] of [
    ["by zone transfer of many messages", false, "zones of"],
    ["by queries, where transfers are refused", true, "answers of"],
  ] as const) {
    it(`is what was deployed, ${how}`, async () => {
      server.refusesTransfers = refuses;
      const ended = await preview("--expect-no-changes");
      assert.equal(ended.code, 0, ended.stderr + ended.stdout);
      const { against, summary } = JSON.parse(ended.stdout) as Report;
      assert.deepEqual(against, [`${label} ${address}`]);
      assert.equal(summary.unchanged, records().length);
    });

    it(`shows what is missing, ${how}`, async () => {
      server.refusesTransfers = refuses;
      without(server, "club.test", ({ type, priority }) => type === "MX" && priority === 20);
      const ended = await preview();
      const changes = (JSON.parse(ended.stdout) as Report).domains.flatMap((domain) => domain.changes);
      assert.deepEqual(
        changes.map(({ op, name, type }) => [op, name, type]),
        [["create", "club.test", "MX"]],
      );
    });
  }

  it("is not known where the server fails, and no part is shown as the whole", async () => {
    server.rcode = 2;
    const { code, stdout, stderr } = await preview();
    assert.equal(code, 1);
    assert.match(stderr, /answered SERVFAIL for mx1\.example\.test SOA/);
    assert.equal(stdout, "");
  });

  it("cannot be asked where nobody listens", async () => {
    const { code, stderr } = await mailserver(["dns", "preview", "--against", "live", "--name-server", "127.0.0.1:1"], {
      cwd: project.folder,
    });
    assert.equal(code, 1);
    assert.match(stderr, /name server 127\.0\.0\.1:1 could not be reached: /);
  });
});

it("a name server is a host or an address, with a port or without", () => {
  assert.deepEqual(nameServer("ns.example.test"), { host: "ns.example.test", port: 53 });
  assert.deepEqual(nameServer("192.0.2.53:5353"), { host: "192.0.2.53", port: 5353 });
  assert.deepEqual(nameServer("[2001:db8::53]:5353"), { host: "2001:db8::53", port: 5353 });
  assert.deepEqual(nameServer("2001:db8::53"), { host: "2001:db8::53", port: 53 });
  for (const bad of ["", "a b", "ns:0", "ns:65536", "ns:x", "[ns]x"]) assert.throws(() => nameServer(bad), /is no name server/);
});

describe("mailserver dns drift", () => {
  const servers: NameServer[] = [];
  let args: string[];
  beforeEach(async () => {
    args = ["dns", "drift", "--outputs", "-"];
    for (const server of [new NameServer(), new NameServer()]) {
      args.push("--name-server", await server.start());
      deploy(server);
      servers.push(server);
    }
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const drift = (outputs: unknown = { records: records() }): Promise<Ended> => mailserver(args, { input: JSON.stringify(outputs) });

  it("finds none where every server answers as the stack says", async () => {
    const { code, stdout, stderr } = await drift();
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`2 name servers answer all of ${records().length} records as the stack says`));
    assert.match(stderr, new RegExp(`asking 127\\.0\\.0\\.1:\\d+ for ${records().length} records`));
  });

  it("says which server says what", async () => {
    const [, second] = servers;
    assert.ok(second !== undefined);
    without(second, "club.test", ({ type, priority }) => type === "MX" && priority === 20);
    const own = second.zones.get("example.test") ?? [];
    own.push({ name: "example.test", type: "MX", content: "old.example", priority: 5, ttl: 300 });
    own.push({ name: "example.test", type: "TXT", content: '"v=spf1 mx -all"', ttl: 300 });
    own.push({ name: "example.test", type: "TXT", content: '"proof-of-ownership=1"', ttl: 300 });
    const { code, stdout } = await drift();
    assert.equal(code, 3);
    assert.match(stdout, /club\.test MX: nothing instead of 20 mx2\.example\.test \(TTL 300\)/);
    assert.match(stdout, /example\.test MX: 5 old\.example \(TTL 300\), which the stack does not say/);
    assert.match(stdout, /example\.test TXT: "v=spf1 mx -all" \(TTL 300\), which the stack does not say/);
    assert.doesNotMatch(stdout, /proof-of-ownership/);
    assert.match(stdout, /1 of 2 name servers answer otherwise/);
  });

  it("sees another TTL and another address, but not the TTL of a reverse name, which AWS chooses", async () => {
    for (const server of servers) {
      for (const zone of server.zones.values()) {
        for (const record of zone) if (record.type === "PTR" || record.type === "A") record.ttl = 60;
      }
    }
    const { code, stdout } = await drift();
    assert.equal(code, 3);
    assert.equal(stdout.match(/\(TTL 60\) instead of /g)?.length, 4);
    assert.doesNotMatch(stdout, /PTR/);
  });

  for (const [what, outputs, says] of [
    ["are no list", { records: 1 }, /has no list of records; the program must export/],
    [
      "have something else among them",
      { records: [{ name: "example.test" }] },
      /records\[0\] is not a record with name, type, content and ttl/,
    ],
  ] as const) {
    it(`refuses outputs that ${what}`, async () => {
      const { code, stderr } = await drift(outputs);
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }

  it("does not know where a server fails", async () => {
    const [first] = servers;
    if (first !== undefined) first.rcode = 5;
    const { code, stderr, stdout } = await drift();
    assert.equal(code, 1);
    assert.match(stderr, /answered REFUSED/);
    assert.equal(stdout, "");
  });
});
