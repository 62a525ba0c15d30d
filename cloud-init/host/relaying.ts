import type { MailPlan, RelayClient } from "../../plan/types";
import type { View } from "../template";
import type { Peer } from "../types";

/** Clients that relay through the primary without logging in: what main.cf and its maps say of them. */

/** For main.cf; `undefined` where there is none, and then main.cf has no line of it. */
export function relayingClients(plan: MailPlan): View | undefined {
  if (plan.relayClients.length === 0) return undefined;
  return { clients: plan.relayClients.map((client) => ({ name: client.name, class: className(client), senders: sendersFile(client) })) };
}

/**
 * Address -> class, address -> permit, and a list of senders a client.
 *
 * @param peers The other exchangers: their addresses come first and are nothing here, whatever range they are in. What they hand over, they hand over on the
 *   peer port.
 */
export function relayFiles(plan: MailPlan, peers: readonly Peer[]): { readonly path: string; readonly content: string }[] {
  if (plan.relayClients.length === 0) return [];
  const others = peers.map(({ address }) => `${checked(address)}/32 dunno\n`).join("");
  const ranges = (result: (client: RelayClient) => string): string =>
    others + plan.relayClients.flatMap((client) => client.addresses.map((range) => `${checked(range)} ${result(client)}\n`)).join("");
  return [
    { path: "etc/postfix/relay_clients.cidr", content: ranges(className) },
    { path: "etc/postfix/relay_networks.cidr", content: ranges(() => "permit") },
    ...plan.relayClients.map((client) => ({
      path: `etc/postfix/${sendersFile(client)}`,
      content: client.senders.map((sender) => `${checked(sender)} permit\n`).join(""),
    })),
  ];
}

/** A restriction class; a prefix that no parameter of Postfix begins with. */
const className = ({ name }: RelayClient): string => `relay_client_${checked(name).replaceAll("-", "_")}`;

const sendersFile = ({ name }: RelayClient): string => `relay_senders_${checked(name)}`;

/** The parser lets nothing else through; no other caller can put a line of its own into a map. */
function checked(word: string): string {
  if (!/^[a-z0-9._@/-]+$/.test(word)) throw new Error(`${JSON.stringify(word)} cannot stand in a map`);
  return word;
}
