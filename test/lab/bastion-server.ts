/** An SSH server that lets one key through to anywhere and runs nothing, as a bastion does, until its standard input ends. Prints `ready`, then where each connection goes. */
import { connect } from "node:net";
import { Server, utils } from "ssh2";
import { sshKeyPair } from "../../lab/ssh-key-pair";
import { bastion } from "../examples/changes";

const permitted = utils.parseKey(process.argv[2] ?? "");
if (permitted instanceof Error) throw permitted;

new Server({ hostKeys: [sshKeyPair().private] }, (client) => {
  client.on("error", () => {});
  client.on("authentication", (context) => {
    const isPermitted =
      context.method === "publickey" &&
      context.username === bastion.user &&
      context.key.data.equals(permitted.getPublicSSH()) &&
      (context.signature === undefined || permitted.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) === true);
    if (isPermitted) context.accept();
    else context.reject(["publickey"]);
  });
  client.on("tcpip", (accept, reject, { destIP, destPort }) => {
    const onward = connect(destPort, destIP);
    onward.once("error", () => reject());
    onward.once("connect", () => {
      process.stdout.write(`${destIP}:${destPort}\n`);
      const channel = accept();
      channel.on("error", () => onward.destroy());
      onward.on("error", () => channel.destroy());
      channel.pipe(onward).pipe(channel);
    });
  });
}).listen(bastion.port, bastion.host, () => process.stdout.write("ready\n"));

process.stdin.resume().once("end", () => process.exit());
