/** The mail system with many domains, ten mailboxes each. */
import * as pulumi from "@pulumi/pulumi";
import { MailServer } from "../../../components";
import { domainName } from "../../many-domains";

const MAILBOXES = 10;
/** Of no password. */
const HASH = `{BLF-CRYPT}$2y$05$${".".repeat(53)}`;

const config = new pulumi.Config();
const names = Array.from({ length: config.requireNumber("count") }, (_, index) => domainName(index));
const users = Array.from({ length: MAILBOXES }, (_, index) => `user${index}`);

new MailServer("mail", {
  hostZone: { name: "example.test" },
  exchangers: { mx1: { role: "primary" }, mx2: { role: "backup" } },
  domains: names.map((name) => ({ name, mailboxes: Object.fromEntries(users.map((user) => [user, {}])) })),
  operator: { publicKeys: [config.require("publicKey")], addresses: ["192.0.2.1/32"] },
  passwordHashes: pulumi.secret(Object.fromEntries(names.flatMap((name) => users.map((user) => [`${user}@${name}`, HASH])))),
});
