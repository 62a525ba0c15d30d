import type { Property } from "./property";

/** Dovecot's `sieve_max_script_size`. */
const longest = 1 << 20;

/** The text of a script. Whether it compiles is for the host's own compiler to say: `apply` looks before it switches to anything. */
export function readSieve(property: Property): string | undefined {
  if (property.isAbsent) return undefined;
  const text = property.string("the text of a Sieve script");
  if (text === undefined) return undefined;
  if (text.trim() === "") return property.report(`${property.shown} is an empty Sieve script; write one, or take the key out.`);
  const size = Buffer.byteLength(text);
  if (size > longest) return property.report(`The Sieve script has ${size} bytes, and Dovecot takes ${longest}; write a shorter one.`);
  return text.endsWith("\n") ? text : `${text}\n`;
}
