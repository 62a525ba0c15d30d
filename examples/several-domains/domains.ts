import type { DomainDeclaration } from "pulumi-mailserver";

/** A file of its own, so that a change of it is a change of mailboxes and nothing else. */
export const domains: DomainDeclaration[] = [
  // The first one names system users and gets the hosts' own mail.
  {
    name: "example.test",
    mailboxes: { alice: {}, bob: {} },
    aliases: { sales: ["alice", "bob"], info: ["office@club.test"] },
  },
  {
    name: "club.test",
    mailboxes: { office: {} },
    aliases: { board: ["office", "alice@example.test"] },
  },
  // A domain below another one's zone.
  {
    name: "staff.school.test",
    zone: { name: "school.test" },
    mailboxes: { head: {} },
  },
];
