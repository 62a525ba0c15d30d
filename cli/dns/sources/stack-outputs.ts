import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Presented } from "../../../dns/presentation";
import { InvalidInput } from "../../exit-status";
import { isMap, readText } from "./project";

/** The output `records` of a stack: of a file, of standard input (`-`), or asked of `pulumi` itself. */
export async function outputRecords(from: string | undefined, folder: string, stack: string | undefined): Promise<Presented[]> {
  const [name, text] =
    from === undefined
      ? ["pulumi stack output", await pulumiOutput(folder, stack)]
      : from === "-"
        ? ["standard input", await readInput()]
        : [from, readText(from)];
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new InvalidInput(`${name} is no JSON of pulumi stack output --json (${(error as Error).message}).`);
  }
  const records = isMap(read) ? read.records : read;
  if (!Array.isArray(records)) {
    throw new InvalidInput(`${name} has no list of records; the program must export the records of its MailServer as \`records\`.`);
  }
  return records.map((record: unknown, index) => {
    if (
      !isMap(record) ||
      typeof record.name !== "string" ||
      typeof record.type !== "string" ||
      typeof record.content !== "string" ||
      typeof record.ttl !== "number"
    ) {
      throw new InvalidInput(`${name}: records[${index}] is not a record with name, type, content and ttl.`);
    }
    const { name: owner, type, content, ttl, priority } = record;
    return { name: owner, type, content, ttl, ...(typeof priority === "number" ? { priority } : {}) };
  });
}

async function pulumiOutput(folder: string, stack: string | undefined): Promise<string> {
  const child = spawn("pulumi", ["stack", "output", "records", "--json", ...(stack === undefined ? [] : ["--stack", stack])], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  let code: number | null;
  try {
    [code] = (await once(child, "close")) as [number | null];
  } catch (error) {
    throw new Error(`pulumi could not be run (${(error as Error).message}); give its output by --outputs FILE`, { cause: error });
  }
  if (code !== 0) throw new Error(`pulumi stack output records ended with ${code}: ${err.trim()}`);
  return out;
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}
