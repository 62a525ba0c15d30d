import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { decode, encode, type Answer } from "dns-packet";
import { Authorities, shownAuthority } from "../../cli/dns/sources/authority";

/** What a resolver knows, by `NAME TYPE`; an empty list is a name without such records, and what is not there is no name. */
const known: { readonly [question: string]: readonly string[] | undefined } = {
  "example.test NS": ["ns1.hosting.test", "ns2.hosting.test"],
  "mx1.example.test NS": [],
  "ns1.hosting.test A": ["192.0.2.53"],
  "ns2.hosting.test A": ["198.51.100.53", "198.51.100.54"],
  "broken.test NS": ["gone.hosting.test"],
};

describe("name servers of a zone", () => {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  let authorities: Authorities;
  before(async () => {
    socket.on("message", (message, peer) => {
      const query = decode(message);
      const [question] = query.questions ?? [];
      if (question === undefined) return;
      asked.push(`${question.name} ${question.type}`);
      const found = known[`${question.name} ${question.type}`];
      const answers = (found ?? []).map((data) => ({ name: question.name, type: question.type, ttl: 300, data }) as Answer);
      const flags = question.name === "failing.test" ? 2 : found === undefined ? 3 : 0;
      socket.send(encode({ id: query.id, type: "response", flags, questions: [question], answers }), peer.port, peer.address);
    });
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    authorities = new Authorities({ host: "127.0.0.1", port: socket.address().port }, () => {});
  });
  after(() => socket.close());

  it("are those of the zone that a name is in, at every address, asked for once", async () => {
    const all = ["ns1.hosting.test (192.0.2.53)", "ns2.hosting.test (198.51.100.53)", "ns2.hosting.test (198.51.100.54)"];
    for (const name of ["example.test", "_25._tcp.mx1.example.test", "mx1.example.test"]) {
      assert.deepEqual((await authorities.of(name)).map(shownAuthority).sort(), all, name);
    }
    assert.equal(asked.filter((question) => question === "example.test NS").length, 1);
  });

  it("are not known where no zone is, where a server has no address, and where the resolver fails", async () => {
    await assert.rejects(authorities.of("nowhere.invalid"), /no name server of a zone was found that nowhere\.invalid is in/);
    await assert.rejects(authorities.of("broken.test"), /the name server gone\.hosting\.test has no address/);
    await assert.rejects(authorities.of("failing.test"), /the resolver did not say who answers for failing\.test/);
  });
});
