import { string, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { SecurityGroup } from "../state";
import { ACCOUNT } from "../initial-state";
import { arn, existing, flag, inRegion, newId, regionOf, seen, tagged, tagsAll, tagsOf, text } from "./ec2";

/** CreateSecurityGroup, "GroupDescription" and "GroupName": the characters that a VPC group takes. */
const ALLOWED = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/;
/** VPC quotas, "VPC security groups per Region". */
const GROUPS_PER_REGION = 2500;

/** What CreateSecurityGroup answers to a name or a description; the text of a name follows the one of a description, which is known. */
function acceptText(parameter: "GroupName" | "GroupDescription", value: string): void {
  if (value === "") throw new ServiceError("MissingParameter", `The request must contain the parameter ${parameter}`);
  if (/\P{ASCII}/u.test(value)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (!ALLOWED.test(value)) {
    const kind = parameter === "GroupName" ? "name" : "description";
    throw new ServiceError(
      "InvalidParameterValue",
      `Invalid security group ${kind}. Valid ${kind}s are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
    );
  }
}

const outputs = (group: SecurityGroup): Properties => ({
  arn: arn(group.region, "security-group", group.id),
  description: group.description,
  name: group.name,
  ownerId: ACCOUNT,
  region: group.region,
  tags: group.tags,
  tagsAll: group.tags,
  vpcId: group.vpcId,
});

export const securityGroup: ResourceDefinition = {
  token: "aws:ec2/securityGroup:SecurityGroup",
  autoname: true,
  inputs: {
    // The provider's own default and limits (internal/service/ec2/vpc_security_group.go).
    description: string({
      replaces: true,
      default: "Managed by Pulumi",
      check: (value) =>
        text(value).length > 255 ? `expected length of description to be in the range (0 - 255), got ${text(value)}` : undefined,
    }),
    name: string({
      replaces: true,
      check: (value) =>
        text(value).length > 255
          ? `expected length of name to be in the range (0 - 255), got ${text(value)}`
          : text(value).startsWith("sg-")
            ? "invalid value for name (cannot begin with sg-)"
            : undefined,
    }),
    revokeRulesOnDelete: flag(),
    vpcId: string({ replaces: true }),
    ...tagged,
  },
  notSimulated: ["egress", "ingress", "namePrefix"],
  // terraform-provider-aws, internal/service/ec2/vpc_security_group.go: a new group loses the egress rule that AWS gives it; a group that goes is searched
  // for network interfaces that services left behind.
  calls: {
    create: {
      always: ["ec2:CreateSecurityGroup", "ec2:DescribeSecurityGroups", "ec2:RevokeSecurityGroupEgress"],
      with: { tags: ["ec2:CreateTags"] },
    },
    read: { always: ["ec2:DescribeSecurityGroups"] },
    update: { always: ["ec2:DescribeSecurityGroups"], with: { tags: ["ec2:CreateTags", "ec2:DeleteTags"] } },
    delete: {
      always: ["ec2:DeleteSecurityGroup", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"],
      with: { revokeRulesOnDelete: ["ec2:DescribeSecurityGroupRules", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"] },
    },
  },
  computed: { arn: "kept", ownerId: "kept", tagsAll, vpcId: "kept" },

  // The provider revokes the rule that AWS gives a new group (everything may leave), so a group begins with no rule at all
  // (terraform-provider-aws, internal/service/ec2/vpc_security_group.go, Create).
  async create(inputs, context) {
    const region = regionOf(inputs, context);
    const group = await context.cloud.change((state) => {
      const vpcId = text(inputs.vpcId) || (inRegion(state.vpcs, region).find((vpc) => vpc.isDefault)?.id ?? "");
      existing(state.vpcs, vpcId, region, "InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
      const name = text(inputs.name);
      const description = text(inputs.description);
      acceptText("GroupName", name);
      acceptText("GroupDescription", description);
      // EC2 error codes, InvalidGroup.Reserved; the text is not known.
      if (name === "default") throw new ServiceError("InvalidGroup.Reserved", `The security group '${name}' is reserved`);
      // EC2 error codes, InvalidGroup.Duplicate.
      if (Object.values(state.securityGroups).some((other) => other.vpcId === vpcId && other.name === name)) {
        throw new ServiceError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
      }
      if (inRegion(state.securityGroups, region).length >= GROUPS_PER_REGION) {
        throw new ServiceError("SecurityGroupLimitExceeded", `The maximum number of security groups for VPC '${vpcId}' has been reached.`);
      }
      const id = newId("sg");
      return (state.securityGroups[id] = { id, region, name, description, vpcId, tags: tagsOf(inputs) });
    });
    return { id: group.id, outputs: { ...inputs, ...outputs(group) } };
  },

  async read(id, previous, context) {
    const group = seen(context.cloud.read().securityGroups, id, regionOf(previous, context));
    return group === undefined ? undefined : { ...previous, ...outputs(group) };
  },

  async update(id, inputs, previous, context) {
    const group = await context.cloud.change((state) => {
      const found = existing(
        state.securityGroups,
        id,
        regionOf(inputs, context),
        "InvalidGroup.NotFound",
        `The security group '${id}' does not exist`,
      );
      found.tags = tagsOf(inputs);
      return found;
    });
    return { ...previous, ...inputs, ...outputs(group) };
  },

  async delete(id, _outputs, { cloud }) {
    await cloud.change((state) => {
      // DeleteSecurityGroup: a group that an interface has, or that another group's rule names, stays.
      const used =
        Object.values(state.instances).some((instance) => instance.securityGroupIds.includes(id)) ||
        Object.values(state.securityGroupRules).some((rule) => rule.referencedSecurityGroupId === id && rule.securityGroupId !== id);
      if (used) throw new ServiceError("DependencyViolation", `resource ${id} has a dependent object`);
      for (const rule of Object.values(state.securityGroupRules)) if (rule.securityGroupId === id) delete state.securityGroupRules[rule.id];
      delete state.securityGroups[id];
    });
  },
};
