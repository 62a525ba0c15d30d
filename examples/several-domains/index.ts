/**
 * Several domains, two in zones of their own and one below a zone, on one primary and one backup. Change domains.ts, the key and the addresses, then:
 *
 *   npm install
 *   pulumi stack init production
 *   AWS_REGION=eu-central-1 CLOUDFLARE_API_TOKEN=... pulumi up
 *
 * Mailboxes take mail at once; for people to log in, see passwordHashes in ../component.
 */
import { MailServer } from "pulumi-mailserver";
import { domains } from "./domains";

const mail = new MailServer("mail", {
  hostZone: { name: "example.test" },
  exchangers: {
    mx1: { role: "primary" },
    mx2: { role: "backup" },
  },
  domains,
  operator: {
    publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUtuSQq+zPs6CoJg/zzd5QvlD63DXXOQv5KlouVQOZ/ operator@example.test"],
    addresses: ["203.0.113.0/24"],
  },
});

export const { exchangers, records } = mail;
