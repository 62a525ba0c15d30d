import { number, string, type Failure, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudState, SecurityGroupRule } from "../state";
import { isNetworkAddress } from "./cidr";
import { arn, existing, newId, regionOf, seen, tagged, tagsAll, tagsOf, text } from "./ec2";

/** AuthorizeSecurityGroupIngress, "Description". */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
/** VPC quotas, "Inbound or outbound rules per security group". */
const RULES_PER_GROUP = 60;
const PROTOCOLS = ["tcp", "udp", "icmp", "icmpv6", "-1"];
const MODIFY = ["ec2:ModifySecurityGroupRules", "ec2:DescribeSecurityGroupRules"];
const PEERS = ["cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"] as const;

const outputs = (rule: SecurityGroupRule): Properties => ({
  arn: arn(rule.region, "security-group-rule", rule.id),
  securityGroupRuleId: rule.id,
  securityGroupId: rule.securityGroupId,
  ipProtocol: rule.ipProtocol,
  region: rule.region,
  ...(rule.fromPort === undefined ? {} : { fromPort: rule.fromPort }),
  ...(rule.toPort === undefined ? {} : { toPort: rule.toPort }),
  ...(rule.cidrIpv4 === undefined ? {} : { cidrIpv4: rule.cidrIpv4 }),
  ...(rule.cidrIpv6 === undefined ? {} : { cidrIpv6: rule.cidrIpv6 }),
  ...(rule.referencedSecurityGroupId === undefined ? {} : { referencedSecurityGroupId: rule.referencedSecurityGroupId }),
  ...(rule.description === undefined ? {} : { description: rule.description }),
  tags: rule.tags,
  tagsAll: rule.tags,
});

function check(inputs: Properties): Failure[] {
  const failures: Failure[] = [];
  // An unknown peer is not among the inputs, so none at all may be right.
  if (PEERS.filter((name) => inputs[name] !== undefined).length > 1) {
    failures.push({ property: "", reason: `exactly one of ${PEERS.join(", ")} may be given` });
  }
  if (inputs.ipProtocol === "-1" && (inputs.fromPort !== undefined || inputs.toPort !== undefined)) {
    failures.push({ property: "fromPort", reason: 'a rule for all protocols ("-1") has no ports' });
  }
  if (inputs.ipProtocol === "tcp" || inputs.ipProtocol === "udp") {
    const { fromPort, toPort } = inputs;
    if (typeof fromPort === "number" && typeof toPort === "number" && fromPort > toPort) {
      failures.push({ property: "fromPort", reason: `Invalid TCP/UDP port range (${fromPort}:${toPort})` });
    }
  }
  return failures;
}

const port = number({
  check: (value) => (Number.isInteger(value) && Number(value) >= -1 && Number(value) <= 65535 ? undefined : "a port is 0 to 65535, or -1"),
});

const samePeerAndPorts = (a: SecurityGroupRule, b: SecurityGroupRule): boolean =>
  a.securityGroupId === b.securityGroupId &&
  a.direction === b.direction &&
  a.ipProtocol === b.ipProtocol &&
  a.fromPort === b.fromPort &&
  a.toPort === b.toPort &&
  PEERS.every((name) => a[name] === b[name]);

