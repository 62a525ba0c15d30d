import { hash, truncates } from "bcryptjs";
import { Command } from "commander";
import { mailAddress } from "../plan/mail-address";
import { readHidden } from "./hidden-input";

/**
 * bcrypt's cost, the power of two of its rounds: 10 is the least that OWASP's Password Storage Cheat Sheet allows, and takes some 0.1 s of a small machine.
 * Mail clients log in all day, and more would let a few of them, or somebody guessing, take the host's whole processor.
 */
const cost = 10;

/** NIST SP 800-63B allows no shorter ones. */
const shortest = 8;

/** The command `mailserver passwd`: a password in, a hash for `passwordHashes` out. */
export function passwdCommand(): Command {
  return new Command("passwd")
    .description(
      "Make a password hash for `passwordHashes`. The password is asked for without echo, or read from standard input; it is never an argument. " +
        "The hash goes to standard output, alone on a line.",
    )
    .argument("[address]", "say how to store the hash for this mailbox or system user")
    .action(async (given?: string) => {
      const address = given === undefined ? undefined : mailAddress(given);
      // Not shown: it may be a password that somebody took for an argument.
      if (given !== undefined && address === undefined)
        throw new Error("the argument is not a mail address; the password is no argument, it is asked for");
      const result = await hashPassword(process.stdin.isTTY ? await askTwice() : await readPiped());
      process.stdout.write(`${result}\n`);
      // Where the hash goes down a pipe, the way to store it is known already.
      if (address !== undefined && process.stdout.isTTY) process.stderr.write(`\n${howToStore(address)}\n`);
    });
}

/** {BLF-CRYPT} and a bcrypt hash, as Dovecot takes it. Throws if the password is none to use. */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new Error(problem);
  return `{BLF-CRYPT}${await hash(password, cost)}`;
}

function passwordProblem(password: string): string | undefined {
  if (password === "") return "the password is empty";
  if (/\p{Cc}/u.test(password))
    return "the password has a control character in it, such as a tab or a second line; use printable characters";
  if ([...password].length < shortest) return `the password has fewer than ${shortest} characters; use a longer one`;
  if (truncates(password))
    return "the password is longer than 72 bytes, and bcrypt would silently ignore the rest; use a shorter one (letters with accents count as two bytes or more)";
  return undefined;
}

/** Exported for tests. */
export function howToStore(address: string): string {
  const set = `pulumi config set --secret --path 'mailserver:passwordHashes["${address}"]'`;
  return `To store it, run this and paste the hash when asked for the value:\n\n  ${set}\n\nOr both at once, with the hash through a pipe:\n\n  mailserver passwd | ${set}`;
}

async function askTwice(): Promise<string> {
  const password = await readHidden("Password: ");
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new Error(problem);
  if ((await readHidden("Again: ")) !== password) throw new Error("the two passwords differ");
  return password;
}

async function readPiped(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
