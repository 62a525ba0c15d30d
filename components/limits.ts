import { renderUserData, UserDataTooLarge } from "../cloud-init/bootstrap/user-data";
import { hostBundle, servingBundle } from "../cloud-init/host/bundle";
import { ports } from "../cloud-init/ports";
import { HostFacts } from "../cloud-init/types";
import { planRecords } from "../dns/records";
import { Exchanger, MailPlan, Problem } from "../plan/types";

/**
 * What the services take at most, looked at before anything is made. What nobody can raise is a problem of the declaration; what AWS or Cloudflare raise on
 * request is a note, since whether they have is known to them alone.
 */

/** Rules of all security groups of a network interface; ours has one group (VPC User Guide, "Amazon VPC quotas"). */
const mostRules = 1000;
/** Default quota of the same page, of each address family by itself. */
const usualRules = 60;
/** Default quota of Elastic IPs in a region (EC2 User Guide, "Elastic IP addresses"). */
const usualAddresses = 5;

/** Virtual CPUs that a new account starts with, and those of the smallest types of today (EC2 user guide, "Amazon EC2 instance type quotas", and instance types). */
const usualVcpus = 5;
const fewestVcpus = 2;
/** Content of all records of one name and type together (Cloudflare, "DNS record types"). */
const longestContent = 8192;
/** Records of a zone on the Free plan (Cloudflare, "DNS", "Number of records"). */
const usualRecords = 200;
/** What the receiver of bundles takes: LIMIT in `cloud-init/bootstrap/mailserver`. */
const largestBundle = 64 << 20;
/** The longest hash that `passwordHashes` takes (crypt's SHA-512 with its scheme, salt and rounds), with what JSON adds. */
const longestHash = 160;
/** What else is in a line of an app password. */
const longestFields = 60;

export function limitProblems(plan: MailPlan): Problem[] {
  return plan.exchangers.flatMap((exchanger) => [
    ...userDataProblems(plan, exchanger),
    ...bundleProblems(plan, exchanger),
    ...ruleProblems(plan, exchanger),
    ...(exchanger === plan.exchangers[0] ? mxProblems(plan) : []),
  ]);
}

/** What to ask for before it is refused, in words. */
export function quotaNotes(plan: MailPlan): string[] {
  return [...regionNotes(plan), ...ruleNotes(plan), ...recordNotes(plan)];
}

/** Only ids and addresses are not known yet; they are as long as these. */
const UNKNOWN = { volumeId: "vol-0f3c9a17be58d264e", address: "255.255.255.255", fingerprint: Array<string>(32).fill("FF").join(":") };

function userDataProblems(plan: MailPlan, exchanger: Exchanger): Problem[] {
  const bundle = hostBundle(plan, exchanger, { address: UNKNOWN.address, peers: [] });
  try {
    renderUserData({ plan, exchanger, volumeId: UNKNOWN.volumeId, bundle });
    return [];
  } catch (error) {
    if (error instanceof UserDataTooLarge) return [{ path: `exchangers.${exchanger.key}`, message: error.message }];
    throw error;
  }
}

function bundleProblems(plan: MailPlan, exchanger: Exchanger): Problem[] {
  const facts: HostFacts = {
    address: UNKNOWN.address,
    peers: plan.exchangers
      .filter(({ key }) => key !== exchanger.key)
      .map(({ key, role, fqdn }) => ({ key, role, fqdn, address: UNKNOWN.address, fingerprint: UNKNOWN.fingerprint })),
  };
  const mailboxes = plan.domains.flatMap((domain) => domain.mailboxes);
  // An app password has a line for each service, with the address in it twice and its name.
  const ofApps = mailboxes.flatMap(({ address, appPasswords }) =>
    appPasswords.map(({ name, services }) => services.length * (longestHash + 2 * (address.length + name.length) + longestFields)),
  );
  const size =
    servingBundle(plan, exchanger, facts, {}).text.length +
    (plan.systemUsers.length + mailboxes.length) * longestHash +
    ofApps.reduce((sum, line) => sum + line, 0);
  if (size <= largestBundle) return [];
  return [
    {
      path: "domains",
      message: `The configuration of exchanger "${exchanger.key}" would have ${size} bytes, and a host takes ${largestBundle}; declare fewer addresses in one mail system.`,
    },
  ];
}

function rulesOf(plan: MailPlan, exchanger: Exchanger): { readonly IPv4: number; readonly IPv6: number } {
  const IPv6 = plan.operator.addresses.filter((range) => range.includes(":")).length;
  return {
    IPv4: ports(exchanger.role, plan.mailboxServer).length + plan.operator.addresses.length - IPv6 + plan.exchangers.length - 1,
    IPv6,
  };
}

function ruleProblems(plan: MailPlan, exchanger: Exchanger): Problem[] {
  const { IPv4, IPv6 } = rulesOf(plan, exchanger);
  if (IPv4 + IPv6 <= mostRules) return [];
  return [
    {
      path: "operator.addresses",
      message: `The firewall of exchanger "${exchanger.key}" would have ${IPv4 + IPv6} rules, one for each of these ranges among them, and EC2 takes ${mostRules} at most; give fewer ranges, or a bastion's.`,
    },
  ];
}

function mxProblems(plan: MailPlan): Problem[] {
  const size = plan.exchangers.reduce((sum, { fqdn }) => sum + fqdn.length, 0);
  if (size <= longestContent) return [];
  return [
    {
      path: "exchangers",
      message: `The names of ${plan.exchangers.length} exchangers have ${size} characters, and Cloudflare takes ${longestContent} in the MX records of one domain; declare fewer exchangers.`,
    },
  ];
}

function regionNotes(plan: MailPlan): string[] {
  const regions = new Map<string, number>();
  for (const { region = "the provider's region" } of plan.exchangers) regions.set(region, (regions.get(region) ?? 0) + 1);
  return [...regions].flatMap(([region, count]) => [
    ...(count > usualAddresses
      ? [
          `Elastic IPs: ${count} are needed in ${region}, and an account has ${usualAddresses} a region until AWS raises the quota (Service Quotas, "EC2-VPC Elastic IPs").`,
        ]
      : []),
    ...(count * fewestVcpus > usualVcpus
      ? [
          `Machines: ${count} in ${region} have at least ${count * fewestVcpus} virtual CPUs, and a new account has ${usualVcpus} a region until AWS raises the quota ` +
            '(Service Quotas, "Running On-Demand Standard instances").',
        ]
      : []),
  ]);
}

function ruleNotes(plan: MailPlan): string[] {
  const most = Math.max(...plan.exchangers.flatMap((exchanger) => Object.values(rulesOf(plan, exchanger))));
  return most <= usualRules
    ? []
    : [
        `Firewall: a security group needs ${most} inbound rules, and an account has ${usualRules} a group until AWS raises the quota ` +
          '(Service Quotas, "Inbound or outbound rules per security group").',
      ];
}

function recordNotes(plan: MailPlan): string[] {
  const zones = [plan.hostZone, ...[...plan.domains, ...plan.parkedDomains].map(({ zone }) => zone)].map(({ name }) => name);
  const names = planRecords(plan).flatMap(({ name }) => (name === "" ? [] : [name]));
  return [...new Set(zones)].flatMap((zone) => {
    const count = names.filter((name) => name === zone || name.endsWith(`.${zone}`)).length;
    return count <= usualRecords
      ? []
      : [
          `Cloudflare: ${count} records are needed in the zone ${zone}, and a zone on the Free plan has ${usualRecords} (a larger plan has more).`,
        ];
  });
}
