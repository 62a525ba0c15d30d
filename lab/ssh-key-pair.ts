import { utils } from "ssh2";

/** An Ed25519 key pair in OpenSSH's formats. */
export function sshKeyPair(comment = ""): { readonly public: string; readonly private: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519", { comment });
    // One pair of 256 lacks the zero its public key begins with, and no program takes it (ssh2's issue 1390).
    const isWhole = [pair.private, pair.public].every((text) => !(utils.parseKey(text) instanceof Error));
    if (isWhole) return pair;
  }
}
