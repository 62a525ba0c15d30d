import { nearest } from "./nearest";
import type { Property } from "./property";

/** A service for mail clients: its name in SRV records, the usual port, and its place among others (lower is tried first). */
export interface ClientService {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly meaning: string;
}

/** By kind; TLS from the first byte first (RFC 8314 section 3). */
export const clientServices: readonly ClientService[] = [
  { name: "imaps", port: 993, priority: 0, meaning: "IMAP with TLS" },
  { name: "imap", port: 143, priority: 10, meaning: "IMAP with STARTTLS" },
  { name: "pop3s", port: 995, priority: 20, meaning: "POP3 with TLS" },
  { name: "pop3", port: 110, priority: 30, meaning: "POP3 with STARTTLS" },
  { name: "submissions", port: 465, priority: 0, meaning: "Submission with TLS" },
  { name: "submission", port: 587, priority: 10, meaning: "Submission with STARTTLS" },
  { name: "sieve", port: 4190, priority: 0, meaning: "ManageSieve" },
];

const known = clientServices.map(({ name }) => name);

export function readServices(property: Property): readonly string[] | undefined {
  const list = property.list();
  const names = list?.map((entry, index) => {
    const name = entry.string("the name of a service");
    if (name === undefined) return undefined;
    if (!known.includes(name)) {
      const guess = nearest(name, known);
      return entry.report(
        `${entry.shown} is no service for mail clients; ${guess === undefined ? `known are ${known.join(", ")}.` : `did you mean "${guess}"?`}`,
      );
    }
    const first = list.findIndex((other) => other.isText && other.string("") === name);
    return first === index ? name : entry.report(`${entry.shown} is in the list twice; take one out.`);
  });
  return names?.every((name) => name !== undefined) === true ? [...names].sort() : undefined;
}
