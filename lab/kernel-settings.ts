/** Settings of this machine's kernel that labs need, put back when the last lab ends. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Lab, labNames } from "./lab";

interface Setting {
  readonly file: string;
  readonly least: number;
  /** What comes of it where it is less and cannot be changed. */
  readonly without: string;
}

export const SETTINGS: readonly Setting[] = [
  { file: "/proc/sys/net/ipv4/ip_forward", least: 1, without: "the lab's hosts get no packages" },
  // 128 by default, for all of root's programs together (inotify(7)). A host's systemd takes six, so the fifth lab's hosts would end in their first second.
  {
    file: "/proc/sys/fs/inotify/max_user_instances",
    least: 1024,
    without: "hosts may end when they start, once twenty of all labs are on",
  },
];

const before = (lab: Lab, file: string): string => join(dirname(lab.dir), `${basename(file)}-before`);

/** Raises what is too low. Says what cannot be. */
export function raiseKernelSettings(lab: Lab, say: (line: string) => void, settings = SETTINGS): void {
  for (const { file, least, without } of settings) {
    const now = readFileSync(file, "utf8").trim();
    if (Number(now) >= least) continue;
    try {
      if (!existsSync(before(lab, file))) writeFileSync(before(lab, file), `${now}\n`);
      writeFileSync(file, `${least}\n`);
    } catch (error) {
      rmSync(before(lab, file), { force: true });
      say(`${file} is ${now}, less than ${least}, and cannot be changed (${(error as Error).message}): ${without}`);
    }
  }
}

/** As they were, when no other lab needs them. */
export function putKernelSettingsBack(lab: Lab, settings = SETTINGS): void {
  if (labNames().some((name) => name !== lab.name)) return;
  for (const { file } of settings) {
    const remembered = before(lab, file);
    if (!existsSync(remembered)) continue;
    writeFileSync(file, readFileSync(remembered));
    rmSync(remembered);
  }
}
