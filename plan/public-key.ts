/** Key types that Debian 13's sshd accepts (sshd_config(5), PubkeyAcceptedAlgorithms), without certificates. */
const types = [
  "ssh-ed25519",
  "sk-ssh-ed25519@openssh.com",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ecdsa-sha2-nistp256@openssh.com",
  "ssh-rsa",
];

/**
 * Why a text is not a public SSH key in one line of `authorized_keys`: TYPE BASE64 [COMMENT], without options. `undefined` if it is one.
 * The message never has the text in it: it may be a private key.
 */
export function publicKeyProblem(text: string): string | undefined {
  if (text.includes("PRIVATE KEY"))
    return "This is a private key, which belongs nowhere but on its owner's machine; give the public one (the .pub file)";
  // The comment goes to the host's authorized_keys; only plain characters are taken, so that it can be nothing else there.
  const match = /^(?<type>\S+) (?<body>\S+)(?: (?<comment>[\w@.,:+/() -]*))?$/.exec(text);
  if (match?.groups === undefined) {
    return 'Expected one line "TYPE BASE64 COMMENT" as in a .pub file, without options and line ends, the comment (letters, digits, "@", ".", "-") optional';
  }
  const { type = "", body = "" } = match.groups;
  if (!types.includes(type)) return `The first word is not a key type that the hosts accept; take one of ${types.join(", ")}`;
  const blob = Buffer.from(body, "base64");
  // Buffer skips what is not base64; only a text that comes back the same was base64 throughout.
  if (blob.toString("base64") !== body) return "The second word is not base64; copy the line of the .pub file again";
  // RFC 4253 section 6.6: the blob is a list of strings, each with its length in 4 octets before it; the first is the type.
  const fields = sshStrings(blob);
  if (fields === undefined || fields.length < 2) return "The key's base64 is cut short or damaged; copy the line of the .pub file again";
  if (fields[0]?.toString("latin1") !== type)
    return `The first word says ${type}, the key inside is of another type; copy the line of the .pub file again`;
  return undefined;
}

/** The length-prefixed strings of an SSH key blob (RFC 4251 section 5); `undefined` if the lengths do not fit. */
function sshStrings(blob: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}
