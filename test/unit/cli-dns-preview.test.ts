import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { planSide } from "../../dns/review/side";
import type { Report } from "../../dns/review/report";
import { masterFile } from "../../dns/zone-file";
import { parseZoneFile } from "../../dns/zone-file-parser";
import { mailserver, type Ended } from "../cli/mailserver";
import { MailProject } from "../cli/mail-project";
import { twoExchangers } from "../examples/two-exchangers";
import { planOf } from "./plan-verdicts";

const addresses = new Map([
  ["address of mx1", "192.0.2.1"],
  ["address of mx2", "198.51.100.2"],
]);
const SOA = "a.example.test. hostmaster.example.test. 1 3600 600 86400 300";

describe("mailserver dns preview", () => {
  let project: MailProject;
  before(() => (project = new MailProject()));
  after(() => project.remove());
  beforeEach(() => project.git("checkout", "--quiet", "--", "."));

  const preview = (...args: string[]): Promise<Ended> => mailserver(["dns", "preview", ...args], { cwd: project.folder });
  const report = (ended: Ended): Report => JSON.parse(ended.stdout) as Report;
  /** Nobody takes club.test's mail any more. */
  const closed = { domains: twoExchangers.domains.slice(0, 1) };
  /** What the zones hold when the stack was deployed, and somebody else's record. */
  const deployed = (): string => {
    const { records } = planSide("", planOf(twoExchangers), addresses);
    const zones = ["example.test", "club.test"].map((zone) => `${zone}. 300 SOA ${SOA}\n`).join("");
    return `${zones}${masterFile(records.filter(({ type }) => type !== "PTR"))}www.example.test. 300 A 192.0.2.80\n`;
  };

  it("says that nothing changes, against the same commit and against what is deployed", async () => {
    project.write("live.zone", deployed());
    for (const source of ["git:HEAD", "zone:live.zone"]) {
      const ended = await preview("--against", source, "--format", "json", "--expect-no-changes");
      assert.equal(ended.code, 0, ended.stderr);
      const { summary, stack, against, commit } = report(ended);
      assert.deepEqual([summary.create, summary.update, summary.delete], [0, 0, 0], source);
      assert.equal(stack, "mailserver/production");
      assert.deepEqual(against, [source]);
      assert.equal(commit, project.git("rev-parse", "HEAD").trim());
    }
  });

  it("tells what this change does from what was changed by hand", async () => {
    project.write("live.zone", deployed().replace("20 mx2.example.test.", "30 mx2.example.test."));
    project.declare({ ttl: 600 });
    const ended = await preview("--against", "git:HEAD", "--against", "zone:live.zone", "--format", "json");
    const { domains, foreign } = report(ended);
    assert.ok(domains.flatMap(({ changes }) => changes).every(({ before: old, after: now }) => old?.ttl === 300 && now?.ttl === 600));
    assert.deepEqual(
      foreign.map(({ type, after: now, before: old }) => [type, old?.priority ?? 20, now?.priority]),
      [["MX", 20, 30]],
    );
  });

  it("ends with 3 where a rule blocks, and with 0 where somebody answers for it", async () => {
    project.declare(closed);
    const blocked = await preview("--against", "git:HEAD", "--format", "json");
    const blocking = [...report(blocked).findings, ...report(blocked).domains.flatMap(({ findings }) => findings)].filter(
      ({ severity }) => severity === "block",
    );
    assert.ok(
      blocking.some(({ rule }) => rule === "mx-last-removed"),
      blocked.stderr,
    );
    assert.equal(blocked.code, 3);
    const allow = blocking.flatMap(({ rule, record }) => ["--allow", `${rule}=${record}`]);
    assert.equal((await preview("--against", "git:HEAD", ...allow)).code, 0);
    project.declare(closed, {
      "mailserver-review:acknowledge": blocking.map(({ rule, record }) => ({ rule, record, reason: "it moves", until: "2026-12-31" })),
    });
    assert.equal((await preview("--against", "git:HEAD", "--day", "2026-12-31")).code, 0);
    assert.equal((await preview("--against", "git:HEAD", "--day", "2027-01-01")).code, 3);
  });

  it("ends with 4 only when it is asked to, and with 3 when no change was expected", async () => {
    project.declare({ ttl: 600 });
    assert.equal((await preview("--against", "git:HEAD")).code, 0);
    assert.equal((await preview("--against", "git:HEAD", "--detailed-exitcode")).code, 4);
    const ended = await preview("--against", "git:HEAD", "--expect-no-changes");
    assert.equal(ended.code, 3);
    assert.match(ended.stderr, /no change was expected/);
    assert.match(ended.stdout, /300/, "the report is shown all the same");
  });

  it("holds a later run to the checksum, and shows what differs", async () => {
    project.declare({ ttl: 600 });
    const reviewed = report(await preview("--against", "git:HEAD", "--json", "review.json", "--format", "json"));
    assert.equal((await preview("--against", "git:HEAD", "--expect-checksum", reviewed.checksum)).code, 0);
    project.declare({ ttl: 900 });
    const other = await preview("--against", "git:HEAD", "--expect-checksum", reviewed.checksum);
    assert.equal(other.code, 3);
    assert.match(other.stderr, new RegExp(`${reviewed.checksum} was expected`));
    const differing = await preview("--against", "git:HEAD", "--expect-checksum", "review.json");
    assert.equal(differing.code, 3);
    assert.match(differing.stderr, /reviewed, and no longer so: update example\.test MX/);
    assert.match(differing.stderr, /not reviewed: update example\.test MX/);
  });

  it("writes every face in one run; its zone files hold the wanted records", async () => {
    project.write("live.zone", deployed());
    const files = ["--markdown", "r.md", "--json", "r.json", "--mermaid", "r.mmd", "--zones", "zones"];
    const ended = await preview("--against", "zone:live.zone", "--format", "none", ...files);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stdout, "");
    const read = (name: string): string => readFileSync(join(project.folder, name), "utf8");
    assert.match(read("r.md"), /^<!-- mailserver dns-preview mailserver\/production -->\n/);
    assert.equal((JSON.parse(read("r.json")) as Report).version, 1);
    assert.match(read("r.mmd"), /^flowchart LR\n/);
    const zone = parseZoneFile(read("zones/example.test.zone"));
    assert.ok(zone.ok);
    assert.ok(zone.records.some(({ name, type, content }) => name === "mx1.example.test" && type === "A" && content === "192.0.2.1"));
  });

  it("fits into 40 columns", async () => {
    project.declare({ ttl: 600 });
    const { stdout } = await preview("--against", "git:HEAD", "--width", "40");
    const words = /^\S{41,}$|\S{38,}/;
    const wide = stdout.split("\n").filter((line) => line.length > 40 && !words.test(line.trim()));
    assert.deepEqual(wide, []);
    assert.ok(stdout.split("\n").length > 10);
  });

  describe("ends with 2 and says what is no good", () => {
    const refusals: readonly (readonly [string, readonly string[], RegExp, (() => void)?])[] = [
      ["another source", ["--against", "lives"], /"lives" is no source of records; did you mean live\?/],
      ["a source without its value", ["--against", "git:"], /"git:" is incomplete/],
      ["a value where none belongs", ["--against", "live:example.test"], /"live:example\.test" is incomplete/],
      ["no such commit", ["--against", "git:nowhere"], /there is no git revision "nowhere" here; fetch it first/],
      ["a commit that would be an option", ["--against", "git:--all"], /"--all" is no git revision/],
      ["a commit without the stack", ["--against", "git:empty"], /git:empty has no Pulumi\.production\.yaml: there was no such stack/],
      ["a file that is not there", ["--against", "zone:none.zone"], /cannot read zone:none\.zone: there is no such file/],
      ["no token", ["--against", "live"], /CLOUDFLARE_API_TOKEN is not set; export a token that may read/],
      ["no such stack", ["--stack", "staging", "--against", "git:HEAD"], /cannot read .*Pulumi\.staging\.yaml: there is no such file/],
      [
        "a folder without a project",
        ["--program", "sub", "--against", "git:HEAD"],
        /there is no Pulumi\.yaml in .*sub; run this in the folder/,
      ],
      ["an unknown rule", ["--against", "git:HEAD", "--allow", "mx-last-removd=example.test MX"], /did you mean "mx-last-removed"\?/],
      ["no width", ["--against", "git:HEAD", "--width", "wide"], /--width "wide" is no number of columns/],
      ["no checksum", ["--against", "git:HEAD", "--expect-checksum", "abc"], /"abc" cannot be read as a review/],
      ["a name server for nothing", ["--against", "git:HEAD", "--name-server", "192.0.2.53"], /nothing is compared with live/],
      ["an unknown option", ["--agianst", "live"], /unknown option/],
    ];
    before(() => {
      mkdirSync(join(project.folder, "sub"));
      const tree = project.git("hash-object", "-t", "tree", "-w", "/dev/null").trim();
      const commit = project.git("-c", "user.name=o", "-c", "user.email=o@example.test", "commit-tree", tree, "-m", "empty").trim();
      project.git("branch", "empty", commit);
    });
    for (const [what, args, says] of refusals) {
      it(what, async () => {
        const { code, stdout, stderr } = await preview(...args);
        assert.equal(code, 2, stderr);
        assert.match(stderr, says);
        assert.equal(stdout, "");
        assert.doesNotMatch(stderr, /\n\s+at /);
      });
    }

    it("a declaration, with every problem, under the keys of the stack file", async () => {
      project.declare({ ttl: 1, domains: [{ name: "example..test" }] });
      const { code, stderr } = await preview("--against", "git:HEAD");
      assert.equal(code, 2);
      assert.match(stderr, /Pulumi\.production\.yaml has 2 problems:\n {2}domains\[0\]\.name: .*\n {2}ttl: /);
    });

    it("a declaration at the other commit, which is named", async () => {
      project.declare({ ttl: 1 });
      project.commit();
      project.declare({});
      const { code, stderr } = await preview("--against", "git:HEAD");
      project.git("reset", "--quiet", "--hard", "HEAD~1");
      assert.equal(code, 2);
      assert.match(stderr, /git:HEAD has a problem:\n {2}ttl: /);
    });

    it("YAML that does not parse, with line and column and without what stands there", async () => {
      project.write("Pulumi.production.yaml", "config:\n  mailserver:ttl: [300\n  secret: hunter2\n");
      const { code, stderr } = await preview("--against", "git:HEAD");
      assert.equal(code, 2);
      assert.match(stderr, /line 3, column \d+: /);
      assert.doesNotMatch(stderr, /hunter2/);
    });

    it("an encrypted part of the declaration", async () => {
      project.declare({}, { "mailserver:ttl": { secure: "v1:abc" } });
      const { code, stderr } = await preview("--against", "git:HEAD");
      assert.equal(code, 2);
      assert.match(stderr, /ttl: It is encrypted, and a preview opens no secret/);
    });

    it("zone files with errors, all of them with line and column", async () => {
      mkdirSync(join(project.folder, "zones"), { recursive: true });
      project.write("zones/example.test.zone", "$TTL 300\n@ A 192.0.2.256\n@ MX mx1\n");
      project.write("zones/club.test.zone", "@ 300 XM 10 mx1\n");
      const { code, stderr } = await preview("--against", "zone:zones");
      assert.equal(code, 2);
      assert.match(stderr, /zone:zones has 3 problems:/);
      assert.match(stderr, /zones\/club\.test\.zone, line 1, column 7: "XM" is no record type/);
      assert.match(stderr, /zones\/example\.test\.zone, line 2, column 5: /);
      assert.match(stderr, /zones\/example\.test\.zone, line 3, column 6: /);
    });
  });

  it("writes what went wrong into the comment, and leaves no report of an earlier run", async () => {
    const files = ["--markdown", "r.md", "--json", "r.json"];
    assert.equal((await preview("--against", "git:HEAD", ...files)).code, 0);
    project.declare({ ttl: 1 });
    assert.equal((await preview("--against", "git:HEAD", ...files)).code, 2);
    const comment = readFileSync(join(project.folder, "r.md"), "utf8");
    assert.match(comment, /^<!-- mailserver dns-preview mailserver\/production -->\n.*could not be made/s);
    assert.match(comment, /ttl/);
    assert.ok(!existsSync(join(project.folder, "r.json")));
  });

  it("tells its exit status and its options in --help and in the docs", async () => {
    const { code, stdout } = await preview("--help");
    assert.equal(code, 0);
    const page = readFileSync(join(__dirname, "../../docs/dns-preview.md"), "utf8");
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option ?? "");
    assert.ok(options.length > 10);
    assert.deepEqual(
      options.filter((option) => !page.includes(option)),
      [],
    );
    for (const status of [0, 1, 2, 3, 4]) assert.match(page, new RegExp(`^\\| ${status} {6}\\| `, "m"));
    for (const status of [0, 1, 2, 3, 4]) assert.match(stdout, new RegExp(`^ {2}${status}  `, "m"));
  });
});
