import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { InvalidInput } from "../../exit-status";
import { reason } from "./project";

const run = promisify(execFile);

/** A repository as it was at a commit. */
export class Revision {
  private constructor(
    /** As it was asked for, for messages. */
    readonly ref: string,
    readonly commit: string,
    private readonly root: string,
  ) {}

  static async of(ref: string, folder: string): Promise<Revision> {
    // What begins with a hyphen would be an option.
    if (ref === "" || ref.startsWith("-")) throw new InvalidInput(`"${ref}" is no git revision; give git:REF, such as git:origin/main.`);
    const root = (await git(folder, ["rev-parse", "--show-toplevel"], `${folder} is not in a git repository`)).trim();
    const wayOut = "fetch it first; a shallow clone (actions/checkout without fetch-depth: 0) has one commit only";
    const commit = (
      await git(root, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], `there is no git revision "${ref}" here; ${wayOut}`)
    ).trim();
    return new Revision(ref, commit, root);
  }

  /** Text of a file, or `undefined` where the commit has none. */
  async text(file: string): Promise<string | undefined> {
    const path = this.pathOf(file);
    // ls-tree says nothing of a path that is not there, where show fails as it does for other reasons.
    const listed = await git(this.root, ["ls-tree", "--name-only", this.commit, "--", path], `cannot list git:${this.ref}`);
    return listed.trim() === "" ? undefined : git(this.root, ["show", `${this.commit}:${path}`], `cannot read ${path} of git:${this.ref}`);
  }

  /**
   * Does something with the commit's files in a folder of their own, which has the packages of the present one: a program of another commit is run with
   * the packages that are installed here.
   */
  async checkedOut<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
    const place = mkdtempSync(join(tmpdir(), "mailserver-dns-"));
    const tree = join(place, "tree");
    await git(this.root, ["worktree", "add", "--detach", "--quiet", tree, this.commit], `cannot check out git:${this.ref}`);
    try {
      const below = relative(this.root, resolve(folder));
      // Packages are found in the program's folder or in one above it.
      for (const each of new Set([below, ""])) {
        const installed = join(this.root, each, "node_modules");
        const here = join(tree, each, "node_modules");
        if (existsSync(installed) && !existsSync(here) && existsSync(join(tree, each))) symlinkSync(installed, here);
      }
      return await work(join(tree, below));
    } finally {
      rmSync(place, { recursive: true, force: true });
      await git(this.root, ["worktree", "prune"], "cannot forget the checked out files");
    }
  }

  private pathOf(file: string): string {
    return relative(this.root, resolve(file));
  }
}

/** Commit of a folder's files, or `undefined` outside of a repository. */
export async function headCommit(folder: string): Promise<string | undefined> {
  try {
    return (await run("git", ["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: folder })).stdout.trim();
  } catch {
    return undefined;
  }
}

async function git(folder: string, args: readonly string[], failure: string): Promise<string> {
  try {
    return (await run("git", args, { cwd: folder, maxBuffer: 1 << 28 })).stdout;
  } catch (error) {
    const { stderr = "", code } = error as { stderr?: string; code?: unknown };
    if (code === "ENOENT" && stderr === "") throw new InvalidInput(`git could not be run: ${reason(error)}`);
    const said = stderr.trim().replace(/^fatal: /, "");
    throw new InvalidInput(said === "" ? `${failure}.` : `${failure} (git: ${said}).`);
  }
}
