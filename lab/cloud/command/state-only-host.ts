import { createHash } from "node:crypto";
import {
  applyCommand,
  backCommand,
  dkimCommand,
  emptyCommand,
  forgetCommand,
  hostKeyCommand,
  keysCommand,
  probeCommand,
  readyCommand,
} from "../../../cloud-init/door";
import type { CloudState } from "../state";
import type { Ran, Request } from "./ssh";

/**
 * In a lab without hosts, what stands behind an address: it answers the product's own commands as a host with that volume would, and refuses all others.
 * Keys follow from the volume's id, so that a new machine with the same volume has the same ones.
 */
export function answer(state: CloudState, { connection, command, stdin }: Request): Ran {
  const address = Object.values(state.addresses).find(({ publicIp }) => publicIp === connection.host);
  const instance = state.instances[address?.instanceId ?? ""];
  const volume = Object.values(state.volumes).find(({ attachment }) => attachment?.instanceId === instance?.id);
  if (instance?.state !== "running") throw new Error(`error dialing: ssh: ${connection.host}:${connection.port}: i/o timeout`);
  // The host's only SSH key is on its volume.
  if (volume === undefined) throw new Error(`error dialing: ssh: ${connection.host}:${connection.port}: connection refused`);
  if (connection.hostKey !== undefined && connection.hostKey.trim() !== sshKey(volume.id)) {
    throw new Error(`ssh: host key mismatch: ${connection.host} is not the host that was trusted before`);
  }

  if (new RegExp(`^${forgetCommand(0).replace(/0$/, "\\d+")}$`).test(command)) return done("");
  // The others end with an id.
  const [, id = "none"] = /# (\S+)$/.exec(command) ?? [];
  const [, sha256 = ""] = /\b([0-9a-f]{64})\b/.exec(command) ?? [];
  switch (command) {
    case hostKeyCommand(id):
      return done(sshKey(volume.id));
    case readyCommand(id):
      return done("ready");
    case keysCommand(id):
      return done(JSON.stringify({ peer: fingerprint(`${volume.id} peer`), tls: fingerprint(`${volume.id} tls`) }));
    case dkimCommand(id):
      return done(JSON.stringify(dkimKeys(volume.id, stdin)));
    case backCommand:
    case emptyCommand:
      return done("");
    case probeCommand(id):
      return done(JSON.stringify({ address: instance.privateIp, ports: [] }));
    case sha256 === "" ? undefined : applyCommand(id, sha256):
      return createHash("sha256").update(stdin).digest("hex") === sha256
        ? done(JSON.stringify({ bundle: sha256, serving: true }))
        : { status: 1, stdout: "", stderr: "what arrived is not the bundle that was announced; nothing was changed\n" };
    default:
      return { status: 127, stdout: "", stderr: `a lab without hosts cannot run: ${command}\n` };
  }
}

const done = (stdout: string): Ran => ({ status: 0, stdout: `${stdout}\n`, stderr: "" });

function sshKey(volumeId: string): string {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([field(Buffer.from("ssh-ed25519")), field(createHash("sha256").update(volumeId).digest())]);
  return `ssh-ed25519 ${blob.toString("base64")}`;
}

const fingerprint = (text: string): string =>
  [...createHash("sha256").update(text).digest()].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");

/** Of the right form and length; nobody signs with them. */
function dkimKeys(volumeId: string, lines: string): { [domain: string]: { [selector: string]: string } } {
  const keys: { [domain: string]: { [selector: string]: string } } = {};
  for (const line of lines.trim().split("\n")) {
    const [domain = "", selector = "", type = ""] = line.split(" ");
    const bytes = createHash("shake256", { outputLength: type === "ed25519" ? 32 : 294 })
      .update(`${volumeId} ${line}`)
      .digest();
    keys[domain] = { ...keys[domain], [selector]: bytes.toString("base64") };
  }
  return keys;
}
