import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { stringify } from "yaml";
import type { Report } from "../../dns/review/report";
import { planSide } from "../../dns/review/side";
import { masterFile } from "../../dns/zone-file";
import { mailserver, type Ended } from "../cli/mailserver";
import { MailProject } from "../cli/mail-project";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

const root = join(__dirname, "../..");

/** A program whose arguments are code. */
const program = (declaration: string): string => `
import * as pulumi from "@pulumi/pulumi";
import { MailDns, MailServer } from ${JSON.stringify(join(root, "components"))};

const config = new pulumi.Config();
const declaration = ${declaration};
`;
const server = (declaration = JSON.stringify(twoExchangers)): string => `${program(declaration)}
const mail = new MailServer("post", { ...declaration, passwordHashes: config.getSecretObject("passwordHashes") });
export const token = config.getSecret("token");
export const records = mail.records;
`;

describe("a stack whose arguments are code", () => {
  let project: MailProject;
  before(() => {
    project = new MailProject();
    project.write("package.json", JSON.stringify({ name: "company-mail", main: "index.ts" }));
    project.write("Pulumi.yaml", "name: company-mail\nruntime: nodejs\n");
    project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { module: "nodenext", moduleResolution: "nodenext", strict: true, skipLibCheck: true } }),
    );
    project.write(".gitignore", "node_modules\n");
    symlinkSync(join(root, "node_modules"), join(project.folder, "node_modules"));
    project.write(
      "Pulumi.production.yaml",
      stringify({
        encryptionsalt: "v1:canary",
        config: {
          "company-mail:passwordHashes": { "alice@example.test": { secure: "v1:canary" } },
          "company-mail:token": { secure: "v1:canary" },
        },
      }),
    );
    project.write("index.ts", server());
    project.commit();
  });
  after(() => project.remove());
  beforeEach(() => project.git("checkout", "--quiet", "--", "."));

  const preview = (...args: string[]): Promise<Ended> =>
    mailserver(["dns", "preview", "--format", "json", ...args], {
      cwd: project.folder,
      // Its types are checked with the tests; and no credential of this shell reaches it.
      env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true", AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "", AWS_REGION: "" },
    });

  it("has the records of the plan, without a credential and without a secret", async () => {
    const { records } = planSide(
      "",
      planOf(twoExchangers),
      new Map([
        ["address of mx1", "192.0.2.1"],
        ["address of mx2", "198.51.100.2"],
      ]),
    );
    project.write("live.zone", masterFile(records));
    const ended = await preview("--against", "zone:live.zone", "--expect-no-changes");
    assert.equal(ended.code, 0, ended.stderr);
    const report = JSON.parse(ended.stdout) as Report;
    assert.equal(report.stack, "company-mail/production");
    assert.equal(report.head, "the program of company-mail");
    assert.equal(report.summary.unchanged, records.length);
    assert.deepEqual(
      report.exchangers.map(({ key, address }) => [key, address]),
      [
        ["mx1", "192.0.2.1"],
        ["mx2", "198.51.100.2"],
      ],
    );
    assert.match(ended.stderr, /running the program of company-mail without providers/);
    assert.doesNotMatch(ended.stdout + ended.stderr, /canary|240\.0\./);
  });

  it("is compared with its program at another commit, and leaves nothing of it", async () => {
    project.write("index.ts", server(JSON.stringify({ ...twoExchangers, ttl: 600 })));
    const ended = await preview("--against", "git:HEAD");
    assert.equal(ended.code, 0, ended.stderr);
    const changes = (JSON.parse(ended.stdout) as Report).domains.flatMap((domain) => domain.changes);
    assert.equal(changes.filter(({ type }) => type !== "PTR").length, 26);
    assert.ok(changes.every(({ before: old, after: now }) => old?.ttl === 300 && now?.ttl === 600));
    assert.equal(project.git("worktree", "list", "--porcelain").match(/^worktree /gm)?.length, 1);
  });

  it("may have records alone, of hosts that somebody else runs", async () => {
    const hosts = { mx1: { name: "mx1.hosting.example", role: "primary", address: "192.0.2.10" } };
    project.write(
      "index.ts",
      `${program("undefined")}new MailDns("records", { domain: "example.test", exchangers: ${JSON.stringify(hosts)}, without: ["dmarc"] });\n`,
    );
    project.write("live.zone", 'example.test. 300 MX 10 mx1.hosting.example.\nexample.test. 300 TXT "v=spf1 ip4:192.0.2.10 -all"\n');
    const ended = await preview("--against", "zone:live.zone", "--expect-no-changes");
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
  });

  it("shows no address that the program calls secret", async () => {
    const host = '{ name: "mx1.hosting.example", role: "primary", address: pulumi.secret("192.0.2.77") }';
    project.write("index.ts", `${program("undefined")}new MailDns("records", { domain: "example.test", exchangers: { mx1: ${host} } });\n`);
    project.write("live.zone", "example.test. 300 MX 10 mx1.hosting.example.\n");
    const ended = await preview("--against", "zone:live.zone");
    assert.doesNotMatch(ended.stdout + ended.stderr, /192\.0\.2\.77/);
    assert.match(ended.stdout, /«content of records-spf»/);
  });

  for (const [what, source, status, says] of [
    [
      "a declaration with problems",
      server(JSON.stringify({ ...twoExchangers, ttl: 1, postmaster: "x" })),
      2,
      /has 2 problems; nothing was changed\.\n {2}ttl: .*\n {2}postmaster: /,
    ],
    [
      "code that throws",
      `throw new Error("no such customer");\n`,
      1,
      /did not come to its end without providers:\n {2}Error: no such customer\n$/,
    ],
    ["code that rejects", `Promise.reject(new Error("no such customer"));\n`, 1, /Error: no such customer/],
    ["code that does not compile", "const = 1;\n", 1, /index\.ts/],
    ["code that exits", "process.exit(7);\n", 1, /did not come to its end without providers:\n {2}it said nothing/],
    ["no mail system", "export const nothing = 1;\n", 2, /makes no record of a mail system; it must make a MailServer/],
  ] as const) {
    it(`ends with ${status} where it is ${what}, and without a stack trace`, async () => {
      project.write("index.ts", source);
      const { code, stdout, stderr } = await preview("--against", "git:HEAD");
      assert.equal(code, status, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, "");
    });
  }

  it("needs its packages", async () => {
    rmSync(join(project.folder, "node_modules"));
    try {
      const { code, stderr } = await preview("--against", "git:HEAD");
      assert.equal(code, 2);
      assert.match(stderr, /there is no package @pulumi\/pulumi for the program in .*; run npm ci there first/);
    } finally {
      symlinkSync(join(root, "node_modules"), join(project.folder, "node_modules"));
    }
  });
});
