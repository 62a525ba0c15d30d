/** A domain moves here from another provider, with everything that its zone has in it: the steps of docs/adoption.md. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { ImportFile } from "../../cli/dns/import-file";
import { type AddedRecord, addRecords, alterRecord } from "../../lab/cloud/behind-the-program";
import type { DnsRecord } from "../../lab/cloud/state";
import { readState } from "../../lab/cloud/store";
import { OUTSIDE_FQDN } from "../../lab/services/zone-file";
import { until } from "../../lab/until";
import { besideCloudflare } from "../cli/beside-cloudflare";
import type { Ended } from "../cli/mailserver";
import type { LabUnderTest } from "./lab-under-test";
import { inMaildirs, newToken, offer } from "./mail-flow";

const DOMAIN = "school.test";
/** Has a mailbox at the provider and here. */
const PERSON = `anna@${DOMAIN}`;
const COMMENT = "Former provider, contract 4711";

/** What the domain can have only one of, and is to say something else. */
const taken: readonly AddedRecord[] = [
  { name: DOMAIN, type: "TXT", content: '"v=spf1 include:outside.test -all"', ttl: 300, comment: COMMENT },
  { name: `_dmarc.${DOMAIN}`, type: "TXT", content: '"v=DMARC1; p=reject; rua=mailto:dmarc@outside.test"', ttl: 300, comment: COMMENT },
];
const mx: AddedRecord = { name: DOMAIN, type: "MX", content: OUTSIDE_FQDN, priority: 10, ttl: 60, comment: COMMENT };
/** In nobody's way: of the provider, of the web site, of others. */
const others: readonly AddedRecord[] = [
  { name: `old._domainkey.${DOMAIN}`, type: "TXT", content: `"v=DKIM1; k=rsa; p=${"A".repeat(230)}" "${"B".repeat(160)}"`, ttl: 3600 },
  { name: `autodiscover.${DOMAIN}`, type: "CNAME", content: OUTSIDE_FQDN, ttl: 1, comment: COMMENT },
  { name: DOMAIN, type: "A", content: "192.0.2.80", ttl: 1, comment: "web" },
  { name: `www.${DOMAIN}`, type: "CNAME", content: DOMAIN, ttl: 1, comment: "web" },
  { name: DOMAIN, type: "TXT", content: '"site-verification=Zm9v; \\"quoted\\""', ttl: 3600, comment: "" },
];

