/**
 * Debian as EC2 offers it, and everything that can go wrong until it serves: the plug pulled again and again, no address, no mirror, a wrong clock, a program
 * that dies. One machine and one volume, and at each moment the host is closed or serves, and says which and why.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import execa from "execa";
import { packages } from "../../cloud-init/host/system";
import { PEER_PORT, ports } from "../../cloud-init/ports";
import { withCloud } from "../../lab/cloud/cloud";
import { readState } from "../../lab/cloud/store";
import { addressOf, hostNamed, instanceOf } from "../../lab/command/hosts-of";
import { killExchanger, startExchanger } from "../../lab/command/power";
import { engineProcesses } from "../../lab/engine/orphans";
import { members } from "../../lab/hosts/control-group";
import { groupOf, hostFolder, initOf, inside } from "../../lab/hosts/host";
import { readImages } from "../../lab/hosts/images-in-use";
import { runOn } from "../../lab/hosts/run-on";
import { shell } from "../../lab/hosts/shell";
import { inNetwork } from "../../lab/network/links";
import { until } from "../../lab/until";
import { ACTIVE_BUNDLE } from "./active-bundle";
import { LabUnderTest } from "./lab-under-test";
import { arrives } from "./mail-flow";

const PORTS = [...ports("primary", "dovecot").map(({ port }) => port), PEER_PORT];

describe("one primary from the plain image", { timeout: 900_000 }, () => {
  const it = new LabUnderTest("test-births");
  before(() => it.begin());
  after(() => it.end());
  delete it.config["mailserver:exchangers"].mx2;

  let id = "";
  const console = (): string => readFileSync(join(hostFolder(it.lab, id), "console.log"), "utf8");
  /** The host's own files. */
  const root = (...path: string[]): string => join(hostFolder(it.lab, id), "root", ...path);
  /** How much of the console a test has looked at. */
  let read = 0;
  const says = (text: RegExp, seconds = 90): Promise<true> =>
    until(
      `the console to say ${text}`,
      seconds,
      async () => {
        const found = text.exec(console().slice(read));
        if (found !== null) read += found.index + found[0].length;
        return found !== null || undefined;
      },
      10,
    );
  const runs = (command: RegExp): Promise<true> =>
    until(
      `the host to run ${command}`,
      180,
      async () => {
        const lines = members(groupOf(it.lab, id)).map((pid) => readIfThere(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
        return lines.some((line) => command.test(line)) || undefined;
      },
      5,
    );
  const plugPulled = async (whileOff = (): void => {}): Promise<void> => {
    await killExchanger(it.lab, "mx1");
    whileOff();
    read = console().length;
    await startExchanger(it.lab, "mx1");
  };
  const associate = (instanceId: string | undefined): Promise<void> =>
    withCloud(it.lab, (state) => {
      const address = addressOf(state, "mx1");
      assert.ok(address !== undefined);
      if (instanceId === undefined) delete address.instanceId;
      else address.instanceId = instanceId;
    });
  const inRouter = (command: string): Promise<string> => shell(`${inNetwork(it.lab, "router").join(" ")} ${command}`);
  const isClosed = async (): Promise<void> => {
    const listening = (await it.sh("mx1", "ss -ltnH")).split("\n").map((line) => Number(/:(\d+) /.exec(line)?.[1]));
    assert.deepEqual(
      listening.filter((port) => PORTS.includes(port)),
      [],
    );
    for (const port of PORTS) assert.ok(!(await it.clients.connects(it.address("mx1"), port, 300)), `port ${port}`);
  };
  const sshAnswers = async (): Promise<boolean> => {
    const [command = "", ...prefix] = inNetwork(it.lab, "operator");
    const { stdout } = await execa(command, [...prefix, "ssh-keyscan", "-T", "5", "-t", "ed25519", it.address("mx1")], { reject: false });
    return stdout.includes("ssh-ed25519");
  };

  test("power cut at every stage, no address, no mirror, a wrong clock, the program dead before `apply`: closed, and ready in the end", async () => {
    const up = it.tryUp("plain");
    id = await until("the machine", 180, async () => instanceOf(readState(it.lab), "mx1")?.id, 10);
    await until("its init", 60, async () => initOf(it.lab, id), 10);
    for (const layer of readImages(it.lab).plain) {
      for (const program of ["postfix", "dovecot"]) assert.ok(!existsSync(join(layer, "usr/sbin", program)), `the image has no ${program}`);
    }

    // cloud-init has marked its modules as done, and what they wrote had not reached the disk.
    await until(
      "cloud-init to write its files",
      60,
      async () => existsSync(root(`var/lib/cloud/instances/${id}/sem/config_write_files`)),
      2,
    );
    await plugPulled(() => {
      assert.ok(!existsSync(root("etc/mailserver.born")));
      for (const lost of ["etc/mailserver.json", "usr/local/sbin/mailserver", "etc/ssh/sshd_not_to_be_run"])
        rmSync(root(lost), { force: true });
    });

    // The volume has come, or is still to come; keys are being made.
    await says(/mailserver: making the (SSH host|tls) key/);
    await plugPulled();

    await until("the address", 120, async () => addressOf(readState(it.lab), "mx1")?.instanceId, 10);
    await associate(undefined);
    await says(/mailserver: no packages yet/);
    await isClosed();
    await inRouter(`nft add table ip outage`);
    await inRouter(`nft 'add chain ip outage forward { type filter hook forward priority -10; }'`);
    await inRouter(`nft add rule ip outage forward tcp dport '{ 80, 443 }' reject`);
    await associate(id);
    await says(/mailserver: no packages yet/);
    // What apt says and does where the clock is ten years behind; the kernel's clock cannot be set for one host alone.
    writeFileSync(root("etc/apt/apt.conf.d/99clock"), 'Acquire::Max-FutureTime "-315360000";\n');
    await inRouter("nft delete table ip outage");
    await says(/mailserver: no packages yet, .* UTC here, and apt says: .*is not valid yet/);
    rmSync(root("etc/apt/apt.conf.d/99clock"));

    await runs(/^\S*dpkg .*--unpack/);
    await plugPulled();
    await runs(/^\S*dpkg .*--configure --pending/);
    // The program dies before it can ask for `apply`; unless it has failed already, with the SSH session in which it waited for the host.
    for (const pid of engineProcesses(it.lab).keys()) process.kill(pid, "SIGKILL");
    assert.notEqual((await up).exitCode, 0);
    await plugPulled();
    await says(/mailserver: ready/, 180);

    await isClosed();
    assert.ok(await sshAnswers(), "SSH answers");
    const ready = await it.on("mx1", "/usr/local/sbin/mailserver", "ready");
    assert.equal(ready.exitCode, 0, ready.stderr);
    assert.equal(await it.sh("mx1", "dpkg --audit; ls /usr/sbin/policy-rc.d 2>/dev/null || :"), "");
  });

  test("a power cut while the first accounts are switched on: it serves them, or the next `up` brings them", async () => {
    const failed = it.tryUp("plain");
    await runs(/^systemctl start dovecot/);
    await plugPulled();
    const { exitCode, output } = await failed;
    assert.notEqual(exitCode, 0);
    assert.match(output, /mail-mx1-apply/);
    assert.equal((await it.on("mx1", "/usr/local/sbin/mailserver", "ready")).exitCode, 0);
    await it.up("plain");
    await it.greets("mx1");
    await arrives(it, "mx1", "alice@example.test");
    assert.equal(hostNamed(it.lab, "mx1"), id, "it is the same machine");
    assert.equal(await it.sh("mx1", "systemctl list-units --failed --plain --no-legend"), "");
    assert.deepEqual(await it.preview(), []);
  });

  test("a power cut in any step of a later `apply`: it serves the old bundle or the new one as a whole", async () => {
    const serving = async (): Promise<string> =>
      (await it.sh("mx1", "basename $(readlink /srv/mailserver/active); cat /run/mailserver/serving")).trim();
    let bundle = await it.sh("mx1", "python3 -", ACTIVE_BUNDLE);
    let old = (await serving()).split("\n")[0] ?? "";
    for (const [round, step] of ["checking", "reload postfix.service", "proving"].entries()) {
      const changed = JSON.parse(bundle) as { files: { path: string; content: string }[] };
      const main = changed.files.find(({ path }) => path === "etc/postfix/main.cf");
      assert.ok(main !== undefined);
      main.content += `# ${round}\n`;
      bundle = JSON.stringify(changed);
      const sha256 = createHash("sha256").update(bundle).digest("hex");
      const [command = "", ...prefix] = inside(it.lab, id);
      const apply = execa(command, [...prefix, "/usr/local/sbin/mailserver", "apply", sha256], { input: bundle, reject: false });
      let told = "";
      apply.stderr?.on("data", (data: Buffer) => (told += data.toString()));
      await until(`apply to come to: ${step}`, 60, async () => told.includes(step), 1);
      await plugPulled();
      // In the last step the plug may come too late for it.
      await apply;
      const ready = await it.on("mx1", "/usr/local/sbin/mailserver", "ready");
      assert.equal(ready.exitCode, 0, ready.stderr);
      const [active, gate] = (await serving()).split("\n");
      assert.ok(active === old || active === sha256, `${step}: ${active}`);
      assert.equal(gate, active);
      await it.greets("mx1");
      old = active ?? "";
    }
    await arrives(it, "mx1", "bob@example.test");
  });

  test("every package is there for arm64 too, with all that it depends on", async () => {
    const arm64 =
      "-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State=$state -o Dir::State::status=$state/status -o Dir::Cache=$state";
    const installed = await it.sh(
      "mx1",
      `state=$(mktemp -d)
      mkdir -p $state/lists/partial $state/archives/partial
      : > $state/status
      apt-get -qq ${arm64} update
      apt-get -qq ${arm64} --simulate --no-install-recommends install ${packages("primary", "dovecot").join(" ")} ${packages("backup", "dovecot").join(" ")}`,
    );
    for (const name of packages("primary", "dovecot")) assert.match(installed, new RegExp(`^Inst ${name} .*\\[(arm64|all)\\]`, "m"));
  });

  test("a bootstrap that is killed starts again", async () => {
    await plugPulled();
    await says(/mailserver: serving with the volume's bundle/);
    await it.sh("mx1", "systemctl kill -s KILL mailserver-boot.service");
    await says(/mailserver: ready/);
    await it.greets("mx1");
  });

  test("with chrony a boot waits for the clock and is closed until then; where chrony cannot set it, that is said, and the host serves", async () => {
    // In its client's place, until it is told how that ends: the kernel's clock cannot be set for one host alone.
    const client = root("usr/local/bin/chronyc");
    const standIn = '#!/bin/sh\necho "$*" >/run/asked\nuntil [ -s /run/ends ]; do sleep 0.05; done\nexit "$(cat /run/ends)"\n';
    await plugPulled(() => writeFileSync(client, standIn, { mode: 0o755 }));
    const asked = await until(
      "the boot to ask for the clock",
      60,
      async () => (await it.on("mx1", "cat", "/run/asked")).stdout.trim() || undefined,
    );
    // chronyc(1): tries, greatest correction and skew (0: any), seconds between tries.
    assert.equal(asked, "-h 127.0.0.1,::1 waitsync 30 0 0 1");
    await isClosed();
    await it.sh("mx1", "echo 0 >/run/ends");
    await says(/mailserver: ready/);
    assert.doesNotMatch(console().slice(0, read).slice(-4000), /chrony has not/);
    await it.greets("mx1");

    await it.sh("mx1", "echo 1 >/run/ends; systemctl restart mailserver-boot.service");
    await says(/mailserver: chrony has not set the clock, which says \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; going on/);
    await says(/mailserver: ready/);
    await it.greets("mx1");
    rmSync(client);
  });

  test("a reboot from inside: it serves again", async () => {
    const { exitCode } = await runOn(it.lab, id, ["systemctl", "reboot"]);
    assert.equal(exitCode, 0);
    await says(/mailserver: ready/);
    await it.greets("mx1");
    await arrives(it, "mx1", "alice@example.test");
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
