import * as pulumi from "@pulumi/pulumi";
import { BastionArgs, MailServer, MailServerArgs } from "./components";
import { settingValue } from "./plan/settings";

/** What a stack file says under `mailserver:`, whole: a key that is not known is reported, with the nearest one that is. */
function settings(): MailServerArgs {
  const namespace = `${pulumi.getProject()}:`;
  const config = new pulumi.Config();
  const secret = {
    passwordHashes: config.getSecretObject<{ [address: string]: string }>("passwordHashes"),
    operatorPrivateKey: config.getSecret("operatorPrivateKey"),
    bastion: config.getSecretObject<BastionArgs>("bastion"),
  };
  const plain = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(namespace))
    .map((key) => key.slice(namespace.length))
    .filter((key) => !(key in secret));
  return { ...Object.fromEntries(plain.map((key) => [key, settingValue(config.require(key))])), ...secret } as unknown as MailServerArgs;
}

const server = new MailServer("mail", settings());

export const { exchangers, client, records, todo } = server;
