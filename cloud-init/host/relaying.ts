import type { MailPlan, RelayClient } from "../../plan/types";
import type { View } from "../template";
import type { Peer } from "../types";

/** Clients that relay through the primary without logging in: what main.cf and its maps say of them, and lib/sending reads. */

/** For main.cf; `undefined` where there is none, and then main.cf has no line of it. */
export function relayingClients(plan: MailPlan): View | undefined {
  if (plan.relayClients.length === 0) return undefined;
  return { clients: plan.relayClients.map((client) => ({ name: client.name, class: className(client), senders: sendersFile(client) })) };
}

/**
 * Address -> class, address -> permit, address -> milter, and a list of senders a client.
 *
 * @param peers The other exchangers: their addresses come first and are nothing here, whatever range they are in. What they hand over, they hand over on the
 *   peer port.
 */
export function relayFiles(plan: MailPlan, peers: readonly Peer[]): { readonly path: string; readonly content: string }[] {
  if (plan.relayClients.length === 0) return [];
  const ranges = (result: (client: RelayClient) => string, nothing = "dunno"): string =>
    peers.map(({ address }) => `${checked(address)}/32 ${nothing}\n`).join("") +
    plan.relayClients.flatMap((client) => client.addresses.map((range) => `${checked(range)} ${result(client)}\n`)).join("");
  return [
    { path: "etc/postfix/relay_clients.cidr", content: ranges(className) },
    { path: "etc/postfix/relay_networks.cidr", content: ranges(() => "permit") },
    { path: "etc/postfix/relay_milters.cidr", content: ranges(() => SENDING_MILTER, "DISABLE") },
    ...plan.relayClients.map((client) => ({
      path: `etc/postfix/${sendersFile(client)}`,
      content: client.senders.map((sender) => `${checked(sender)} permit\n`).join(""),
    })),
  ];
}

/** As in main.cf; while it does not answer, mail is put off. */
const SENDING_MILTER = "{ unix:/run/mailserver-sending/socket, default_action=tempfail }";

/** A restriction class; a prefix that no parameter of Postfix begins with. */
const className = ({ name }: RelayClient): string => `relay_client_${checked(name).replaceAll("-", "_")}`;

/** Ends as the class does. */
const sendersFile = ({ name }: RelayClient): string => `relay_senders_${checked(name).replaceAll("-", "_")}`;

/** The parser lets nothing else through; no other caller can put a line of its own into a map. */
function checked(word: string): string {
  if (!/^[a-z0-9._@/-]+$/.test(word)) throw new Error(`${JSON.stringify(word)} cannot stand in a map`);
  return word;
}
