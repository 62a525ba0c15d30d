/** Imported before anything of the lab: points it at a folder of this process alone, removed at its end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = mkdtempSync(join(tmpdir(), "mailserver-lab-"));
process.env.MAILSERVER_LAB_ROOT = root;
// Books only, whatever the shell that started the test has set.
delete process.env.MAILSERVER_LAB_HOSTS;
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
