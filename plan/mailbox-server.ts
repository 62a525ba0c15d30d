import { nearest } from "./nearest";
import type { MailboxSettings } from "./mailboxes";
import type { Property } from "./property";
import { clientServices } from "./services";
import type { MailboxServer } from "./types";

const known: readonly MailboxServer[] = ["dovecot", "courier"];

/** Services for mail clients that a primary has by its mailbox server. Courier has no ManageSieve. */
export const servicesOf: Record<MailboxServer, readonly string[]> = {
  dovecot: clientServices.map(({ name }) => name),
  courier: clientServices.map(({ name }) => name).filter((name) => name !== "sieve"),
};

/** Where what is declared is none of them, Dovecot, so that nothing is refused for a slip of the pen. */
export function readMailboxServer(property: Property): MailboxServer {
  const text = property.isAbsent ? "dovecot" : property.string("the name of a mailbox server");
  const server = known.find((name) => name === text);
  if (server === undefined && text !== undefined) {
    const guess = nearest(text, known);
    property.report(
      `${property.shown} is no mailbox server of ours; ${guess === undefined ? `take one of ${known.join(", ")}.` : `did you mean "${guess}"?`}`,
    );
  }
  return server ?? "dovecot";
}

/** What is declared, and only Dovecot does. */
interface Asked {
  readonly compression: { readonly property: Property; readonly value: boolean };
  readonly sieve: { readonly property: Property; readonly value: string | undefined };
  readonly domains: readonly {
    readonly property: Property;
    readonly policies: { readonly services?: readonly string[] };
    readonly mailboxes: readonly {
      readonly property: Property;
      readonly settings: Pick<MailboxSettings, "plusFolders" | "appPasswords">;
    }[];
  }[];
}

/** Reports all that Courier cannot do. Argon2id is refused where hashes are read. */
export function checkCourier({ compression, sieve, domains }: Asked): void {
  const refuse = (property: Property, what: string, wayOut: string, key?: string): void =>
    property.report(`With mailboxServer "courier" ${what}; ${wayOut}, or take "dovecot".`, key);
  if (compression.value) refuse(compression.property, "mail is neither compressed nor read when it is compressed", "write false");
  if (sieve.value !== undefined) refuse(sieve.property, "there is no Sieve, and no script would run", "take the script out");
  for (const { property, policies, mailboxes } of domains) {
    if (policies.services?.includes("sieve"))
      refuse(property, "there is no ManageSieve to tell mail clients of", 'take "sieve" out of the list', "services");
    for (const mailbox of mailboxes) {
      const { plusFolders, appPasswords } = mailbox.settings;
      if (plusFolders) refuse(mailbox.property, "mail to an extended address goes into the inbox only", "write false", "plusFolders");
      if (appPasswords.length > 0) refuse(mailbox.property, "a mailbox has one password", "take them out", "appPasswords");
    }
  }
}
