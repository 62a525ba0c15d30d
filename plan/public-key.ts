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
  const [name, ...rest] = sshStrings(blob) ?? [];
  if (name === undefined || rest.length === 0) return "The key's base64 is cut short or damaged; copy the line of the .pub file again";
  if (name.toString("latin1") !== type)
    return `The first word says "${type}", the key inside is of another type; copy the line of the .pub file again`;
  if (!isWhole(type, rest)) return `The key inside is not a whole ${type} key; copy the line of the .pub file again`;
  const bits = type === "ssh-rsa" ? bitLength(rest[1]) : undefined;
  if (bits !== undefined && (bits < shortestRsa || bits > longestRsa))
    return `The RSA key has ${bits} bits, and sshd takes ${shortestRsa} to ${longestRsa}; make another with: ssh-keygen -t ed25519`;
  return undefined;
}

/** sshd's RequiredRSASize (sshd_config(5)), and OPENSSL_RSA_MAX_MODULUS_BITS. */
const shortestRsa = 1024;
const longestRsa = 16_384;

/** What follows the type: RFC 4253 section 6.6 (RSA: e, n), RFC 5656 section 3.1 (curve, point), RFC 8709 section 4, and for `sk-` an application (OpenSSH, PROTOCOL.u2f). */
function isWhole(type: string, rest: readonly Buffer[]): boolean {
  const fields = type.startsWith("sk-") ? rest.slice(0, -1) : rest;
  if (type === "ssh-rsa") return fields.length === 2;
  if (type.includes("ed25519")) return fields.length === 1 && fields[0]?.length === 32;
  const curve = /nistp(\d+)/.exec(type);
  const [name, point] = fields;
  // An uncompressed point (SEC 1 section 2.3.3): 04, then both coordinates.
  return (
    fields.length === 2 &&
    name?.toString("latin1") === curve?.[0] &&
    point?.[0] === 4 &&
    point.length === 1 + 2 * Math.ceil(Number(curve?.[1]) / 8)
  );
}

const bitLength = (number: Buffer | undefined): number => BigInt(`0x0${number?.toString("hex") ?? ""}`).toString(2).length;

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
