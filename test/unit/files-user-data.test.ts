import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { parse as parseYaml } from "yaml";
import { renderUserData } from "../../cloud-init/bootstrap/user-data";
import { applyCommand, hostKeyCommand, keysCommand, parseKeys, probeCommand, readyCommand } from "../../cloud-init/door";
import { hostBundle } from "../../cloud-init/host/bundle";
import type { Declaration } from "../../plan/declaration";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

function userData(declaration: Declaration, key: string): Buffer {
  const plan = planOf(declaration);
  const exchanger = plan.exchangers.find((candidate) => candidate.key === key);
  assert.ok(exchanger);
  return renderUserData({
    plan,
    exchanger,
    volumeId: "vol-0123456789abcdef0",
    bundle: hostBundle(plan, exchanger, { address: "198.51.100.1", peers: [] }),
  });
}

interface CloudConfig {
  bootcmd: (string | string[])[];
  runcmd: string[];
  users: { name: string; ssh_authorized_keys?: string[] }[];
  write_files: { path: string; content: string; permissions: string }[];
}

const configOf = (data: Buffer): CloudConfig => parseYaml(gunzipSync(data).toString()) as CloudConfig;
const contentOf = (config: CloudConfig, path: string): string => config.write_files.find((file) => file.path === path)?.content ?? "";

