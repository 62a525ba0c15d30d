import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bothForms, domainName } from "../../plan/domain-name";
import { changed, domain, planOf, refused } from "./plan-verdicts";

const nameOf = (text: string): string | undefined => {
  const result = domainName(text);
  return "error" in result ? undefined : result.name;
};

function refuses(text: string, ...says: string[]): void {
  const result = domainName(text);
  assert.ok("error" in result, `${text} was taken`);
  for (const part of says) assert.ok(result.error.includes(part), `${text}: ${result.error}\nshould say ${part}`);
}

describe("international domain names", () => {
  it("are A-labels in the plan, whichever form is given", () => {
    for (const [given, name] of [
      ["bücher.example", "xn--bcher-kva.example"],
      ["BÜCHER.Example", "xn--bcher-kva.example"],
      ["bu\u0308cher.example", "xn--bcher-kva.example"],
      ["xn--bcher-kva.example", "xn--bcher-kva.example"],
      ["XN--BCHER-KVA.example", "xn--bcher-kva.example"],
      // IDNA2008 keeps what its predecessor mapped to "ss" (RFC 5894 section 7.2).
      ["faß.example", "xn--fa-hia.example"],
      ["日本語.example", "xn--wgv71a119e.example"],
      ["日本カタカナabc.example", "xn--abc-jj4ba3j6ct738cdoc.example"],
      ["пример.example", "xn--e1afmkfd.example"],
      ["παράδειγμα.example", "xn--hxajbheg2az3al.example"],
      ["col·lecció.example", "xn--collecci-ioa91d.example"],
      ["mail.bücher.example", "mail.xn--bcher-kva.example"],
    ] as const) {
      const found = nameOf(given);
      assert.equal(found, name, given);
      assert.equal(nameOf(found ?? ""), found, "and that is taken too");
    }
  });

  it("that no registry takes are refused with the reason", () => {
    refuses("p\u0430ypal.example", "pаypal", "xn--pypal-4ve", "Cyrillic, Latin", "one script");
    refuses("xn--pypal-4ve.example", "Cyrillic, Latin");
    refuses("αa.example", "Greek, Latin");
    refuses("ⲁⲃ.example", "not written in today");
    for (const garbage of ["xn--garbage.example", "xn--.example", "xn--a.example", "xn--1-.example", "xn--bücher.example"])
      refuses(garbage);
    refuses("xn--garbage.example", "is none", "bücher.example");
    // An A-label that another spelling is the one of.
    refuses("xn--zzzzzz-zzzzzzzzzz.example");
    refuses("xn--ls8h.example", "💩", "section 4.2");
    refuses("💩.example", "cannot stand in one");
    refuses("-ü.example", "section 4.2");
    refuses("ü-.example", "section 4.2");
    refuses("üa--b.example", "section 4.2");
    refuses("\u0301a.example", "cannot be converted");
    refuses("אa.example", "cannot be converted");
    refuses("b·a.example", "cannot stand in one");
  });

  it("whose letters DNS has as others show what they would become", () => {
    refuses("ｅｘａｍｐｌｅ.org", '"example.org"', "write it so");
    refuses("ﬁsh.example", '"fish.example"');
  });

  it("are measured after the conversion", () => {
    const sixty = "ü".repeat(60);
    assert.equal(sixty.length, 60);
    refuses(`${sixty}.example`, "66 characters", "takes 63");
    assert.ok(nameOf(`${"ü".repeat(50)}.example`));
    const long = Array.from({ length: 5 }, () => "ü".repeat(45)).join(".");
    assert.ok(`${long}.example`.length < 253);
    refuses(`${long}.example`, "takes 253");
    refuses(`${"a.".repeat(100_000)}example`, "200007 characters", "takes 253");
  });

  it("are shown in both forms", () => {
    assert.equal(bothForms("xn--bcher-kva.example"), "bücher.example (xn--bcher-kva.example)");
    assert.equal(bothForms("alice@xn--bcher-kva.example"), "alice@bücher.example (alice@xn--bcher-kva.example)");
    assert.equal(bothForms("alice@example.org"), "alice@example.org");
    refused(
      changed({ domains: [{ name: "bücher.test", mailboxes: { a: {} } }, { name: "xn--bcher-kva.test" }], systemUsers: {} }),
      "domains[1].name",
      "bücher.test (xn--bcher-kva.test) is declared twice",
    );
    refused(
      domain({ catchAll: "a@bücher.test" }),
      "domains[0].catchAll",
      "a@bücher.test (a@xn--bcher-kva.test) is outside of the declared domains",
    );
  });

  it("hold zones, hosts and addresses as others do", () => {
    const plan = planOf(
      changed({
        hostZone: { name: "Bücher.test" },
        domains: [
          {
            name: "post.bücher.test",
            zone: { name: "xn--bcher-kva.test" },
            mailboxes: { alice: {} },
            aliases: { a: ["alice@post.BÜCHER.test"] },
          },
        ],
        systemUsers: {},
        postmaster: "alice@post.bücher.test",
      }),
    );
    assert.equal(plan.hostZone.name, "xn--bcher-kva.test");
    assert.equal(plan.exchangers[0]?.fqdn, "mx1.xn--bcher-kva.test");
    assert.deepEqual(
      plan.domains[0].mailboxes.map(({ address }) => address),
      ["alice@post.xn--bcher-kva.test"],
    );
    assert.equal(plan.postmaster, "alice@post.xn--bcher-kva.test");
  });

  it("are for domains: before the @ there is ASCII only, and it is said why", () => {
    refused(domain({ mailboxes: { alice: {}, bücher: {} } }), 'domains[0].mailboxes["bücher"]', "SMTPUTF8", "without accents");
    refused(domain({ aliases: { a: ["übung"] } }), "domains[0].aliases.a[0]", "SMTPUTF8");
  });
});

describe("domain names", () => {
  it("that are none are refused with what is wrong", () => {
    for (const [text, ...says] of [
      ["", "empty"],
      ["example.org.", "leave out the dot", '"example.org"'],
      ["a..org", "a label is empty"],
      [".org", "a label is empty"],
      ["a.org..", "a label is empty"],
      ["example", "one label only"],
      ["exa_mple.org", '"_" cannot stand in one'],
      ["exa mple.org", '" " cannot stand in one'],
      ["a\u0000.org", "\\u0000"],
      ["a\n.org", "\\n"],
      ["https://example.org", '":" cannot'],
      ["*.example.org", '"*" cannot'],
      ["192.0.2.1", "ends with a number"],
      ["-a.org", 'begins or ends with "-"'],
      ["a-.org", 'begins or ends with "-"'],
      [`${"a".repeat(64)}.org`, "64 characters", "takes 63"],
    ] as const)
      refuses(text, ...says);
  });
});
