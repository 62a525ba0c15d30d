import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PEER_PORT, ports } from "../cloud-init/ports";
import { Exchanger, MailboxServer, Operator } from "../plan/types";

/** An exchanger's security group, and its rules, one a port and address range. */
export interface Firewall {
  readonly groupId: pulumi.Output<string>;
  readonly rules: readonly pulumi.Resource[];
  /** Those of the peer port, by the key of the exchanger that they let in. */
  readonly peerRules: { readonly [key: string]: pulumi.CustomResource };
}

interface FirewallArgs {
  readonly exchanger: Exchanger;
  readonly mailboxServer: MailboxServer;
  readonly operator: Operator;
  /** The other exchangers by key: their addresses, and the keys that they had before. */
  readonly peers: { readonly [key: string]: { readonly address: pulumi.Input<string>; readonly aliases: readonly string[] } };
  readonly vpcId: pulumi.Output<string>;
  readonly tags: pulumi.Input<{ [key: string]: string }>;
  /** Without the host's name, which may change: a rule is found by its group. */
  readonly ruleTags: pulumi.Input<{ [key: string]: string }>;
}

const ANYWHERE = "0.0.0.0/0";

/** Mail ports from anywhere, SSH from the operator's ranges, the peer port from the other exchangers; everything out. The hosts have no IPv6 address. */
export function firewall(name: string, args: FirewallArgs, opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource }): Firewall {
  const { exchanger, mailboxServer, operator, peers, tags, ruleTags } = args;
  const region = exchanger.region;
  const child = { parent: opts.parent };
  const group = new aws.ec2.SecurityGroup(
    groupName(name),
    // A description cannot be changed later, so it says only what never changes; the exchanger's key is in the tags.
    { description: "Mail exchanger", vpcId: args.vpcId, region, tags },
    opts,
  );
  const ingress = (
    key: string,
    port: number,
    range: pulumi.Input<string>,
    description: string,
    formerKeys: readonly string[] = [],
  ): pulumi.CustomResource =>
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-in-${key}`,
      {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        ...cidr(range),
        description,
        region,
        tags: ruleTags,
      },
      { ...child, aliases: formerKeys.map((former) => ({ name: `${name}-in-${former}` })) },
    );
  const peerRules = Object.fromEntries(
    Object.entries(peers).map(([key, { address, aliases }]) => [
      key,
      ingress(
        `peer-${key}`,
        PEER_PORT,
        pulumi.interpolate`${address}/32`,
        `Handover and ETRN from exchanger ${key}`,
        aliases.map((former) => `peer-${former}`),
      ),
    ]),
  );
  const rules = [
    ...ports(exchanger.role, mailboxServer).map(({ port, description }) => ingress(String(port), port, ANYWHERE, description)),
    ...operator.addresses.map((range) => ingress(`ssh-${range.replace(/[^0-9a-f]+/g, "-")}`, 22, range, "SSH from the operator")),
    ...Object.values(peerRules),
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-out`,
      {
        securityGroupId: group.id,
        ipProtocol: "-1",
        cidrIpv4: ANYWHERE,
        description: "Mail to anywhere, packages, names, time",
        region,
        tags: ruleTags,
      },
      child,
    ),
  ];
  return { groupId: group.id, rules, peerRules };
}

const groupName = (name: string): string => `${name}-firewall`;

/**
 * Why a component of this name could have no security group; `undefined` if it can. EC2 takes 255 characters of these as the name of a group, without "sg-"
 * at the beginning (CreateSecurityGroup, `GroupName`); Pulumi adds a hyphen and seven digits to the resource's name. No other name that is made from the
 * component's leaves the state.
 */
export function nameProblem(name: string): string | undefined {
  if (/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,247}$/.test(groupName(name)) && !name.startsWith("sg-")) return undefined;
  return `"${name}" cannot be the name of a security group; give the component a shorter name of ASCII letters, digits and "-" that does not begin with "sg-".`;
}

function cidr(range: pulumi.Input<string>): { cidrIpv4: pulumi.Input<string> } | { cidrIpv6: pulumi.Input<string> } {
  return typeof range === "string" && range.includes(":") ? { cidrIpv6: range } : { cidrIpv4: range };
}
