/**
 * A mail system as a part of a stack of your own, from the npm package. Change the names, the key and the addresses, then:
 *
 *   npm install
 *   pulumi stack init production
 *   npx mailserver passwd | pulumi config set --secret --path 'passwordHashes["alice@example.test"]'
 *   AWS_REGION=eu-central-1 CLOUDFLARE_API_TOKEN=... pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import { MailServer } from "pulumi-mailserver";

const config = new pulumi.Config();

const mail = new MailServer("mail", {
  hostZone: { name: "example.test" },
  exchangers: {
    mx1: { role: "primary" },
    mx2: { role: "backup" },
  },
  domains: [
    {
      name: "example.test",
      mailboxes: { alice: {}, bob: {} },
      aliases: { sales: ["alice", "bob"] },
    },
  ],
  operator: {
    publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUtuSQq+zPs6CoJg/zzd5QvlD63DXXOQv5KlouVQOZ/ operator@example.test"],
    addresses: ["203.0.113.0/24"],
  },
  passwordHashes: config.requireSecretObject<{ [address: string]: string }>("passwordHashes"),
});

// An application of this stack sends its mail as one of the mailboxes.
export const submission = mail.client.apply((client) => client.submission);
export const todo = mail.todo;
