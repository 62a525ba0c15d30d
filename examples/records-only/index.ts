/**
 * The records of a mail domain whose hosts are run elsewhere: no AWS account, no host, only DNS. Change the names and addresses, then:
 *
 *   npm install
 *   pulumi stack init production
 *   CLOUDFLARE_API_TOKEN=... pulumi up
 */
import { MailDns } from "pulumi-mailserver";

const exchangers = {
  mx1: { name: "mx1.hosting.test", role: "primary", address: "192.0.2.10" },
  mx2: { name: "mx2.hosting.test", role: "backup", address: "198.51.100.20" },
};

for (const domain of ["example.test", "club.test"]) new MailDns(domain, { domain, exchangers });
