import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Declaration } from "../../plan/declaration";
import { twoExchangers } from "../examples/two-exchangers";

/** A clone of the package with a stack, in a git repository of its own. */
export class MailProject {
  readonly folder = mkdtempSync(join(tmpdir(), "mailserver-project-"));

  constructor() {
    this.git("init", "--quiet", "--initial-branch", "main");
    this.write("package.json", JSON.stringify({ name: "pulumi-mailserver" }));
    this.write("Pulumi.yaml", "name: mailserver\nruntime: nodejs\nconfig:\n  mailserver:systemUsers: { type: object, default: {} }\n");
    this.declare({});
    this.commit();
  }

  /** Writes the stack's file: two exchangers and two domains, changed so. */
  declare(changes: Partial<Declaration>, more: Record<string, unknown> = {}): void {
    const declaration = Object.entries({ ...twoExchangers, ...changes }).map(([key, value]) => [`mailserver:${key}`, value]);
    this.write("Pulumi.production.yaml", stringify({ config: { ...Object.fromEntries(declaration), ...more } }));
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  commit(): void {
    this.git("add", "--all");
    this.git("-c", "user.name=operator", "-c", "user.email=operator@example.test", "commit", "--quiet", "--allow-empty", "--message", "x");
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
