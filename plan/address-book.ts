import { bothForms } from "./domain-name";
import { nearest } from "./nearest";
import type { Property } from "./property";

export type AddressKind = "mailbox" | "alias" | "system user";

/**
 * Local parts that always reach somebody: postmaster (RFC 5321 section 4.5.1), abuse (RFC 2142 section 2), and root, whose name programs on hosts
 * write into reports.
 */
export const alwaysReached = ["abuse", "postmaster", "root"] as const;

/** A guess looks at every address; beyond so many wrong ones, what is wrong is not their spelling. */
const mostGuesses = 10;

/** Every declared address, each once. */
export class AddressBook {
  private readonly owners = new Map<string, { readonly kind: AddressKind; readonly path: string }>();
  private readonly deaf = new Set<string>();
  private guesses = 0;

  /** @param domains names of the declared domains */
  constructor(private readonly domains: ReadonlySet<string>) {}

  /** Reports a second declaration of one address; the first one stays. */
  declare(address: string, kind: AddressKind, property: Property): void {
    const owner = this.owners.get(address);
    if (owner === undefined) this.owners.set(address, { kind, path: property.path });
    else
      property.report(
        `The ${kind} ${bothForms(address)} is declared already as ${owner.kind} (${owner.path}; upper and lower case are the same); take one of the two out.`,
      );
  }

  /** Mail for it is refused. Reports one that must take mail. */
  declareDeaf(address: string, property: Property): void {
    this.deaf.add(address);
    const local = address.slice(0, address.lastIndexOf("@"));
    if (alwaysReached.some((name) => name === local))
      property.report(`${bothForms(address)} must reach somebody (RFC 5321 section 4.5.1, RFC 2142); let it receive.`, "receives");
  }

  /** What is wrong with leading mail to a declared address, for a message; `undefined` where nothing is. */
  deafness(address: string): string | undefined {
    return this.deaf.has(address)
      ? `${bothForms(address)} takes no mail (receives: false); take another address, or let this one receive.`
      : undefined;
  }

  has(address: string): boolean {
    return this.owners.has(address);
  }

  /** Whether somebody gets mail for it: it is declared, or one of those that every domain has. */
  reaches(address: string): boolean {
    const at = address.lastIndexOf("@");
    const local = address.slice(0, at);
    return this.has(address) || (this.domains.has(address.slice(at + 1)) && alwaysReached.some((name) => name === local));
  }

  /** Whether mail for it ends here, in a mailbox or at a system user. */
  isAccount(address: string): boolean {
    const kind = this.owners.get(address)?.kind;
    return kind === "mailbox" || kind === "system user";
  }

  /** For a message about an address that is not declared: the one that may be meant, or what to do. */
  wayOut(address: string): string {
    const guess = (this.guesses += 1) > mostGuesses ? undefined : nearest(address, [...this.owners.keys()]);
    return guess === undefined ? "declare it as a mailbox or an alias." : `did you mean "${guess}"?`;
  }
}
