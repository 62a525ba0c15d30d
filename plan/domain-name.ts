import { domainToASCII, domainToUnicode } from "node:url";
import { asciiLower, isLabel } from "./names";
import { show } from "./property";

/** Longest domain name (RFC 1035 section 2.3.4: 255 octets, of which the root and the first length take two), and longest label. */
const longestName = 253;
const longestLabel = 63;

/** What a label may be made of, before its conversion: letters, marks and digits of any script, and the two dots that RFC 5892 (A.3, A.7) allows inside of words. */
const labelCharacter = "[\\p{L}\\p{M}\\p{N}-]|(?<=[lL])\\u00b7(?=[lL])|\\u30fb";
const unicodeLabel = new RegExp(`^(?:${labelCharacter})+$`, "u");
const strange = new RegExp(`(?!${labelCharacter}|\\.).`, "su");

/** Scripts that names are written in (Unicode Standard Annex #31, table 5). */
const scripts = (
  "Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana " +
  "Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan"
).split(" ");

/** Scripts that may stand together in one label: Chinese, Japanese and Korean, with Latin (Unicode Technical Standard #39 section 5.2, "Highly Restrictive"). */
const together = [
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Hangul"],
  ...scripts.map((one) => [one]),
].map((several) => new RegExp(`^[\\p{sc=Zyyy}\\p{sc=Zinh}${several.map((script) => `\\p{scx=${script}}`).join("")}]+$`, "u"));

/**
 * A domain name of at least two labels as DNS has it: lower case, internationalised labels (U-labels) as A-labels (RFC 5890, RFC 5891), no dot at the end,
 * and not something that reads as an address (RFC 3696 section 2). Either form may be given. Or in `error` why the text is none, to stand after a colon.
 */
export function domainName(text: string): { readonly name: string } | { readonly error: string } {
  // What is longer than any name in four-octet characters is not looked at further.
  if (text.length > 4 * longestName) return { error: `it has ${text.length} characters, and DNS takes ${longestName}; shorten it` };
  const bad = strange.exec(text)?.[0];
  if (bad !== undefined || text === "")
    return {
      error: `${bad === undefined ? "it is empty" : `${show(bad)} cannot stand in one`}; use letters, digits and "-" in labels with dots between them, such as example.org`,
    };
  if (text.endsWith(".") && !text.endsWith("..")) return { error: `leave out the dot at its end and write ${show(text.slice(0, -1))}` };
  // domainToASCII is the parser of URL hosts: it would drop line ends, decode %41 and cut at a slash. Only characters of labels reach it.
  // eslint-disable-next-line no-control-regex -- "is it ASCII" is the question
  const name = /^[\x00-\x7f]*$/.test(text) ? asciiLower(text) : domainToASCII(text);
  if (name === "")
    return {
      error:
        "it cannot be converted for DNS (RFC 5891); a mark without its letter, or directions of writing mixed in one label, are usual reasons; look at its spelling",
    };
  const labels = name.split(".");
  if (labels.includes("")) return { error: "a label is empty; one dot stands between two labels, and none at the beginning or the end" };
  if (labels.length < 2) return { error: "it is one label only; give the whole name, such as example.org" };
  for (const label of labels) {
    const error = labelProblem(label);
    if (error !== undefined) return { error };
  }
  if (name.length > longestName) return { error: `DNS has it as ${name.length} characters, and takes ${longestName}; shorten it` };
  if (!/[a-z]/.test(labels.at(-1) ?? "")) return { error: "it ends with a number, as an address does; give a name, such as example.org" };
  // Wide letters, ligatures and the like become others; who wrote them should see that.
  const unicode = domainToUnicode(name);
  if (text !== name && unicode !== text.toLowerCase().normalize("NFC") && name !== asciiLower(text))
    return { error: `DNS has its letters as others, and it would become ${show(unicode)}; write it so if that is what you mean` };
  return { name };
}

function labelProblem(label: string): string | undefined {
  if (label.length > longestLabel)
    return `DNS has one of its labels as ${label.length} characters (${show(label)}), and takes ${longestLabel}; shorten it`;
  if (!isLabel(label)) return `its label ${show(label)} begins or ends with "-"; take that out`;
  if (!label.startsWith("xn--")) return undefined;
  const unicode = domainToUnicode(label);
  if (unicode === label || domainToASCII(unicode) !== label)
    return `${show(label)} begins as an internationalised label (an A-label, RFC 5890) and is none; give the name in its own letters, such as bücher.example`;
  // RFC 5891 section 4.2.3.1, and the characters of section 4.2.2: no symbols, no emoji.
  if (!unicodeLabel.test(unicode) || /^-|-$|^..--/u.test(unicode))
    return `${show(unicode)} (${show(label)}) has a character that internationalised names may not have there (RFC 5891 section 4.2), and no registry takes it; give the name as it is registered`;
  if (!together.some((form) => form.test(unicode))) {
    const found = scripts.filter((script) => new RegExp(`\\p{sc=${script}}`, "u").test(unicode));
    if (found.length < 2)
      return `${show(unicode)} (${show(label)}) has letters of a script that names are not written in today (Unicode Standard Annex #31); give the name as it is registered`;
    return `${show(unicode)} (${show(label)}) mixes letters of different scripts (${found.join(", ")}), as names do that are made to be mistaken for others; write each label in one script`;
  }
  return undefined;
}

/** Names are rarely longer; one that is can be told by its path. */
const cut = (name: string): string => (name.length > 70 ? `${name.slice(0, 70)}…` : name);

/** A name or an address for a message: where DNS has it in another form than people, in both. */
export function bothForms(name: string): string {
  const at = name.lastIndexOf("@") + 1;
  const unicode = domainToUnicode(name.slice(at));
  return unicode === name.slice(at) ? cut(name) : `${cut(`${name.slice(0, at)}${unicode}`)} (${cut(name)})`;
}
