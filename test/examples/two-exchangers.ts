import type { Declaration } from "../../plan/declaration";

/** A primary and a backup for two domains: what most declarations hold. The key's private half was thrown away. */
export const twoExchangers: Declaration = {
  hostZone: { name: "example.test" },
  exchangers: {
    mx1: { role: "primary", preference: 10 },
    mx2: { role: "backup", preference: 20 },
  },
  domains: [
    {
      name: "example.test",
      mailboxes: { alice: {}, bob: {} },
      aliases: { sales: ["alice", "bob"] },
    },
    {
      name: "club.test",
      mailboxes: { carol: {} },
    },
  ],
  systemUsers: { master: { home: "/usr/master" } },
  operator: {
    publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBUtuSQq+zPs6CoJg/zzd5QvlD63DXXOQv5KlouVQOZ/ operator@example.test"],
    addresses: ["203.0.113.0/24"],
  },
};
