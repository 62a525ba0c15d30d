/** Arguments of `MailServer` that are no part of the declaration; in a stack file they stand among its keys. */
export const BESIDE_THE_DECLARATION: readonly string[] = ["passwordHashes", "operatorPrivateKey", "bastion", "tags", "protect"];

/** A value of a stack file as a program gets it: objects, lists, numbers and truth values as JSON, text as it is. */
export function settingValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
