import { entries, SyntaxProblem, type Entry, type Token } from "./master-file-text";
import type { Presented } from "./presentation";
import { absoluteName, isType, recordData, type Origin } from "./rdata";

/** Something wrong with a zone file; lines and columns count from 1. */
export interface ZoneFileProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ParsedZoneFile =
  { readonly ok: true; readonly records: readonly Presented[] } | { readonly ok: false; readonly problems: readonly ZoneFileProblem[] };

/** RFC 2181 section 8. */
const longestTtl = 2 ** 31 - 1;

/** BIND's units, which other name servers read too: 1h30m. */
const UNITS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** What an entry takes from those before it. */
interface Context {
  origin: Origin;
  owner?: string;
  /** `$TTL` (RFC 2308 section 4). */
  defaultTtl?: number;
  /** The last one stated (RFC 1035 section 5.1). */
  lastTtl?: number;
  /** Of the SOA, which stands for a TTL where none was ever stated (RFC 1035 section 3.3.13). */
  minimum?: number;
}

/**
 * Reads a master file (RFC 1035 section 5, with `$TTL` of RFC 2308 and unknown types of RFC 3597) of one zone or of several. All records are kept, whatever
 * their type. All problems are found in one pass.
 *
 * @param origin what names are relative to before the first `$ORIGIN`, without a dot at its end
 */
export function parseZoneFile(text: string, origin?: string): ParsedZoneFile {
  const context: Context = { origin };
  const records: Presented[] = [];
  const problems: ZoneFileProblem[] = [];
  const report = ({ at, message }: SyntaxProblem): void => void problems.push({ line: at.line, column: at.column, message });
  for (const entry of entries(text, report)) {
    try {
      const record = readEntry(entry, context);
      if (record !== undefined) records.push(record);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      report(error);
    }
  }
  if (problems.length === 0) return { ok: true, records };
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function readEntry({ tokens, continues }: Entry, context: Context): Presented | undefined {
  const [first] = tokens;
  if (first === undefined) return undefined;
  if (!continues && !first.quoted && first.text.startsWith("$")) return directive(first, tokens, context);
  if (!continues) {
    // Its own records must not be taken for the ones of the owner before, should it be no good.
    context.owner = undefined;
    context.owner = absoluteName(first, context.origin);
  }
  const name = context.owner;
  if (name === undefined)
    throw new SyntaxProblem(first, "this line begins with a blank, and there is no owner before it; begin it with a name");
  const last = tokens.at(-1) ?? first;
  const end = { line: last.line, column: last.column + last.text.length + (last.quoted ? 2 : 0) };
  const { type, ttl, rest } = header(tokens.slice(continues ? 0 : 1), end);
  const data = recordData(type, rest, end, context.origin);
  if (ttl !== undefined) context.lastTtl = ttl;
  if (type === "SOA") context.minimum = Number(data.content.slice(data.content.lastIndexOf(" ") + 1));
  const effective = ttl ?? context.defaultTtl ?? context.lastTtl ?? context.minimum;
  if (effective === undefined)
    throw new SyntaxProblem(first, "this record has no TTL, and none was stated before it; begin the file with $TTL SECONDS");
  return { name, type, ...data, ttl: effective };
}

function directive(first: Token, tokens: readonly Token[], context: Context): undefined {
  const [, argument, more] = tokens;
  const name = first.text.toUpperCase();
  if (name === "$INCLUDE") throw new SyntaxProblem(first, "files are not followed; put what $INCLUDE names into this one");
  if (name !== "$ORIGIN" && name !== "$TTL") {
    throw new SyntaxProblem(first, `${first.text} is not of RFC 1035 or RFC 2308; write its records out`);
  }
  if (argument === undefined) throw new SyntaxProblem(first, `${name} has nothing after it`);
  if (more !== undefined) throw new SyntaxProblem(more, `"${more.text}" is too much for ${name}`);
  if (name === "$ORIGIN") context.origin = absoluteName(argument, context.origin);
  else context.defaultTtl = ttlOf(argument);
  return undefined;
}

/** `[TTL] [class] type` or `[class] [TTL] type` (RFC 1035 section 5.1), and the tokens after them. */
function header(tokens: readonly Token[], end: { line: number; column: number }): { type: string; ttl?: number; rest: readonly Token[] } {
  let ttl: number | undefined;
  let hasClass = false;
  for (const [index, token] of tokens.entries()) {
    const word = token.text.toUpperCase();
    if (!hasClass && word === "IN") hasClass = true;
    else if (/^(CH|CS|HS|CLASS\d+)$/.test(word)) throw new SyntaxProblem(token, `class ${word} is not the internet's; only IN is read`);
    else if (ttl === undefined && /^\d/.test(word)) ttl = ttlOf(token);
    else if (isType(word) && !token.quoted) return { type: word, ttl, rest: tokens.slice(index + 1) };
    else throw new SyntaxProblem(token, `"${token.text}" is no record type`);
  }
  throw new SyntaxProblem(end, "this line ends before the type of its record");
}

function ttlOf(token: Token): number {
  const parts = [...token.text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit === "" || unit === undefined ? "s" : unit] ?? 1),
    0,
  );
  if (parts.map(([whole]) => whole).join("") !== token.text.toLowerCase() || parts.length === 0 || seconds > longestTtl) {
    throw new SyntaxProblem(token, `"${token.text}" is no time to live: seconds, 0 to ${longestTtl}`);
  }
  return seconds;
}
