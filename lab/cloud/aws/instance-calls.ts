import type { OperationCalls } from "../protocol/calls";

/**
 * What the provider reads of an instance: the machine and its attributes, type, VPC (whether it is the default one), disks, credits of a burstable type,
 * and its tags for the one that tells its launch template.
 */
const READ = [
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceAttribute",
  "ec2:DescribeInstanceCreditSpecifications",
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeTags",
  "ec2:DescribeVolumes",
  "ec2:DescribeVpcs",
];
/** On a stopped machine only. */
const STOPPED = ["ec2:StopInstances", "ec2:ModifyInstanceAttribute", "ec2:StartInstances"];

/** terraform-provider-aws, internal/service/ec2/ec2_instance.go. */
export const instanceCalls: OperationCalls = {
  create: {
    always: ["ec2:RunInstances", ...READ],
    with: { rootBlockDevice: ["ec2:DescribeImages"], tags: ["ec2:CreateTags"], volumeTags: ["ec2:CreateTags"] },
  },
  read: { always: READ },
  update: {
    always: READ,
    with: {
      creditSpecification: ["ec2:ModifyInstanceCreditSpecification"],
      instanceInitiatedShutdownBehavior: ["ec2:ModifyInstanceAttribute"],
      instanceType: STOPPED,
      maintenanceOptions: ["ec2:ModifyInstanceMaintenanceOptions"],
      metadataOptions: ["ec2:ModifyInstanceMetadataOptions"],
      monitoring: ["ec2:MonitorInstances", "ec2:UnmonitorInstances"],
      rootBlockDevice: ["ec2:ModifyVolume", "ec2:DescribeVolumesModifications", "ec2:ModifyInstanceAttribute"],
      sourceDestCheck: ["ec2:ModifyInstanceAttribute"],
      tags: ["ec2:CreateTags", "ec2:DeleteTags"],
      userData: STOPPED,
      userDataBase64: STOPPED,
      volumeTags: ["ec2:CreateTags", "ec2:DeleteTags"],
      vpcSecurityGroupIds: ["ec2:ModifyNetworkInterfaceAttribute"],
    },
  },
  // Protection against termination is lifted first, whether there is one or not.
  delete: { always: ["ec2:TerminateInstances", "ec2:DescribeInstances", "ec2:ModifyInstanceAttribute"] },
};