export function adoption(it: LabUnderTest): void {
  const files = { stack: "", preview: "", imports: "" };
  const ids: { taken: string[]; mx: string; others: string[] } = { taken: [], mx: "", others: [] };
  let asTheyWere: DnsRecord[];
  let flow: MailFlow;

  const held = (...of: readonly string[]): DnsRecord[] => of.flatMap((id) => readState(it.lab).records[id] ?? []);
  const exchangersNow = (): string[] =>
    Object.values(readState(it.lab).records)
      .filter(({ name, type }) => name === DOMAIN && type === "MX")
      .map(({ priority, content }) => `${priority} ${content}`)
      .sort((one, other) => parseInt(one) - parseInt(other));
  const prefer = (mx1: number, mx2: number): void => {
    it.config["mailserver:exchangers"].mx1!.preference = mx1;
    it.config["mailserver:exchangers"].mx2!.preference = mx2;
  };

  /** `mailserver dns …` on the stack as it was declared at the last `pulumi`. */
  const dns = (...words: readonly string[]): Promise<Ended> =>
    besideCloudflare(readState(it.lab), ["dns", ...words, "--stack-file", files.stack]);
  /** Compared with the stack's state, which says what is ours, and with the zone. */
  const review = async (): Promise<Ended> => {
    writeFileSync(files.preview, await it.pulumi("preview", "--json", "--show-sames"));
    return dns("preview", "--against", `pulumi:${files.preview}`, "--against", "live");
  };

  before(() => {
    // With the operator's keys and the hashes in it, as the engine was given it last.
    files.stack = join(it.lab.dir, "Pulumi.lab.yaml");
    files.preview = join(it.lab.dir, "preview.json");
    files.imports = join(it.lab.dir, "import.json");
  });
  after(() => flow?.end().catch(() => {}));

  test("adoption: a collision is told with whose the record is and how to take it over, and only such records become the stack's", async () => {
    await it.sh("outside", `postconf -e "mydestination = $(postconf -h mydestination), ${DOMAIN}"; postfix reload`);
    ids.taken = await addRecords(it.lab, DOMAIN, taken);
    [ids.mx = ""] = await addRecords(it.lab, DOMAIN, [mx]);
    ids.others = await addRecords(it.lab, DOMAIN, others);
    asTheyWere = held(...ids.taken, ids.mx, ...ids.others);
    flow = new MailFlow(it);
    await flow.passes("the provider", it.lab.addresses.outside);

    prefer(110, 120);
    const dmarc = { p: "reject", rua: ["dmarc@outside.test"] };
    const domain = { name: DOMAIN, mailboxes: { anna: {} }, spf: { include: ["outside.test"] }, dmarc, without: ["srv"] };
    it.config["mailserver:domains"].push(domain);
    await review();
    const collides = await dns("preview", "--against", "live");
    assert.equal(collides.code, 3, collides.stdout + collides.stderr);
    assert.match(collides.stdout, /foreign-record/);
    assert.ok(collides.stdout.includes(COMMENT), collides.stdout);
    assert.match(collides.stdout, /mailserver dns adopt/);

    const adopted = await dns("adopt", "--stack", "lab", "--preview", files.preview, "--output", files.imports);
    assert.equal(adopted.code, 0, adopted.stderr);
    const { resources } = JSON.parse(readFileSync(files.imports, "utf8")) as ImportFile;
    assert.deepEqual(
      resources.flatMap(({ id }) => id ?? []).sort(),
      held(...ids.taken)
        .map(({ zoneId, id }) => `${zoneId}/${id}`)
        .sort(),
    );
    await it.pulumi("import", "--file", files.imports, "--yes", "--skip-preview", "--protect=false", "--generate-code=false");
    assert.deepEqual(held(...ids.taken, ids.mx, ...ids.others), asTheyWere, "in the zone nothing is changed yet");
    const passes = await review();
    assert.equal(passes.code, 0, passes.stdout + passes.stderr);
  });

  test("adoption: the exchangers come behind the provider, who goes on to send and to take mail", async () => {
    await it.up();
    const [spf, dmarc] = held(...ids.taken);
    assert.match(spf?.content ?? "", /^"v=spf1 ip4:198\.51\.100\.\d+ include:outside\.test -all"$/);
    assert.match(dmarc?.content ?? "", /p=reject/);
    assert.deepEqual(exchangersNow(), [`10 ${OUTSIDE_FQDN}`, "110 mx1.example.test", "120 mx2.example.test"]);
    await flow.passes("the provider still", it.lab.addresses.outside);
    for (const key of ["mx1", "mx2"]) {
      await flow.through(it.address(key));
      assert.equal((await offer(it, it.address(key), `nobody@${DOMAIN}`, newToken()))?.code, 550);
    }
    assert.deepEqual(held(ids.mx, ...ids.others), asTheyWere.slice(ids.taken.length));
  });

  test("adoption: the exchangers go before the provider, and then the provider's MX goes", async () => {
    prefer(5, 6);
    delete it.config["mailserver:domains"].find(({ name }) => name === DOMAIN)?.without;
    const swapped = await review();
    assert.equal(swapped.code, 0, swapped.stdout + swapped.stderr);
    await it.up();
    assert.deepEqual(exchangersNow(), ["5 mx1.example.test", "6 mx2.example.test", `10 ${OUTSIDE_FQDN}`]);
    await flow.passes("the primary", it.address("mx1"));
    assert.deepEqual(held(ids.mx, ...ids.others), asTheyWere.slice(ids.taken.length));

    await alterRecord(it.lab, ids.mx, "delete");
    const left = await dns("preview", "--against", "live", "--expect-no-changes");
    assert.equal(left.code, 0, left.stdout + left.stderr);
    await flow.passes("the primary alone", it.address("mx1"));
    assert.deepEqual(held(...ids.others), asTheyWere.slice(ids.taken.length + 1));
    assert.deepEqual(await it.preview(), []);
  });

  test("adoption: every mail is in one of the two mailboxes, once", async () => {
    await flow.end();
    await until("all mail in a mailbox", 120, async () => (await copies()).every((count) => count > 0));
    assert.deepEqual([...new Set(await copies())], [1]);
    const takers = new Set(flow.sent.map(({ by }) => by));
    assert.ok(takers.has(it.lab.addresses.outside) && takers.has(it.address("mx1")), [...takers].join());
    for (const id of ids.others) await alterRecord(it.lab, id, "delete");
  });

  /** Of each mail that was sent, how many are in the person's two mailboxes. */
  async function copies(): Promise<number[]> {
    const here = await inMaildirs(it, "mx1");
    const there = (await it.sh("outside", "grep -h '^Subject: ' /var/mail/anna || :")).split("\n");
    return flow.sent.map(({ token }) => (here.get(token) ?? 0) + there.filter((line) => line === `Subject: ${token}`).length);
  }
}

interface Sent {
  readonly token: string;
  /** Address of the host that took it. */
  readonly by: string;
}

/** Mail to the person without end, from senders that look up the MX: one in turn with a resolver that remembers, one with none that does. */
class MailFlow {
  readonly sent: Sent[] = [];
  #isOver = false;
  readonly #sending: Promise<void>;

  constructor(private readonly it: LabUnderTest) {
    this.#sending = this.#send();
    // Told to whoever waits for it.
    this.#sending.catch(() => {});
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#sending;
  }

  /** Waits until a mail that is sent from now on is taken by this host. */
  async passes(what: string, host: string): Promise<void> {
    const from = this.sent.length;
    await until(`mail through ${what}`, 120, async () => {
      await Promise.race([this.#sending, pause(0)]);
      return this.sent.slice(from).some(({ by }) => by === host);
    });
  }

  /** One mail more, to this host whatever the MX says. */
  async through(host: string): Promise<void> {
    const token = newToken();
    const answer = await offer(this.it, host, PERSON, token);
    assert.equal(answer?.code, 250, answer?.text);
    this.sent.push({ token, by: host });
  }

  async #send(): Promise<void> {
    const { nameserver, resolver } = this.it.lab.addresses;
    for (let turn = 0; !this.#isOver; turn += 1) {
      const token = newToken();
      this.sent.push({ token, by: await this.#one(token, turn % 2 === 0 ? resolver : nameserver) });
      await pause(200);
    }
  }

  async #one(token: string, server: string): Promise<string> {
    const heard: string[] = [];
    for (const host of await this.it.clients.exchangersOf(DOMAIN, server)) {
      const answer = await offer(this.it, host, PERSON, token);
      if (answer?.code === 250) return host;
      heard.push(`${host}: ${answer?.text ?? "nothing"}`);
    }
    throw new Error(`nobody took a mail for ${PERSON}: ${heard.join("; ")}`);
  }
}
