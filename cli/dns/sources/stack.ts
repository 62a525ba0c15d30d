import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { Side } from "../../../dns/review/side";
import { InvalidInput } from "../../exit-status";
import type { Say } from "../../progress";
import { Revision } from "./git";
import { recordingSide, runProgram } from "./program";
import { findProject, projectOf, readText, requireProject, stackFileName, stackName, type Project } from "./project";
import type { Recording } from "./recorder";
import { stackConfig, stackFileSide } from "./stack-file";

export interface StackOptions {
  /** Folder of the Pulumi project. */
  readonly program: string;
  readonly stack?: string;
  /** A file that holds the whole declaration. */
  readonly stackFile?: string;
}

/** A stack whose records are wanted, as it is here and as it was at another commit. */
export interface Stack {
  /** Project and stack, for instance `mailserver/production`. */
  readonly title: string;
  readonly folder: string;
  /** What its file sets under a namespace, by key without it. */
  settings(namespace: string): unknown;
  desired(say: Say): Promise<Side>;
  desiredAt(ref: string, say: Say): Promise<Side>;
}

export function openStack({ program, stack, stackFile }: StackOptions): Stack {
  const folder = resolve(program);
  if (stackFile !== undefined) {
    const name = /^Pulumi\.(.+)\.ya?ml$/.exec(basename(stackFile))?.[1] ?? basename(stackFile);
    return new DeclaredStack(folder, findProject(folder), stack ?? name, resolve(stackFile));
  }
  const project = requireProject(folder);
  const name = stackName(project, stack);
  const file = join(folder, stackFileName(project, name));
  return isWholeDeclaration(folder) ? new DeclaredStack(folder, project, name, file) : new ProgramStack(project, name, file);
}

/** This package's own program reads its stack file and nothing else, so it need not be run. */
function isWholeDeclaration(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === "pulumi-mailserver";
}

function settingsOf(file: string, namespace: string): unknown {
  const config = stackConfig(readText(file), shownFile(file));
  return Object.fromEntries(
    config.flatMap(([key, value]) => (key.startsWith(`${namespace}:`) ? [[key.slice(namespace.length + 1), value] as const] : [])),
  );
}

const shownFile = (file: string): string => relative(process.cwd(), file) || file;

const noSuchFile = (what: string, ref: string): InvalidInput =>
  new InvalidInput(`git:${ref} has no ${what}: there was no such stack at that commit; compare with another one, or with --against live.`);

/** Its stack file is all there is. */
class DeclaredStack implements Stack {
  constructor(
    readonly folder: string,
    private readonly project: Project | undefined,
    private readonly name: string,
    private readonly file: string,
  ) {}

  get title(): string {
    return `${this.namespace}/${this.name}`;
  }

  private get namespace(): string {
    return this.project?.name ?? "mailserver";
  }

  settings(namespace: string): unknown {
    return settingsOf(this.file, namespace);
  }

  desired(): Promise<Side> {
    return Promise.resolve(this.side(shownFile(this.file), readText(this.file), this.project));
  }

  async desiredAt(ref: string): Promise<Side> {
    const revision = await Revision.of(ref, this.folder);
    const text = await revision.text(this.file);
    if (text === undefined) throw noSuchFile(shownFile(this.file), ref);
    const projectText = this.project === undefined ? undefined : await revision.text(this.project.file);
    const project = projectText === undefined ? this.project : projectOf(projectText, this.project?.file ?? "");
    return this.side(`git:${ref}`, text, project);
  }

  private side(label: string, text: string, project: Project | undefined): Side {
    return stackFileSide({ name: label, text, namespace: this.namespace, defaults: project?.defaults ?? new Map() });
  }
}

/** Its arguments are code: what they mean is known when it has run. */
export class ProgramStack implements Stack {
  constructor(
    private readonly project: Project,
    private readonly name: string,
    private readonly file: string,
  ) {}

  get title(): string {
    return `${this.project.name}/${this.name}`;
  }

  get folder(): string {
    return this.project.folder;
  }

  settings(namespace: string): unknown {
    return existsSync(this.file) ? settingsOf(this.file, namespace) : {};
  }

  async desired(say: Say): Promise<Side> {
    return recordingSide(`the program of ${this.project.name}`, await this.recorded(say));
  }

  /** What the program registers. */
  recorded(say: Say): Promise<Recording> {
    say(`running the program of ${this.project.name} without providers`);
    return runProgram(this.project, this.name, { name: shownFile(this.file), text: existsSync(this.file) ? readText(this.file) : "" });
  }

  async desiredAt(ref: string, say: Say): Promise<Side> {
    const revision = await Revision.of(ref, this.folder);
    return revision.checkedOut(this.folder, async (folder) => {
      const project = findProject(folder);
      if (project === undefined) throw noSuchFile(shownFile(this.project.file), ref);
      say(`running the program of ${project.name} at ${ref} without providers`);
      const file = join(folder, stackFileName(project, this.name));
      const recording = await runProgram(project, this.name, { name: `git:${ref}`, text: existsSync(file) ? readText(file) : "" });
      return recordingSide(`git:${ref}`, recording);
    });
  }
}

/** A program of either kind as a program: names of resources are known only from running it. */
export function programOf({ program, stack, stackFile }: StackOptions): ProgramStack {
  const project = requireProject(program);
  const name = stackName(project, stack);
  return new ProgramStack(project, name, stackFile === undefined ? join(project.folder, stackFileName(project, name)) : resolve(stackFile));
}
