/** The smallest parts of a master file and of record data in presentation format (RFC 1035 section 5.1). */

/** One word or one quoted string, as it is written, and where. */
export interface Token {
  /** Without the quotes around it; escapes are still in it. */
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
  readonly column: number;
}

/** Something wrong at a place. */
export class SyntaxProblem extends Error {
  constructor(
    readonly at: { readonly line: number; readonly column: number },
    message: string,
  ) {
    super(message);
  }
}

/** An entry: what stands on one line, or between parentheses on several. */
export interface Entry {
  readonly tokens: readonly Token[];
  /** It begins with a blank, so it is about the owner of the entry before. */
  readonly continues: boolean;
}

/** Splits a text into entries. What cannot be read is told to `report`, and reading goes on with the next line. */
export function* entries(text: string, report: (problem: SyntaxProblem) => void): Generator<Entry> {
  let position = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  let lineStart = position;
  let tokens: Token[] = [];
  let continues = false;
  let atLineStart = true;
  let bad = false;
  let opened: { readonly line: number; readonly column: number } | undefined;
  const here = (): { line: number; column: number } => ({ line, column: position - lineStart + 1 });
  const fail = (at: { line: number; column: number }, message: string): void => {
    if (!bad) report(new SyntaxProblem(at, message));
    bad = true;
  };
  while (position <= text.length) {
    const character = position < text.length ? text[position] : undefined;
    if (character === undefined || character === "\n") {
      if (opened === undefined || character === undefined) {
        if (opened !== undefined) fail(opened, 'this "(" is never closed');
        if (tokens.length > 0 && !bad) yield { tokens, continues };
        tokens = [];
        bad = false;
        opened = undefined;
        atLineStart = true;
      }
      position += 1;
      line += 1;
      lineStart = position;
    } else if (character === " " || character === "\t" || character === "\r") {
      if (atLineStart) continues = true;
      atLineStart = false;
      position += 1;
    } else if (character === ";") {
      const end = text.indexOf("\n", position);
      position = end < 0 ? text.length : end;
      if (atLineStart) continues = true;
      atLineStart = false;
    } else if (character === "(" || character === ")") {
      if (atLineStart) continues = false;
      atLineStart = false;
      if (character === "(" && opened !== undefined) fail(here(), '"(" inside of parentheses; they cannot be nested');
      if (character === ")" && opened === undefined) fail(here(), '")" without "(" before it');
      opened = character === "(" ? here() : undefined;
      position += 1;
    } else {
      if (atLineStart) continues = false;
      atLineStart = false;
      const start = here();
      const token = character === '"' ? quotedToken(text, position) : wordToken(text, position);
      if (token === undefined) {
        fail(start, "a quoted string must end on the line on which it begins");
        const end = text.indexOf("\n", position);
        position = end < 0 ? text.length : end;
      } else {
        tokens.push({ text: token.text, quoted: character === '"', ...start });
        position = token.end;
      }
    }
  }
}

function quotedToken(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  for (let position = start + 1; position < text.length; position += 1) {
    const character = text[position];
    if (character === "\n") return undefined;
    if (character === "\\") position += 1;
    else if (character === '"') return { text: text.slice(start + 1, position), end: position + 1 };
  }
  return undefined;
}

function wordToken(text: string, start: number): { readonly text: string; readonly end: number } {
  let end = start;
  while (end < text.length && !/[\s;()"]/.test(text[end] ?? "")) end += text[end] === "\\" && text[end + 1] !== "\n" ? 2 : 1;
  return { text: text.slice(start, Math.min(end, text.length)), end: Math.min(end, text.length) };
}

/** Octets that a word or a string stands for: `\X` is X itself, `\DDD` the octet with that number. */
export function octets(token: Token): Buffer {
  if (!token.text.includes("\\")) return Buffer.from(token.text);
  const parts: Buffer[] = [];
  for (const match of token.text.matchAll(/\\(\d{3})|\\(\d)|\\([^\d]?)|[^\\]+/gsu)) {
    const [whole, number, digit, escaped] = match;
    if (number !== undefined && Number(number) < 256) parts.push(Buffer.from([Number(number)]));
    else if (escaped !== undefined && escaped !== "") parts.push(Buffer.from(escaped));
    else if (number !== undefined || digit !== undefined || escaped === "") {
      throw new SyntaxProblem(
        token,
        `"${whole}" is no escape; it is \\ and three digits up to 255, or \\ and a character that is no digit`,
      );
    } else parts.push(Buffer.from(whole));
  }
  return Buffer.concat(parts);
}
