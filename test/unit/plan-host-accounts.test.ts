import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../plan/parse";
import { twoExchangers } from "../examples/two-exchangers";
import { accepted, changed, operator, planOf, refused } from "./plan-verdicts";

describe("system users", () => {
  it("have names that useradd takes and Debian does not use", () => {
    for (const name of ["Master", "1st", "_x", "a.b", "a b", "x$", "", "a".repeat(33)]) {
      const parsed = parse(changed({ systemUsers: { [name]: {} } }));
      assert.ok(!parsed.ok && parsed.problems[0]?.message.includes("is not the name of a system user"), name);
    }
    for (const name of ["root", "mail", "postfix", "dovecot", "vmail", "systemd-resolve", "users", "debian"]) {
      refused(changed({ systemUsers: { [name]: {} } }), `systemUsers.${name}`, "uses itself");
    }
    accepted(changed({ systemUsers: { "master-2_x": {}, rooty: {}, postmaster: {} } }));
  });

  it("have homes that are nobody else's", () => {
    const home = (path: unknown): unknown => changed({ systemUsers: { master: { home: path } } });
    for (const path of [
      "usr/master",
      "/usr/../etc",
      "/usr/./master",
      "/usr//master",
      "/usr/master/",
      "/a b",
      "/a:b",
      "/a\nb",
      "~",
      "",
      "/-x",
    ]) {
      refused(home(path), "systemUsers.master.home", "is not a home directory");
    }
    for (const path of [
      "/usr",
      "/usr/bin",
      "/usr/bin/x",
      "/etc",
      "/var",
      "/var/mail",
      "/srv",
      "/srv/mailserver",
      "/srv/mailserver/x",
      "/home",
      "/root",
      "/tmp/x",
    ]) {
      refused(home(path), "systemUsers.master.home", "directory of the system");
    }
    refused(home("/"), "systemUsers.master.home", "is not a home directory");
    refused(home("/home/debian"), "systemUsers.master.home", "an account that the host has");
    for (const path of ["/usr/master", "/home/master", "/srv/master", "/srv/mailserver2", "/master", "/usr/binx"]) accepted(home(path));
  });

  it("have homes apart from each other", () => {
    refused(changed({ systemUsers: { a: { home: "/usr/x" }, b: { home: "/usr/x" } } }), "systemUsers.b.home", '"a"');
    refused(changed({ systemUsers: { a: { home: "/usr/x/y" }, b: { home: "/usr/x" } } }), "systemUsers.b.home", "inside the other");
    accepted(changed({ systemUsers: { a: { home: "/usr/x" }, b: { home: "/usr/xy" } } }));
  });
});

describe("the operator", () => {
  it("comes from somewhere in particular", () => {
    refused(operator({ addresses: [] }), "operator.addresses", "empty");
    for (const range of ["0.0.0.0/0", "::/0", "8.0.0.0/7", "2000::/3"])
      refused(operator({ addresses: [range] }), "operator.addresses[0]", `"${range}"`, "whole Internet");
    for (const range of ["", "example.test", "203.0.113.0/33", "203.0.113/24", "203.0.113.0/024", "fe80::1%eth0/64", "2001:db8::/129"]) {
      const parsed = parse(operator({ addresses: [range] }));
      assert.ok(!parsed.ok && parsed.problems[0]?.path === "operator.addresses[0]", range);
    }
    refused(operator({ addresses: ["203.0.113.7"] }), "operator.addresses[0]", '"203.0.113.7/32"');
    refused(operator({ addresses: ["203.0.113.7/24"] }), "operator.addresses[0]", '"203.0.113.0/24"');
    refused(operator({ addresses: ["2001:db8::1/32"] }), "operator.addresses[0]", '"2001:db8::/32"', '"2001:db8::1/128"');
    refused(operator({ addresses: ["2001:db8::/32", "2001:0DB8:0::/32"] }), "operator.addresses[1]", "twice");
    const plan = planOf(operator({ addresses: ["::ffff:192.0.2.1/128", "2001:DB8:0::/48", "10.0.0.0/8", "203.0.113.7/32"] }));
    assert.deepEqual(plan.operator.addresses, ["10.0.0.0/8", "2001:db8::/48", "203.0.113.7/32", "::ffff:c000:201/128"]);
  });

  it("has a public key that is one", () => {
    const [type = "", body = "", comment = ""] = (twoExchangers.operator.publicKeys[0] ?? "").split(" ");
    for (const publicKey of [
      "",
      body,
      `${type} ${body}\n${type} ${body}`,
      `${type} ${body} a"b`,
      `command="id" ${type} ${body}`,
      `ssh-rsa ${body}`,
      `ssh-dss ${body}`,
      `${type} ${body.slice(0, 40)}`,
      `${type} ${body.slice(1)}`,
      `${type} ${body}=`,
      `${type} AAAA`,
    ]) {
      refused(operator({ publicKeys: [publicKey] }), "operator.publicKeys[0]");
    }
    assert.deepEqual(planOf(operator({ publicKeys: [`${type} ${body}`] })).operator.publicKeys, [`${type} ${body}`]);
    assert.deepEqual(
      planOf(operator({ publicKeys: [`${type} ${body} ${comment}\n`] })).operator.publicKeys,
      twoExchangers.operator.publicKeys,
    );
  });

  it("has at least one, each once, in a list", () => {
    const [key = ""] = twoExchangers.operator.publicKeys;
    refused(operator({ publicKeys: [] }), "operator.publicKeys", "nobody could log in");
    refused(operator({ publicKeys: [key, key] }), "operator.publicKeys[1]", "twice");
    refused(operator({ publicKeys: undefined }), "operator.publicKeys", "Missing", "id_ed25519.pub");
    refused(operator({ publicKey: key }), "operator.publicKey", "publicKeys, a list");
  });

  it("is told of a private key without its being shown", () => {
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----";
    refused(operator({ publicKeys: [key] }), "operator.publicKeys[0]", "private key", /^(?!.*b3BlbnNz)/);
  });
});
