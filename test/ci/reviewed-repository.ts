import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import execa from "execa";
import { parse, stringify } from "yaml";

interface StackFile {
  readonly config: { readonly "mailserver:domains": readonly { readonly name: string }[] };
}

/** A clone whose `origin/main` has a mail system, with a branch that proposes another one. */
export class ReviewedRepository {
  private constructor(
    readonly folder: string,
    private readonly git: (...args: string[]) => Promise<string>,
  ) {}

  static async make(folder: string): Promise<ReviewedRepository> {
    const env = {
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@example.test",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@example.test",
    };
    const git = async (...args: string[]): Promise<string> => (await execa("git", args, { cwd: folder, env })).stdout;
    const root = join(__dirname, "../..");
    mkdirSync(folder);
    for (const name of ["Pulumi.yaml", "package.json"]) cpSync(join(root, name), join(folder, name));
    cpSync(join(root, "examples/primary-and-backup/Pulumi.production.yaml"), join(folder, "Pulumi.production.yaml"));
    const repository = new ReviewedRepository(folder, git);
    await git("init", "--quiet", "--initial-branch=main");
    await repository.propose((file) => withDomains(file, [...domainsOf(file), { name: "club.test", mailboxes: { carol: {} } }]));
    await git("clone", "--quiet", "--bare", ".", "../origin.git");
    await git("remote", "add", "origin", "../origin.git");
    await git("fetch", "--quiet", "origin");
    return repository;
  }

  /** Changes the stack file and commits. */
  async propose(change: (file: StackFile) => object): Promise<void> {
    const file = join(this.folder, "Pulumi.production.yaml");
    writeFileSync(file, stringify(change(parse(readFileSync(file, "utf8")) as StackFile)));
    await this.commit();
  }

  async break(): Promise<void> {
    writeFileSync(join(this.folder, "Pulumi.production.yaml"), "config:\n  mailserver:domains: [\n");
    await this.commit();
  }

  /** Goes back to what is deployed. */
  async reset(): Promise<void> {
    await this.git("reset", "--quiet", "--hard", "origin/main");
  }

  private async commit(): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message", "change");
  }
}

const domainsOf = ({ config }: StackFile): StackFile["config"]["mailserver:domains"] => config["mailserver:domains"];
const withDomains = (file: StackFile, domains: readonly object[]): object => ({
  ...file,
  config: { ...file.config, "mailserver:domains": domains },
});

/** A domain more: nothing blocks. */
export const oneMore = (file: StackFile): object =>
  withDomains(file, [...domainsOf(file), { name: "another.test", mailboxes: { dave: {} } }]);

/** The last domain goes, and with it its last MX: blocked. */
export const oneLess = (file: StackFile): object => withDomains(file, domainsOf(file).slice(0, -1));
