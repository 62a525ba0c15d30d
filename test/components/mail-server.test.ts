import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { MailDns, MailExchanger, MailServer, MailServerArgs } from "../../components";
import { mtaStsPolicy } from "../../dns/mta-sts";
import { Rdata } from "../../dns/record";
import { domainRecords, hostRecords } from "../../dns/records";
import { todo } from "../../components/outputs";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { at, found, Recording, recording, Registered } from "./recorded";

const HASH = "{BLF-CRYPT}$2b$05$canarycanarycanarycanOeYoNCgIGvc8bDBXHcXrnO7cV6pcfBVe";
const PRIVATE_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----\n";

const args: MailServerArgs = {
  ...twoExchangers,
  passwordHashes: pulumi.secret({ "alice@example.test": HASH }),
  operatorPrivateKey: pulumi.secret(PRIVATE_KEY),
  tags: { team: "post" },
};

const make = (changes: Partial<MailServerArgs> = {}, preview = false): Promise<Recording> =>
  recording((transforms) => void new MailServer("mail", { ...args, ...changes }, transforms), preview);

const ofType = (recorded: Recording, type: string): Registered[] => recorded.resources.filter((resource) => resource.type === type);

describe("MailServer", () => {
  it("registers exactly what two exchangers and two domains need", async () => {
    const recorded = await make();
    const host = (key: string, mail: number[], peer: string): string[] => [
      `mail-${key}`,
      ...[
        "firewall",
        ...mail.map((port) => `in-${port}`),
        "in-ssh-203-0-113-0-24",
        `in-peer-${peer}`,
        "out",
        "address",
        "volume",
        "machine",
        "association",
        "attachment",
        "a",
        "spf",
        "hostkey",
        "ready",
        "keys",
        "apply",
        "probe",
        "power",
        "drain",
        "forgotten",
        "ptr",
      ].map((part) => `mail-${key}-${part}`),
    ];
    const services = ["imaps", "imap", "pop3s", "pop3", "submissions", "submission", "sieve"].map((service) => `-srv-${service}`);
    const domain = (name: string): string[] =>
      ["", "-mx-mx1", "-mx-mx2", "-spf", "-dmarc", ...services].map((part) => `mail-${name}${part}`);
    assert.deepEqual(
      recorded.resources
        .map(({ name }) => name)
        .filter((name) => name !== "mail" && name !== "mailserver-test")
        .sort(),
      [
        ...host("mx1", [25, 465, 587, 143, 993, 110, 995, 4190], "mx2"),
        ...host("mx2", [25], "mx1"),
        ...domain("example.test"),
        ...domain("club.test"),
      ].sort(),
    );
  });

  it("points MX only at what answers, and makes the reverse names last", async () => {
    const recorded = await make();
    const inOrder = (...names: string[]): void => {
      const places = names.map((name) => at(recorded, name));
      assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
        names.join(" < "),
      );
    };
    for (const key of ["mx1", "mx2"]) {
      const its = (...parts: string[]): string[] => parts.map((part) => `mail-${key}-${part}`);
      inOrder(
        ...its("address", "machine", "association", "attachment", "hostkey", "ready", "keys", "apply", "probe", "drain", "forgotten"),
      );
      inOrder(...its("a", "hostkey"), ...its("forgotten"), `mail-example.test-mx-${key}`, `mail-${key}-ptr`);
      for (const domain of ["example.test", "club.test"]) {
        for (const other of ["mx1", "mx2"]) inOrder(`mail-${domain}-mx-${other}`, `mail-${key}-ptr`);
      }
    }
    // Backups first, one at a time; and nobody serves before everybody's keys are known.
    inOrder("mail-mx2-ready", "mail-mx1-machine");
    inOrder("mail-mx1-keys", "mail-mx2-apply");
    // A backup is drained while the primary still takes what it holds: the order here is that of deletion, read backwards.
    inOrder("mail-mx1-drain", "mail-mx2-drain");
    inOrder("mail-mx1-in-peer-mx2", "mail-mx2-drain");
  });

  it("asks for machines that only their owner can read", async () => {
    const recorded = await make();
    const { inputs } = found(recorded, "mail-mx1-machine");
    assert.deepEqual(
      { ...inputs, userDataBase64: undefined },
      {
        ami: "ami-/aws/service/debian/release/13/latest/arm64",
        instanceType: "t4g.small",
        subnetId: "subnet-1",
        vpcSecurityGroupIds: ["mail-mx1-firewall-id"],
        associatePublicIpAddress: false,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          encrypted: true,
          volumeType: "gp3",
          volumeSize: 8,
          tags: { team: "post", Name: "mx1.example.test", "mailserver:exchanger": "mx1" },
        },
        tags: { team: "post", Name: "mx1.example.test", "mailserver:exchanger": "mx1" },
        userDataBase64: undefined,
      },
    );
    assert.deepEqual(
      { ...found(recorded, "mail-mx1-volume").inputs, tags: undefined },
      { availabilityZone: "eu-central-1a", size: 20, type: "gp3", encrypted: true, tags: undefined },
    );
    assert.notEqual(found(recorded, "mail-mx2-volume").inputs.availabilityZone, "eu-central-1a");
  });

  it("never touches a running machine, and rebuilds it by generation", async () => {
    const options = (await make()).options.get("mail-mx1-machine");
    assert.deepEqual(options?.ignoreChanges, ["ami", "associatePublicIpAddress", "userDataBase64", "subnetId"]);
    assert.equal(options?.deleteBeforeReplace, true);
    assert.equal(options?.replacementTrigger, "1 arm64");
    const exchangers = { ...twoExchangers.exchangers, mx1: { role: "primary", generation: 2, subnet: "subnet-0123456789abcdef0" } };
    const raised = (await make({ exchangers })).options.get("mail-mx1-machine");
    assert.equal(raised?.replacementTrigger, "2 arm64");
    assert.deepEqual(raised?.ignoreChanges, ["ami", "associatePublicIpAddress", "userDataBase64"], "a declared subnet is not ignored");
  });

  it("protects volume and address unless told not to", async () => {
    for (const protect of [undefined, false]) {
      const { options } = await make({ protect });
      for (const [name, { protect: kept }] of options) {
        const precious = name.endsWith("-volume") || name.endsWith("-address");
        assert.equal(kept === true, precious && protect !== false, name);
      }
    }
  });

  it("lets no secret out but to the hosts, marked", async () => {
    const recorded = await make();
    const places = recorded.resources.flatMap(({ name, inputs }) =>
      Object.entries(inputs)
        .filter(([, value]) => JSON.stringify(value)?.includes("canary"))
        .map(([property, value]) => {
          assert.ok(JSON.stringify(value).includes(pulumi.runtime.specialSigKey), `${name}.${property} is marked`);
          return `${name}.${property}`;
        }),
    );
    const commands = (key: string): string[] =>
      ["apply", "drain", "forgotten", "hostkey", "keys", "probe", "ready"].map((part) => `mail-${key}-${part}.connection`);
    assert.deepEqual(places.sort(), [...commands("mx1"), ...commands("mx2"), "mail-mx1-apply.stdin"].sort());
  });

  it("puts nothing secret, and no account, into user data", async () => {
    const recorded = await make();
    const { gunzipSync } = await import("node:zlib");
    for (const key of ["mx1", "mx2"]) {
      const data = found(recorded, `mail-${key}-machine`).inputs.userDataBase64;
      assert.equal(typeof data, "string", "not marked secret");
      const text = gunzipSync(Buffer.from(data as string, "base64")).toString();
      for (const word of ["canary", "alice", "carol", "sales@"]) assert.ok(!text.includes(word), `${word} in user data of ${key}`);
    }
  });

  it("changes one command an exchanger, and no record, when a mailbox is added", async () => {
    const before = await make();
    const [first, ...others] = twoExchangers.domains;
    assert.ok(first);
    const after = await make({ domains: [{ ...first, mailboxes: { ...first.mailboxes, dora: {} } }, ...others] });
    const different = after.resources.filter(
      ({ name, type, inputs }) =>
        !/^pulumi-mailserver:/.test(type) && JSON.stringify(inputs) !== JSON.stringify(found(before, name).inputs),
    );
    // User data holds no account; gzip of the same text is the same within one run.
    assert.deepEqual(different.map(({ name }) => name).sort(), ["mail-mx1-apply", "mail-mx2-apply"]);
    assert.equal(after.resources.length, before.resources.length);
  });

  it("reaches every child with region and tags", async () => {
    const exchangers = { mx1: { role: "primary", region: "eu-north-1" }, mx2: { role: "backup", region: "eu-north-1" } };
    const recorded = await make({ exchangers });
    for (const { name, type, inputs } of recorded.resources.filter((it) => it.type.startsWith("aws:"))) {
      assert.equal(inputs.region, "eu-north-1", name);
      if (!/EipAssociation|VolumeAttachment|EipDomainName|InstanceState/.test(type)) {
        assert.equal((inputs.tags as Record<string, string>).team, "post", name);
      }
    }
  });

  it("previews every record, though no address is known", async () => {
    const recorded = await make({}, true);
    const parsed = parse(twoExchangers);
    assert.ok(parsed.ok);
    const plan = parsed.value;
    const planned = [...plan.exchangers.flatMap((it) => hostRecords(plan, it)), ...plan.domains.flatMap((it) => domainRecords(plan, it))];
    const shown = ofType(recorded, "cloudflare:index/dnsRecord:DnsRecord");
    const priorityOf = (rdata: Rdata): number | undefined => {
      if (rdata.type === "MX") return rdata.preference;
      return rdata.type === "SRV" ? rdata.priority : undefined;
    };
    const identity = (type: unknown, name: unknown, priority: unknown): string => `${type} ${name} ${priority ?? ""}`;
    assert.deepEqual(
      shown.map(({ inputs }) => identity(inputs.type, inputs.name, inputs.priority)).sort(),
      planned.map(({ name, rdata }) => identity(rdata.type, name, priorityOf(rdata))).sort(),
    );
  });

  it("makes nothing when the declaration is wrong, and says all that is wrong", () => {
    const exchangers = { mx1: { role: "primary", preference: 70000 }, mx2: { role: "bakcup" } };
    // No engine, no mocks: it throws before it asks for anything.
    assert.throws(
      () => new MailServer("mail", { ...args, exchangers }),
      (error: Error) => {
        assert.ok(pulumi.RunError.isInstance(error), "printed without a stack trace");
        assert.match(error.message, /exchangers\.mx1\.preference: 70000/);
        assert.match(error.message, /exchangers\.mx2\.role: "bakcup"/);
        return true;
      },
    );
  });

  it("refuses tags and a name that EC2 would refuse", () => {
    const twice = /nothing was changed\.\n {2}tags\.Name: .*\n {2}tags\["a<b"\]: /;
    const tags = { team: "post", "a<b": "x", Name: "y" };
    assert.throws(() => new MailServer("mail", { ...args, tags }), twice);
    for (const name of ["sg-mail", "post-ä", "m".repeat(239)])
      assert.throws(
        () => new MailExchanger(name, { declaration: twoExchangers, key: "mx1", peers: {} }),
        /name: ".*" cannot be the name of a security group/,
      );
  });

  it("says of quotas that the declaration exceeds, and of limits that nobody raises, before it makes anything", () => {
    const backups = (count: number): MailServerArgs["exchangers"] =>
      Object.fromEntries([
        ["mx1", { role: "primary" }],
        ...Array.from({ length: count }, (_, index) => [`b${index}`, { role: "backup" }] as const),
      ]);
    const addresses = Array.from({ length: 1000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    assert.throws(
      () => new MailServer("mail", { ...args, operator: { ...twoExchangers.operator, addresses } }),
      /operator\.addresses: The firewall of exchanger "mx1" would have 1009 rules/,
    );
    const plan = parse({ ...twoExchangers, exchangers: backups(5) });
    assert.ok(plan.ok);
    assert.match(todo(plan.value).join("\n"), /^Elastic IPs: 6 are needed/);
  });

  it("says whose SPF record forwarded mail depends on, where it is made elsewhere", () => {
    const notes = (aliases: { [local: string]: string[] }, without: string[]): string => {
      const plan = parse({ ...twoExchangers, domains: [{ name: "example.test", mailboxes: { alice: {} }, aliases, without }] });
      assert.ok(plan.ok);
      return todo(plan.value).join("\n");
    };
    const away = { away: ["ben@elsewhere.test"] };
    assert.match(notes(away, ["spf"]), /^SPF: mail that away@example\.test forwards is sent as example\.test, .*primary's address/m);
    assert.doesNotMatch(notes(away, []), /^SPF/m);
    assert.doesNotMatch(notes({ sales: ["alice"] }, ["spf"]), /^SPF/m);
  });

  it("has a backup more in everything that follows from the set of exchangers, at once", async () => {
    const exchangers = { ...twoExchangers.exchangers, mx3: { role: "backup", preference: 30 } };
    const domains = [{ ...twoExchangers.domains[0]!, mtaSts: { mode: "enforce" } }];
    const recorded = await make({ exchangers, domains, dnssec: ["example.test"] });
    const inputs = (name: string): Record<string, unknown> => found(recorded, `mail-${name}`).inputs;
    assert.equal(inputs("example.test-mx-mx3").content, "mx3.example.test");
    assert.equal(inputs("mx3-tlsa").name, "_25._tcp.mx3.example.test");
    assert.equal(inputs("mx3-ptr").domainName, "mx3.example.test");
    assert.equal(inputs("mx3-in-25").fromPort, 25);
    assert.equal(inputs("mx1-in-peer-mx3").cidrIpv4, "198.51.100.1/32");
    const text = mtaStsPolicy(
      { mode: "enforce", maxAge: 604_800 },
      ["mx1", "mx2", "mx3"].map((key) => ({ fqdn: `${key}.example.test` })),
    );
    const id = createHash("sha256").update(text).digest("hex").slice(0, 20);
    assert.equal(inputs("example.test-mta-sts").content, `"v=STSv1; id=${id};"`);
    // Its certificate is made in its first boot, for the name that it is told.
    const data = gunzipSync(Buffer.from(String(inputs("mx3-machine").userDataBase64), "base64")).toString();
    assert.match(data, /"?fqdn"?: ?"?mx3\.example\.test/);
  });

  it("lets the primary make DKIM keys, and has every key of theirs and of others in its record", async () => {
    const dkim = { s1: {}, s2: { type: "ed25519" }, news: { type: "ed25519", publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" } };
    const recorded = await make({ domains: [{ ...twoExchangers.domains[0]!, dkim: { ...dkim, old: { revoked: true } } }] });
    assert.equal(found(recorded, "mail-mx1-dkim").inputs.stdin, "example.test s1 rsa\nexample.test s2 ed25519\n");
    assert.ok(!recorded.resources.some(({ name }) => name === "mail-mx2-dkim"));
    const p = (selector: string): unknown => found(recorded, `mail-example.test-dkim-${selector}`).inputs.content;
    assert.equal(p("s1"), `"v=DKIM1; k=rsa; h=sha256; p=${"s1".repeat(22)}"`);
    assert.equal(p("s2"), `"v=DKIM1; k=ed25519; p=${"s2".repeat(22)}"`);
    assert.equal(p("news"), '"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="');
    assert.equal(p("old"), '"v=DKIM1; k=rsa; h=sha256; p="');
  });

  it("gives Cloudflare records with fields as fields", async () => {
    const recorded = await make({ dnssec: ["example.test"], caa: { issuer: "ca.test" } });
    const sent = (name: string): unknown => {
      const { content, data, priority } = found(recorded, `mail-${name}`).inputs;
      return { content, data, priority };
    };
    assert.deepEqual(sent("example.test-srv-imaps"), {
      content: undefined,
      data: { priority: 0, weight: 1, port: 993, target: "mx1.example.test" },
      priority: 0,
    });
    assert.deepEqual(sent("mx1-caa-issue"), {
      content: undefined,
      data: { flags: 0, tag: "issue", value: "ca.test" },
      priority: undefined,
    });
    const certificate = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join("");
    assert.deepEqual(sent("mx2-tlsa"), {
      content: undefined,
      data: { usage: 3, selector: 1, matchingType: 1, certificate },
      priority: undefined,
    });
    const { inputs } = found(recorded, "mail-example.test-dnssec");
    assert.deepEqual(inputs, { zoneId: "zone of example.test", status: "active" });
  });

  it("says which exchangers there are when a component names another one", () => {
    const declaration = twoExchangers;
    assert.throws(
      () => new MailExchanger("x", { declaration, key: "mx9", peers: {} }),
      /key: no exchanger "mx9" is declared; declared are: mx1, mx2/,
    );
  });

  it("refuses records that are no good before anything is registered", () => {
    const mx1 = { name: "mx1.hosting.test", role: "primary", address: "mx1.hosting.test" };
    assert.throws(
      () => new MailDns("x", { domain: "example.test", exchangers: { mx1 } }),
      /exchangers\.mx1\.address: "mx1\.hosting\.test" is not an IPv4 address/,
    );
  });
});
