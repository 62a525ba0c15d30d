/** What a reader would not see, or would see as something else: control characters, marks that turn the direction of writing, breaks of lines, halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A value as every face may print it, on one line: DNS may hold any octet, and none may move a terminal's cursor or hide what stands before it. */
export function visible(value: string): string {
  return value.replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
