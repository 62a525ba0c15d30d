import type { Presented } from "../presentation";
import { grouped } from "./grouped";
import { txtKind, txtText } from "./txt";

/**
 * What a record is, whatever it says: two with the same identity are one that changed. Name and type, and of several that may stand there what each is for:
 * the MX of one host, the SPF among other TXT, a CAA by its tag, a TLSA by what it matches. A TXT of no mail policy is what it says.
 */
export function identity({ name, type, content }: Presented): string {
  return `${name} ${type} ${purpose(name, type, content)}`;
}

function purpose(name: string, type: string, content: string): string {
  switch (type) {
    case "TXT": {
      const text = txtText(content);
      return txtKind(name, text) ?? text;
    }
    case "MX":
    case "NS":
      return content;
    case "CAA":
      return content.split(" ")[1]?.toLowerCase() ?? "";
    case "TLSA":
      return content.split(" ").slice(0, 3).join(" ");
    default:
      return "";
  }
}

/** Records by identity. */
export function byIdentity<R extends Presented>(records: Iterable<R>): Map<string, R[]> {
  return grouped(records, identity);
}