describe("user data", () => {
  it("is gzipped cloud-config under EC2's limit, and the same bytes each time", () => {
    for (const key of ["mx1", "mx2"]) {
      const data = userData(twoExchangers, key);
      assert.ok(data.length <= 16_384, `${data.length} bytes`);
      assert.match(gunzipSync(data).toString(), /^#cloud-config\n/);
      assert.deepEqual(userData(twoExchangers, key), data);
    }
  });

  it("has no account in it, and changes with none", () => {
    const canaries: Declaration = {
      ...twoExchangers,
      domains: [
        { name: "example.test", mailboxes: { canaryone: {} }, aliases: { canarytwo: ["canaryone"] } },
        { name: "club.test", mailboxes: { canary3: {} } },
      ],
      systemUsers: { canaryfour: {} },
    };
    for (const key of ["mx1", "mx2"]) {
      assert.doesNotMatch(gunzipSync(userData(canaries, key)).toString(), /canary/);
      assert.deepEqual(userData(canaries, key), userData(twoExchangers, key));
    }
  });

  it("has nothing secret in it", () => {
    for (const key of ["mx1", "mx2"])
      assert.doesNotMatch(gunzipSync(userData(twoExchangers, key)).toString(), /PRIVATE KEY|AKIA|\$2[aby]\$|\$6\$|\{BLF-CRYPT\}/);
  });

  it("lets the operator in, by key only, and shows no host key but the volume's", () => {
    const config = configOf(userData(twoExchangers, "mx1"));
    assert.deepEqual(
      config.users.map(({ name }) => name),
      ["mailops"],
    );
    assert.equal(contentOf(config, "/etc/ssh/mailops_first_keys").trim(), twoExchangers.operator.publicKeys[0]);
    const sshd = contentOf(config, "/etc/ssh/sshd_config.d/10-mailserver.conf");
    assert.match(sshd, /^HostKey \/srv\/mailserver\/identity\/ssh_host_ed25519_key$/m);
    assert.equal(sshd.match(/^HostKey /gm)?.length, 1);
    for (const line of ["PasswordAuthentication no", "PermitRootLogin no", "AllowUsers mailops"])
      assert.match(sshd, new RegExp(`^${line}$`, "m"));
    assert.ok(
      config.write_files.some(({ path }) => path === "/etc/ssh/sshd_not_to_be_run"),
      "sshd waits for the volume",
    );
  });

  it("closes every mail service before its package is installed", () => {
    const config = configOf(userData(twoExchangers, "mx1"));
    for (const unit of ["postfix.service", "dovecot.service", "dovecot.socket"]) {
      assert.match(contentOf(config, `/etc/systemd/system/${unit}.d/mailserver.conf`), /^ConditionPathExists=\/run\/mailserver\/serving$/m);
      // In the first boot systemd reads it from here, where the image has the package already.
      assert.match(config.bootcmd.flat().join(" "), new RegExp(`for unit in .*${unit}.*daemon-reload`));
    }
  });

  it("labels the volume after its exchanger, in at most 16 bytes and never two alike", () => {
    const labels = ["mx1", "mx2", "a-rather-long-name-1", "a-rather-long-name-2"].map((key, index) => {
      const exchangers = { [key]: { role: "primary" } };
      const label =
        (JSON.parse(contentOf(configOf(userData({ ...twoExchangers, exchangers }, key)), "/etc/mailserver.json")) as { labels: string[] })
          .labels[0] ?? "";
      assert.ok(Buffer.byteLength(label) <= 16, `${index}: ${label}`);
      return label;
    });
    assert.equal(labels[0], "ms-mx1");
    assert.equal(new Set(labels).size, labels.length);
  });

  it("is the same for one domain as for a thousand: those come with the accounts", () => {
    const many = Array.from({ length: 999 }, (_, index) => ({ name: `d${index}.test`, mailboxes: { a: {} } }));
    const domains = [...twoExchangers.domains, ...many];
    for (const key of ["mx1", "mx2"]) assert.deepEqual(userData({ ...twoExchangers, domains }, key), userData(twoExchangers, key));
  });

  it("knows a renamed exchanger's volume by its former keys", () => {
    const exchangers = { mail: { role: "primary", aliases: ["mx1", "post"] } };
    const config = configOf(userData({ ...twoExchangers, exchangers }, "mail"));
    const { exchanger, aliases, labels } = JSON.parse(contentOf(config, "/etc/mailserver.json")) as Record<string, unknown>;
    assert.deepEqual(
      { exchanger, aliases, labels },
      { exchanger: "mail", aliases: ["mx1", "post"], labels: ["ms-mail", "ms-mx1", "ms-post"] },
    );
  });

  it("and the bundle in it are the same bytes for every processor", () => {
    const on = (instanceType: string): Buffer =>
      userData({ ...twoExchangers, exchangers: { mx1: { role: "primary", instanceType } } }, "mx1");
    assert.deepEqual(on("t4g.small"), on("t3.small"));
    assert.doesNotMatch(gunzipSync(on("t4g.small")).toString(), /amd64|arm64|x86|aarch64/);
  });

  it("forgets what cloud-init has marked as done until all of it is on the disk", () => {
    const { bootcmd, runcmd } = configOf(userData(twoExchangers, "mx1"));
    const [first = ""] = bootcmd.flat();
    assert.match(first, /^\[ -e (\S+) \] \|\| \{ rm -f \/var\/lib\/cloud\/instance\/sem\/config_\*;/);
    const born = /^\[ -e (\S+) \]/.exec(first)?.[1] ?? "";
    const steps = runcmd.map((step) => step.includes(born));
    assert.equal(runcmd[steps.indexOf(true)], `sync -f /etc && touch ${born}`);
    assert.ok(runcmd.indexOf("systemctl enable mailserver-boot.service") < steps.indexOf(true));
  });

  it("over the limit is one clear error", () => {
    const publicKeys = Array.from({ length: 200 }, (_, index) => {
      const type = "ssh-ed25519";
      const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
      const body = createHash("sha256").update(String(index)).digest();
      return `${type} ${Buffer.concat([field(Buffer.from(type)), field(body)]).toString("base64")}`;
    });
    assert.throws(
      () => userData({ ...twoExchangers, operator: { ...twoExchangers.operator, publicKeys } }, "mx1"),
      /"mx1" has \d+ bytes when compressed, and EC2 takes 16384.*publicKeys/,
    );
  });
});

describe("the door's commands", () => {
  const sha256 = "ab".repeat(32);

  it("change with the id they carry, and take none that is more than an id", () => {
    for (const command of [hostKeyCommand, readyCommand, keysCommand, probeCommand, (id: string) => applyCommand(id, sha256)]) {
      assert.notEqual(command("i-0aaa"), command("i-0bbb"));
      for (const bad of ["", "i-0\nrm -rf /", "i-0;x", "$(x)", "a b"]) assert.throws(() => command(bad), /is not an id/);
    }
    assert.throws(() => applyCommand("i-0aaa", "; reboot"), /is not a SHA-256/);
  });

  it("keys are read, and anything else is an error that shows it", () => {
    const keys = { peer: Array.from({ length: 32 }, () => "0A").join(":"), tls: Array.from({ length: 32 }, () => "FF").join(":") };
    assert.deepEqual(parseKeys(`${JSON.stringify(keys)}\n`), keys);
    for (const bad of ["", "sudo: no", '{"peer":"AB"}', JSON.stringify({ ...keys, tls: keys.tls.toLowerCase() })])
      assert.throws(() => parseKeys(bad), /it printed/);
  });
});
