import type { TlsOptions } from "node:tls";
import Pop3Command from "node-pop3";
import { Account } from "./imap";

/** Subjects of everything in the inbox, one entry a message, over TLS from the first byte. Rejects when the log-in is refused. */
export async function inboxByPop3(account: Account): Promise<string[]> {
  const client = pop3Client(account);
  const list = await client.LIST();
  const subjects: string[] = [];
  for (let message = 1; message <= list.length; message += 1) {
    const head = await client.TOP(message, 0);
    subjects.push(/^Subject: (.*)$/im.exec(head)?.[1]?.trim() ?? "");
  }
  await client.QUIT();
  return subjects;
}

/** What a POP3 client knows each message of the inbox by (UIDL), with the subject after it. */
export async function uidlsByPop3(account: Account): Promise<string[]> {
  const client = pop3Client(account);
  const found: string[] = [];
  for (const [number = "", uidl = ""] of (await client.UIDL()) as string[][]) {
    const head = await client.TOP(Number(number), 0);
    found.push(`${uidl} ${/^Subject: (.*)$/im.exec(head)?.[1]?.trim()}`);
  }
  await client.QUIT();
  return found.sort();
}

function pop3Client(account: Account): Pop3Command {
  return new Pop3Command({
    ...account,
    port: 995,
    tls: true,
    timeout: 20_000,
    // No name: an address is none that TLS could ask for (RFC 6066 section 3). The type is of servers' options; these go to tls.connect.
    tlsOptions: { rejectUnauthorized: false, servername: "" } as TlsOptions,
  });
}
