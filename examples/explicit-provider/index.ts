/**
 * In another account and region than the rest of the stack: every resource and every look-up uses the providers that are passed, and only those.
 * Change the profile, the names, the key and the addresses, then:
 *
 *   npm install
 *   pulumi stack init production
 *   pulumi config set --secret cloudflareToken
 *   pulumi up
 */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { MailServer } from "pulumi-mailserver";

const config = new pulumi.Config();

const post = new aws.Provider("post", {
  profile: "post",
  region: "eu-west-1",
  defaultTags: { tags: { team: "post" } },
});
const names = new cloudflare.Provider("names", { apiToken: config.requireSecret("cloudflareToken") });

const mail = new MailServer(
  "mail",
  {
    hostZone: { name: "example.test" },
    exchangers: { mx1: { role: "primary" }, mx2: { role: "backup" } },
    domains: [{ name: "example.test", mailboxes: { alice: {} } }],
    operator: {
      publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUtuSQq+zPs6CoJg/zzd5QvlD63DXXOQv5KlouVQOZ/ operator@example.test"],
      addresses: ["203.0.113.0/24"],
    },
  },
  { providers: [post, names] },
);

export const { exchangers } = mail;
