import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { invalid, InvalidInput } from "../../exit-status";

/** A Pulumi project as it lies in a folder. */
export interface Project {
  /** Its `Pulumi.yaml`. */
  readonly file: string;
  readonly folder: string;
  readonly name: string;
  /** Where the program is, seen from the folder. */
  readonly main: string;
  /** Where the stack files are, seen from the folder. */
  readonly stackFolder: string;
  /** Values that stand in for what a stack file does not set, by full key. */
  readonly defaults: ReadonlyMap<string, unknown>;
}

const NAMES = ["Pulumi.yaml", "Pulumi.yml"];

/** The project in `folder`, or `undefined` where there is no `Pulumi.yaml`. */
export function findProject(folder: string): Project | undefined {
  const file = NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  return file === undefined ? undefined : projectOf(readText(file), file);
}

/** @param file where the text is, or was at another commit */
export function projectOf(text: string, file: string): Project {
  const read = yamlValue(text, file);
  const { name, main, stackConfigDir, config } = isMap(read) ? read : {};
  if (typeof name !== "string") throw new InvalidInput(`${file} names no project; write name: NAME.`);
  return {
    file,
    folder: dirname(file),
    name,
    main: typeof main === "string" ? main : ".",
    stackFolder: typeof stackConfigDir === "string" ? stackConfigDir : ".",
    defaults: new Map(Object.entries(isMap(config) ? config : {}).flatMap((entry) => projectDefault(name, entry))),
  };
}

export function requireProject(folder: string): Project {
  const project = findProject(resolve(folder));
  if (project === undefined) {
    throw new InvalidInput(
      `there is no Pulumi.yaml in ${resolve(folder)}; run this in the folder of a Pulumi project, or say --program FOLDER.`,
    );
  }
  return project;
}

/** A project file gives a value outright, as `value`, or as the `default` of a declared key (Pulumi, "Project configuration"). */
function projectDefault(project: string, [key, setting]: [string, unknown]): [string, unknown][] {
  const full = key.includes(":") ? key : `${project}:${key}`;
  if (!isMap(setting)) return [[full, setting]];
  if ("value" in setting) return [[full, setting.value]];
  return "default" in setting ? [[full, setting.default]] : [];
}

/** Name of the stack: the given one without its organisation, else the only one that has a file. */
export function stackName(project: Project, given: string | undefined): string {
  if (given !== undefined) return given.slice(given.lastIndexOf("/") + 1);
  const folder = join(project.folder, project.stackFolder);
  const stacks = existsSync(folder) ? readdirSync(folder).flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []) : [];
  const [only, ...others] = stacks;
  if (only === undefined) throw new InvalidInput(`there is no stack file in ${folder}; say --stack NAME for Pulumi.NAME.yaml.`);
  if (others.length > 0)
    throw new InvalidInput(`there are several stacks in ${folder}; say --stack with one of ${stacks.sort().join(", ")}.`);
  return only;
}

/** The file of a stack, seen from the project's folder. */
export const stackFileName = (project: Project, stack: string): string => join(project.stackFolder, `Pulumi.${stack}.yaml`);

/** A YAML text's value. Throws with every place that does not parse; `name` is how the message speaks of it. */
export function yamlValue(text: string, name: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw invalid(
      name,
      // The message repeats the lines, which may hold what nobody should see.
      document.errors.map(
        ({ linePos, message }) => `line ${linePos?.[0].line ?? 1}, column ${linePos?.[0].col ?? 1}: ${message.split(/ at line |:\n/)[0]}`,
      ),
    );
  }
  return document.toJS();
}

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InvalidInput(`cannot read ${file}: ${reason(error)}`);
  }
}

/** Of an error of the operating system, in words. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return message;
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
