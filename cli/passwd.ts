import { randomBytes } from "node:crypto";
import { hash, truncates } from "bcryptjs";
import { Command } from "commander";
import { mailAddress } from "../plan/mail-address";
import { isLabel } from "../plan/names";
import { hashKey } from "../plan/password-hashes";
import { readHidden } from "./hidden-input";

/**
 * bcrypt's cost, the power of two of its rounds: 10 is the least that OWASP's Password Storage Cheat Sheet allows, and takes some 0.1 s of a small machine.
 * Mail clients log in all day, and more would let a few of them, or somebody guessing, take the host's whole processor.
 */
const cost = 10;

/** A generated password cannot be guessed, whatever a guess costs (SP 800-63B allows a fast hash from 112 bits on); bcrypt takes no less than this. */
const generatedCost = 4;

/** Five groups of five of 32 letters and digits, none of which looks like another: 125 bits. */
const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

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
    .option("--app <name>", "make an app password of this name for the mailbox: generated, and shown this once, on standard error")
    .action(async (given: string | undefined, { app }: { app?: string }) => {
      const address = given === undefined ? undefined : mailAddress(given);
      // Not shown: it may be a password that somebody took for an argument.
      if (given !== undefined && address === undefined)
        throw new Error("the argument is not a mail address; the password is no argument, it is asked for");
      if (app !== undefined && !isLabel(app))
        throw new Error(
          'the name of an app password has lower-case letters, digits and "-" only, such as phone; the password is generated',
        );
      if (app !== undefined && address === undefined) throw new Error("an app password belongs to a mailbox; give its address too");
      let result: string;
      if (app === undefined) result = await hashPassword(process.stdin.isTTY ? await askTwice() : await readPiped());
      else {
        const password = generatedPassword();
        result = await bcrypt(password, generatedCost);
        process.stderr.write(`App password ${app} of ${address}, shown this once:\n\n  ${password}\n\n`);
      }
      process.stdout.write(`${result}\n`);
      // Where the hash goes down a pipe, the way to store it is known already.
      if (address !== undefined && process.stdout.isTTY)
        process.stderr.write(`\n${howToStore(hashKey({ address, app }), app === undefined ? "" : ` ${address} --app ${app}`)}\n`);
    });
}

function generatedPassword(): string {
  const letters = [...randomBytes(25)].map((byte) => alphabet[byte % alphabet.length]).join("");
  return (letters.match(/.{5}/g) ?? []).join("-");
}

const bcrypt = async (password: string, rounds: number): Promise<string> => `{BLF-CRYPT}${await hash(password, rounds)}`;

/** {BLF-CRYPT} and a bcrypt hash, as Dovecot takes it. Throws if the password is none to use. */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new Error(problem);
  return bcrypt(password, cost);
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

/** @param again what makes another hash of this kind, after `mailserver passwd` */
function howToStore(key: string, again: string): string {
  const set = `pulumi config set --secret --path 'mailserver:passwordHashes["${key}"]'`;
  return `To store it, run this and paste the hash when asked for the value:\n\n  ${set}\n\nOr both at once, with the hash through a pipe:\n\n  mailserver passwd${again} | ${set}`;
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
