import assert from "node:assert/strict";
import { test } from "node:test";
import { letTimePass } from "../../lab/cloud/behind-the-program";
import type { Properties } from "../../lab/cloud/protocol/property-value";
import { signingKey } from "../../lab/services/signing-key";
import { TOKENS, withSimulated, type Simulated } from "./simulated";

interface Zone {
  add(record: Properties): ReturnType<Simulated["create"]>;
  change(id: string, record: Properties): Promise<Properties>;
  it: Simulated;
}

const withZone = (run: (zone: Zone) => Promise<void>): Promise<void> =>
  withSimulated(async (it) => {
    const { zoneId = null } = await it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.test" } });
    await run({
      it,
      add: (record) => it.create(TOKENS.record, { zoneId, ttl: 300, ...record }),
      change: (id, record) => it.update(TOKENS.record, id, { zoneId, ttl: 300, ...record }, {}),
    });
  });

const code = (number: number): RegExp => new RegExp(`^Error: ${number}: `);
const a = { name: "mx1.example.test", type: "A", content: "192.0.2.1" };

test("an identical record is refused, another of the same name is not", async () => {
  await withZone(async ({ add, change }) => {
    await add(a);
    await assert.rejects(add(a), code(81058));
    await assert.rejects(add({ ...a, name: "mx1", ttl: 600 }), code(81058));
    const second = await add({ ...a, content: "192.0.2.2" });
    await assert.rejects(change(second.id, a), code(81058));
  });
});

test("a CNAME stands alone beside A, AAAA and CNAME", async () => {
  await withZone(async ({ add }) => {
    const cname = { name: "mx1.example.test", type: "CNAME", content: "host.example.net" };
    await add(a);
    await assert.rejects(add(cname), code(81053));
    await add({ ...cname, name: "www.example.test" });
    await assert.rejects(add({ ...cname, name: "www.example.test", content: "other.example.net" }), code(81053));
    await assert.rejects(add({ ...a, name: "www.example.test" }), code(81054));
  });
});

test("MX: a priority, a host name, no proxied target", async () => {
  await withZone(async ({ add }) => {
    const without = { name: "example.test", type: "MX", content: "mx1.example.test" };
    const mx = { ...without, priority: 10 };
    await assert.rejects(add(without), /priority is a required field/);
    await assert.rejects(add({ ...mx, content: "192.0.2.1" }), /cannot be an IP address/);
    await assert.rejects(add({ ...mx, proxied: true, ttl: 1 }), code(9004));
    assert.equal((await add({ ...mx, content: "MX1.example.test." })).outputs.content, "mx1.example.test");
    await add({ ...a, name: "web.example.test", proxied: true, ttl: 1 });
    await assert.rejects(add({ ...mx, content: "web.example.test", priority: 20 }), /is proxied/);
  });
});

test("the time to live is automatic or 60 to 86,400 seconds", async () => {
  await withZone(async ({ add }) => {
    await assert.rejects(add({ ...a, ttl: 59 }), code(9021));
    await assert.rejects(add({ ...a, ttl: 86401 }), code(9021));
    await assert.rejects(add({ ...a, ttl: 300, proxied: true }), /ttl: must be 1/);
    await add({ ...a, ttl: 1 });
  });
});

test("TXT: quoted, split at 255, and limited", async () => {
  await withZone(async ({ add }) => {
    const txt = { name: "example.test", type: "TXT" };
    const content = async (text: string): Promise<unknown> => (await add({ ...txt, content: text })).outputs.content;
    assert.equal(await content('"v=spf1 -all"'), '"v=spf1 -all"');
    assert.equal(await content("plain"), '"plain"');
    const long = "k".repeat(300);
    assert.equal(await content(`"${long}"`), `"${"k".repeat(255)}" "${"k".repeat(45)}"`);
    await add({ ...txt, name: "long", content: "x".repeat(4080) });
    await assert.rejects(add({ ...txt, content: "x".repeat(4081) }), code(9015));
    for (const letter of ["a", "b"]) await add({ ...txt, content: letter.repeat(3500) });
    await assert.rejects(add({ ...txt, content: "d".repeat(1500) }), code(83011));
  });
});

