import { string, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { SecurityGroup } from "../state";
import { ACCOUNT } from "../initial-state";
import { arn, existing, flag, inRegion, newId, regionOf, seen, tagged, tagsAll, tagsOf, text } from "./ec2";

/** CreateSecurityGroup, "GroupDescription" and "GroupName": the characters that a VPC group takes. */
const ALLOWED = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/;

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
    description: string({ replaces: true, check: (value) => (text(value).length > 255 ? "at most 255 characters" : undefined) }),
    name: string({
      replaces: true,
      check: (value) =>
        text(value).length > 255 || text(value).startsWith("sg-") ? 'at most 255 characters, and not beginning with "sg-"' : undefined,
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
      for (const [parameter, value] of [
        ["GroupName", name],
        ["GroupDescription", description],
      ] as const) {
        if (!ALLOWED.test(value)) {
          throw new ServiceError(
            "InvalidParameterValue",
            `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
          );
        }
      }
      // EC2 error codes, InvalidGroup.Duplicate.
      if (Object.values(state.securityGroups).some((other) => other.vpcId === vpcId && other.name === name)) {
        throw new ServiceError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
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
