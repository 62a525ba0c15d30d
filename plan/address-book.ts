import { nearest } from "./nearest";
import type { Property } from "./property";

export type AddressKind = "mailbox" | "alias" | "system user";

/** Every declared address, each once. */
export class AddressBook {
  private readonly owners = new Map<string, { readonly kind: AddressKind; readonly path: string }>();

  /** Reports a second declaration of one address; the first one stays. */
  declare(address: string, kind: AddressKind, property: Property): void {
    const owner = this.owners.get(address);
    if (owner === undefined) this.owners.set(address, { kind, path: property.path });
    else
      property.report(
        `The ${kind} ${address} is declared already as ${owner.kind} (${owner.path}; upper and lower case are the same); take one of the two out.`,
      );
  }

  has(address: string): boolean {
    return this.owners.has(address);
  }

  /** Whether mail for it ends here, in a mailbox or at a system user. */
  isAccount(address: string): boolean {
    const kind = this.owners.get(address)?.kind;
    return kind === "mailbox" || kind === "system user";
  }

  /** For a message about an address that is not declared: the one that may be meant, or what to do. */
  wayOut(address: string): string {
    const guess = nearest(address, [...this.owners.keys()]);
    return guess === undefined ? "declare it as a mailbox or an alias." : `did you mean "${guess}"?`;
  }
}
