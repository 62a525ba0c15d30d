import { Property, show } from "./property";
import type { Problem } from "./types";

/** Tags that every resource has already: what a person sees in the console, and whose it is. */
export const ownTags = ["Name", "mailserver:exchanger"] as const;

/** EC2's rules for tags (EC2 User Guide, "Tag restrictions"): characters, lengths, number. */
const most = 50;
const longestKey = 128;
const longestValue = 256;
const characters = /^[\p{L}\p{N}\p{Zs}+\-=._:/@]*$/u;

/** What is wrong with the tags of resources; EC2 would refuse them one resource after another. */
export function checkTags(tags: unknown): Problem[] {
  const problems: Problem[] = [];
  const root = new Property("tags", tags, problems);
  const members = root.isAbsent ? [] : (root.members("{team: mail}") ?? []);
  if (members.length > most - ownTags.length)
    root.report(
      `There are ${members.length} tags, and with ${ownTags.length} of its own a resource takes ${most - ownTags.length} more; take some out.`,
    );
  for (const { key, property } of members) {
    if (key === "" || key.length > longestKey || !characters.test(key))
      property.report(`${show(key)} is no key of a tag; use 1 to ${longestKey} letters, digits, blanks and + - = . _ : / @.`);
    else if (/^aws:/i.test(key)) property.report(`${show(key)} begins with "aws:", which AWS keeps for itself; take another key.`);
    else if (ownTags.some((own) => own === key))
      property.report(`Every resource has the tag ${show(key)} already, with a value of the program; take it out.`);
    const value = property.string("the tag's value");
    if (value === undefined) continue;
    if (value.length > longestValue || !characters.test(value))
      property.report(`${show(value)} is no value of a tag; use at most ${longestValue} letters, digits, blanks and + - = . _ : / @.`);
    else if (/^aws:/i.test(value)) property.report(`${show(value)} begins with "aws:", which AWS keeps for itself; take another value.`);
  }
  return problems;
}
