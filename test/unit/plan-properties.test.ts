import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Declaration } from "../../plan/declaration";
import { parse } from "../../plan/parse";
import { checkPasswordHashes } from "../../plan/password-hashes";
import { checkTags } from "../../plan/tags";
import { factName } from "../../dns/fact";
import { planRecords } from "../../dns/records";
import { twoExchangers } from "../examples/two-exchangers";
import { saneDeclaration } from "../generated/declarations";
import { planOf } from "./plan-verdicts";

/** One of everything that a declaration can hold. */
const everything: Declaration = {
  ...twoExchangers,
  postmaster: "alice@example.test",
  domains: [
    {
      ...twoExchangers.domains[0]!,
      spf: { include: ["_spf.elsewhere.test"], terms: ["ip4:192.0.2.0/28", "exists:%{i}.elsewhere.test"], others: "softfail" },
      dkim: { s1: { type: "ed25519", publicKey: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" }, s2: { revoked: true } },
      dmarc: {
        p: "reject",
        sp: "none",
        np: "none",
        adkim: "s",
        aspf: "s",
        rua: ["carol@club.test"],
        ruf: ["alice@example.test"],
        fo: "1:d",
        t: true,
      },
      mtaSts: { mode: "enforce", maxAge: 86_400, host: "web.elsewhere.test" },
      tlsReports: ["alice@example.test", "https://reports.elsewhere.test/tls"],
      services: ["imaps"],
      autoconfig: "web.elsewhere.test",
    },
    { ...twoExchangers.domains[1]!, without: ["spf", "dmarc", "srv"] },
  ],
  parkedDomains: [{ name: "old.test", zone: { name: "old.test" } }],
  dnssec: ["example.test"],
  caa: { issuer: "ca.elsewhere.test", accountUri: "https://ca.elsewhere.test/1", iodef: "alice@example.test" },
  relayClients: { office: { addresses: ["203.0.113.0/28"], senders: ["sales@example.test", "club.test"] } },
};

describe("any sane declaration", () => {
  it("has a plan, frozen all the way down", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const assertFrozen = (value: unknown): void => {
          if (typeof value !== "object" || value === null) return;
          assert.ok(Object.isFrozen(value));
          Object.values(value).forEach(assertFrozen);
        };
        assertFrozen(planOf(declaration));
      }),
    );
  });

  it("has the same plan with the keys of its maps in any order", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        assert.equal(JSON.stringify(planOf(reversed(declaration))), JSON.stringify(planOf(declaration)));
      }),
    );
  });

  it("declares every address once, and every alias leads to a mailbox or system user in the end", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const plan = planOf(declaration);
        const accounts = [...plan.domains.flatMap(({ mailboxes }) => mailboxes), ...plan.systemUsers].map(({ address }) => address);
        const aliases = new Map(plan.domains.flatMap((domain) => domain.aliases.map(({ address, targets }) => [address, targets])));
        assert.equal(new Set([...accounts, ...aliases.keys()]).size, accounts.length + aliases.size);
        const reaches = (address: string): boolean => accounts.includes(address) || (aliases.get(address) ?? []).some(reaches);
        for (const { name } of plan.domains)
          for (const local of ["postmaster", "abuse", "root"]) assert.ok(reaches(`${local}@${name}`), local);
        for (const address of aliases.keys()) assert.ok(reaches(address), address);
      }),
    );
  });

  it("has records with one key each, and each MX names a declared host that has an address", () => {
    fc.assert(
      fc.property(saneDeclaration(), (declaration) => {
        const plan = planOf(declaration);
        const records = planRecords(plan);
        const owned = records.map(({ name, key, rdata }) => `${name} ${key} ${rdata.type === "PTR" ? factName(rdata.address) : ""}`);
        assert.equal(new Set(owned).size, owned.length);
        const hosts = records.filter(({ rdata }) => rdata.type === "A").map(({ name }) => name);
        for (const { name } of plan.domains) {
          const mx = records.flatMap((record) => (record.name === name && record.rdata.type === "MX" ? [record.rdata] : []));
          assert.equal(mx.length, plan.exchangers.length);
          for (const { exchange } of mx) assert.ok(hosts.includes(exchange));
        }
      }),
    );
  });
});

describe("anything at all", () => {
  it("is parsed or refused, and never throws", () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
        (value) => {
          const parsed = parse(value);
          assert.ok(!parsed.ok && parsed.problems.length > 0);
          checkPasswordHashes(planOf(twoExchangers), value);
          checkTags(value);
        },
      ),
    );
  });

  it("in place of any one value of a declaration never throws, and says where it is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(everything)), fc.anything({ maxDepth: 2 }), (path, value) => {
        const parsed = parse(replaced(everything, path, value));
        if (parsed.ok) return;
        assert.ok(parsed.problems.length > 0);
        for (const { message } of parsed.problems) assert.match(message, /^[^\p{Cc}\p{Zl}\p{Zp}]+[.?]$/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("no input puts a line or a quote of its own into a plan", () => {
  const hostile = ["\n", "\r", "\0", "\u2028", "\u0085", '"', "'", "`", "\\", ";", "|", "#", "$(id)", " ", "\t", ":", ",", "<", "{{x}}"];
  for (const path of pathsOf(everything)) {
    it(`at ${path.join(".") || "the root"}`, () => {
      const original = valueAt(everything, path);
      for (const bad of hostile) {
        if (typeof original === "string") {
          for (const value of [original + bad, bad + original, original.slice(0, 2) + bad + original.slice(2)])
            assertSafe(replaced(everything, path, value));
        }
        const key = path.at(-1);
        if (typeof key === "string") {
          const parent = path.slice(0, -1);
          const others = Object.entries(valueAt(everything, parent) as object).filter(([other]) => other !== key);
          assertSafe(replaced(everything, parent, Object.fromEntries([...others, [key + bad, original]])));
        }
      }
    });
  }

  function assertSafe(declaration: unknown): void {
    const parsed = parse(declaration);
    if (!parsed.ok) return;
    // The key and its comment are one line of authorized_keys; blanks are part of that.
    const { operator, domains, caa, ...plan } = parsed.value;
    assert.doesNotMatch(operator.publicKeys.join(""), /[^\w@.,:+/() =-]/);
    // Policies have signs of their own, and none that ends a string, a tag or a term.
    for (const text of stringsOf([caa, domains.map(({ policies }) => policies)]))
      assert.match(text, /^[^\s"';\\`|<>]*$/, JSON.stringify(declaration));
    const plain = domains.map(({ name, zone, mailboxes, aliases }) => [name, zone, mailboxes, aliases]);
    for (const text of stringsOf([plan, plain, operator.addresses])) assert.doesNotMatch(text, /[^\w.@/:-]/, JSON.stringify(declaration));
  }
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const steps: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => pathsOf((value as { [key: string | number]: unknown })[step], [...path, step]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((here: unknown, step) => (here as { [key: string | number]: unknown })[step], value);
}

function replaced(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((element: unknown, index) => (index === step ? replaced(element, rest, replacement) : element));
  const map = value as { [key: string | number]: unknown };
  return { ...map, [step]: replaced(map[step], rest, replacement) };
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
