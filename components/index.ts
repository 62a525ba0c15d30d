export { BastionArgs } from "./bastion";
export { MailExchanger, MailExchangerArgs, PeerArgs } from "./mailExchanger";
export { MailDns, MailDnsArgs, MailHostArgs } from "./mailDns";
export { MailServer, MailServerArgs } from "./mailServer";
export { ClientEndpoint, ClientSettings, ExchangerEndpoint } from "./outputs";
export * from "../plan/declaration";
