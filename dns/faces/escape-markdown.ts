import { visible } from "./visible";

/**
 * A value in running text of GitHub's Markdown: no markup, no HTML, no link, no cell's end. After `@` and `#` stands a space of no width, without which GitHub would
 * call a person or link an issue, whatever the characters were written as.
 */
export function text(value: string): string {
  return visible(value).replace(
    /[&<>"'`|*_~[\]()#@\\!$]|:(?=\/)|(?<=www)\./gi,
    (character) => entity(character) + (/[@#]/.test(character) ? "&#8203;" : ""),
  );
}

/** A sentence of ours, in which names and values may stand between backticks. */
export function prose(sentence: string): string {
  return sentence
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 0 ? text(part) : code(part)))
    .join("");
}

/**
 * A value as code, in which GitHub reads neither markup nor names of people. A code span cannot hold `|` in a table's cell whatever stands before it, so a
 * value with one is written in HTML.
 */
export function code(value: string): string {
  const shown = visible(value);
  if (shown.includes("|") || shown.trim() === "") return `<code>${shown.replace(/[^\p{L}\p{N} ,;=-]/gu, entity)}</code>`;
  const fence = "`".repeat(longestRun(shown) + 1);
  // A blank on both sides is taken away, and lets the value begin or end with a backtick or with a blank of its own (CommonMark 6.1).
  const blank = /^[ `]|[ `]$/.test(shown) ? " " : "";
  return fence + blank + shown + blank + fence;
}

/** A block of code, shown as it is. */
export function block(language: string, lines: string): string {
  const shown = lines.split("\n").map(visible).join("\n").replace(/\n$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

function longestRun(value: string): number {
  return Math.max(0, ...(value.match(/`+/g) ?? []).map(({ length }) => length));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}