/** What AuthorizeSecurityGroupIngress/Egress and ModifySecurityGroupRules refuse. */
function accept(state: CloudState, rule: SecurityGroupRule): void {
  existing(
    state.securityGroups,
    rule.securityGroupId,
    rule.region,
    "InvalidGroup.NotFound",
    `The security group '${rule.securityGroupId}' does not exist`,
  );
  const peer = rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.referencedSecurityGroupId;
  if (peer === undefined) {
    throw new ServiceError("MissingParameter", "The request must contain exactly one of: CidrIp, CidrIpv6, PrefixListId, or GroupId");
  }
  if (rule.referencedSecurityGroupId !== undefined) {
    existing(
      state.securityGroups,
      rule.referencedSecurityGroupId,
      rule.region,
      "InvalidGroup.NotFound",
      `The security group '${rule.referencedSecurityGroupId}' does not exist`,
    );
  }
  if (rule.ipProtocol !== "-1" && (rule.fromPort === undefined || rule.toPort === undefined)) {
    throw new ServiceError(
      "MissingParameter",
      `The request must contain the parameter ${rule.fromPort === undefined ? "fromPort" : "toPort"}`,
    );
  }
  if (!DESCRIPTION.test(rule.description ?? "")) {
    throw new ServiceError(
      "InvalidParameterValue",
      "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
    );
  }
  const others = Object.values(state.securityGroupRules).filter((other) => other.id !== rule.id);
  // EC2 error codes, InvalidPermission.Duplicate.
  if (others.some((other) => samePeerAndPorts(other, rule))) {
    const ports = rule.ipProtocol === "-1" ? "" : `, from port: ${rule.fromPort}, to port: ${rule.toPort}`;
    const protocol = rule.ipProtocol === "-1" ? "ALL" : rule.ipProtocol.toUpperCase();
    throw new ServiceError("InvalidPermission.Duplicate", `the specified rule "peer: ${peer}, ${protocol}${ports}, ALLOW" already exists`);
  }
  const sameGroup = others.filter((other) => other.securityGroupId === rule.securityGroupId && other.direction === rule.direction);
  // Each version of IP has the quota for itself; a rule that names a group counts for both.
  const isFull = (version: "cidrIpv4" | "cidrIpv6"): boolean => {
    const counts = (one: SecurityGroupRule): boolean => one[version] !== undefined || one.referencedSecurityGroupId !== undefined;
    return counts(rule) && sameGroup.filter(counts).length >= RULES_PER_GROUP;
  };
  if (isFull("cidrIpv4") || isFull("cidrIpv6")) {
    throw new ServiceError("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
  }
}

function ruleOf(id: string, region: string, direction: SecurityGroupRule["direction"], inputs: Properties): SecurityGroupRule {
  const rule: SecurityGroupRule = {
    id,
    region,
    securityGroupId: text(inputs.securityGroupId),
    direction,
    ipProtocol: text(inputs.ipProtocol),
    tags: tagsOf(inputs),
  };
  if (typeof inputs.fromPort === "number") rule.fromPort = inputs.fromPort;
  if (typeof inputs.toPort === "number") rule.toPort = inputs.toPort;
  for (const name of [...PEERS, "description"] as const) if (typeof inputs[name] === "string") rule[name] = inputs[name];
  return rule;
}

/** A rule keeps the kind of its source or destination (ModifyPlan of the same file): another kind is another rule. */
const changesKind = (inputs: Properties, before: Properties): boolean =>
  PEERS.some((name) => (inputs[name] === undefined) !== (before[name] === undefined));

/** `terraform-provider-aws`'s validator wants the network's own address. */
const network = (version: 4 | 6) =>
  string({
    replaces: changesKind,
    check: (value) =>
      isNetworkAddress(text(value), version)
        ? undefined
        : `value must be a valid IPv${version} CIDR that represents a network address, got: ${text(value)}`,
  });

const definition = (token: string, direction: SecurityGroupRule["direction"]): ResourceDefinition => ({
  token,
  inputs: {
    cidrIpv4: network(4),
    cidrIpv6: network(6),
    description: string(),
    fromPort: port,
    ipProtocol: string({
      required: true,
      check: (value) => (PROTOCOLS.includes(text(value)) ? undefined : `one of ${PROTOCOLS.join(", ")}; "${text(value)}" is not`),
    }),
    referencedSecurityGroupId: string({ replaces: changesKind }),
    securityGroupId: string({ required: true, replaces: true }),
    toPort: port,
    ...tagged,
  },
  notSimulated: ["prefixListId"],
  // terraform-provider-aws, internal/service/ec2/vpc_security_group_ingress_rule.go.
  calls: {
    create: {
      always: [
        direction === "ingress" ? "ec2:AuthorizeSecurityGroupIngress" : "ec2:AuthorizeSecurityGroupEgress",
        "ec2:DescribeSecurityGroupRules",
      ],
      with: { tags: ["ec2:CreateTags"] },
    },
    read: { always: ["ec2:DescribeSecurityGroupRules"] },
    update: {
      always: [],
      with: {
        cidrIpv4: MODIFY,
        cidrIpv6: MODIFY,
        description: MODIFY,
        fromPort: MODIFY,
        ipProtocol: MODIFY,
        referencedSecurityGroupId: MODIFY,
        toPort: MODIFY,
        tags: ["ec2:CreateTags", "ec2:DeleteTags"],
      },
    },
    delete: { always: [direction === "ingress" ? "ec2:RevokeSecurityGroupIngress" : "ec2:RevokeSecurityGroupEgress"] },
  },
  computed: { arn: "kept", securityGroupRuleId: "kept", tagsAll },
  check,

  async create(inputs, context) {
    const rule = await context.cloud.change((state) => {
      const made = ruleOf(newId("sgr"), regionOf(inputs, context), direction, inputs);
      accept(state, made);
      return (state.securityGroupRules[made.id] = made);
    });
    return { id: rule.id, outputs: { ...inputs, ...outputs(rule) } };
  },

  async read(id, previous, context) {
    const rule = seen(context.cloud.read().securityGroupRules, id, regionOf(previous, context));
    return rule === undefined ? undefined : outputs(rule);
  },

  async update(id, inputs, _previous, context) {
    const region = regionOf(inputs, context);
    const rule = await context.cloud.change((state) => {
      existing(
        state.securityGroupRules,
        id,
        region,
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
      );
      const changed = ruleOf(id, region, direction, inputs);
      accept(state, changed);
      return (state.securityGroupRules[id] = changed);
    });
    return { ...inputs, ...outputs(rule) };
  },

  async delete(id, _outputs, { cloud }) {
    // Gone already: the provider takes InvalidSecurityGroupRuleId.NotFound as done.
    await cloud.change((state) => {
      delete state.securityGroupRules[id];
    });
  },
});

export const securityGroupIngressRule = definition("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress");
export const securityGroupEgressRule = definition("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress");