test("names: relative ones get the zone, those of another zone are refused, an unknown zone too", async () => {
  await withZone(async ({ add, it }) => {
    assert.equal((await add({ ...a, name: "mx9" })).outputs.name, "mx9.example.test");
    assert.equal((await add({ ...a, name: "@" })).outputs.name, "example.test");
    await assert.rejects(add({ ...a, name: "mx1.club.test" }), /in the zone club.test/);
    await assert.rejects(it.create(TOKENS.record, { ...a, zoneId: "0".repeat(32), ttl: 1 }), code(7003));
    await assert.rejects(it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.org" } }), /exactly one zone/);
  });
});

test("addresses are checked, and content belongs to types that have it", async () => {
  await withZone(async ({ add }) => {
    await assert.rejects(add({ ...a, content: "192.0.2.256" }), code(9005));
    await assert.rejects(add({ ...a, type: "AAAA" }), code(9006));
    assert.equal((await add({ ...a, type: "AAAA", content: "2001:DB8:0::1" })).outputs.content, "2001:db8::1");
    await assert.rejects(add({ ...a, type: "TLSA" }), /given by data/);
    await assert.rejects(add({ name: "mx1", type: "A" }), /content is required/);
  });
});

test("records of mail that are given by fields: SRV, CAA and TLSA, several types at one name", async () => {
  await withZone(async ({ add }) => {
    const srv = { name: "_imaps._tcp", type: "SRV", data: { priority: 0, weight: 1, port: 993, target: "mx1.example.test" }, priority: 0 };
    assert.deepEqual((await add(srv)).outputs.data, srv.data);
    await assert.rejects(add(srv), code(81058));
    await add({ name: "_sieve._tcp", type: "SRV", data: { priority: 0, weight: 0, port: 0, target: "." }, priority: 0 });
    await assert.rejects(add({ ...srv, data: { ...srv.data, port: 65536 } }), /port is invalid/);
    await add(a);
    await add({ name: "mx1", type: "TXT", content: '"v=spf1 a -all"' });
    for (const [tag, value] of [
      ["issue", "ca.example.net"],
      ["issuewild", ";"],
    ] as const)
      await add({ name: "mx1", type: "CAA", data: { flags: 0, tag, value } });
    await assert.rejects(add({ name: "mx1", type: "CAA", data: { flags: 256, tag: "issue", value: "x" } }), /flags is invalid/);
  });
});

test("a null MX is a dot", async () => {
  await withZone(async ({ add }) => {
    assert.equal((await add({ name: "@", type: "MX", content: ".", priority: 0 })).outputs.content, ".");
  });
});

test("a zone's records are told as they are kept, no more than are asked for", async () => {
  await withZone(async ({ add, it }) => {
    const { id } = await add({ ...a, comment: "by hand" });
    await add({ name: "@", type: "MX", content: "mx1.example.test", priority: 10 });
    const { zoneId = null } = await it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.test" } });
    const ask = async (more: Properties): Promise<Properties[]> =>
      (await it.invoke("cloudflare:index/getDnsRecords:getDnsRecords", { zoneId, ...more })).results as Properties[];
    const [first, second] = await ask({});
    assert.deepEqual([first?.id, first?.content, first?.comment], [id, "192.0.2.1", "by hand"]);
    assert.deepEqual([second?.type, second?.priority, second?.name], ["MX", 10, "example.test"]);
    assert.equal((await ask({ type: "MX" })).length, 1);
    assert.equal((await ask({ maxItems: 1 })).length, 1);
    await assert.rejects(it.invoke("cloudflare:index/getDnsRecords:getDnsRecords", { zoneId: "0".repeat(32) }), code(7003));
    await assert.rejects(ask({ search: "mx1" }), /does not simulate/);
  });
});

test("a zone that is signed has a DS, is pending until Cloudflare has seen it, and is unsigned again when the resource goes", async () => {
  await withZone(async ({ it }) => {
    const { zoneId = null } = await it.invoke("cloudflare:index/getZone:getZone", { filter: { name: "example.test" } });
    const made = await it.create(TOKENS.dnssec, { zoneId, status: "active" });
    assert.equal(made.id, zoneId);
    assert.equal(
      made.outputs.ds,
      `example.test. 3600 IN DS ${signingKey(it.cloud.lab)
        .ds("example.test")
        .replace(/[0-9a-f]{64}$/, (digest) => digest.toUpperCase())}`,
    );
    const read = async (): Promise<unknown> =>
      (await it.read(TOKENS.dnssec, made.id, { zoneId, status: "active" }, made.outputs))?.outputs.status;
    assert.equal(await read(), "pending");
    await letTimePass(it.cloud.lab, 3600);
    assert.equal(await read(), "active");
    await it.delete(TOKENS.dnssec, made);
    assert.equal(await read(), "disabled");
    await assert.rejects(it.create(TOKENS.dnssec, { zoneId: "0".repeat(32), status: "active" }), code(7003));
    await assert.rejects(it.create(TOKENS.dnssec, { zoneId, status: "pending" }), /value must be one of/);
    await assert.rejects(it.create(TOKENS.dnssec, { zoneId, dnssecPresigned: true }), /does not simulate/);
  });
});

test("names have labels of at most 63 characters, and tags are for paid plans", async () => {
  await withZone(async ({ add }) => {
    await add({ ...a, name: "x".repeat(63) });
    await assert.rejects(add({ ...a, name: "x".repeat(64) }), code(9000));
    await assert.rejects(add({ ...a, name: "two..dots" }), code(9000));
    await assert.rejects(add({ ...a, tags: ["mail"] }), code(9300));
  });
});

test("records given by fields have all fields of their type, in their range; the order of fields means nothing", async () => {
  await withZone(async ({ add, it }) => {
    const tlsa = { name: "_25._tcp.mx1", type: "TLSA", data: { usage: 3, selector: 1, matchingType: 1, certificate: "ab".repeat(32) } };
    await add(tlsa);
    const { certificate, ...rest } = tlsa.data;
    await assert.rejects(add({ ...tlsa, data: { certificate, ...rest } }), code(81058));
    await assert.rejects(add({ ...tlsa, data: rest }), /certificate is a required field/);
    await assert.rejects(add({ ...tlsa, data: { ...tlsa.data, usage: 256 } }), /usage is invalid/);
    await assert.rejects(add({ ...tlsa, data: { ...tlsa.data, kind: 3 } }), /data\.kind: unknown input/);
    await assert.rejects(add({ name: "sub", type: "NS", content: "ns1.example.net" }), /does not simulate records of type "NS"/);
    assert.equal(Object.keys(it.cloud.read().records).length, 1);
  });
});
