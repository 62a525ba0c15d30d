import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { renderUserData } from "../cloud-init/bootstrap/user-data";
import { hostBundle } from "../cloud-init/host/bundle";
import { Exchanger, MailPlan } from "../plan/types";
import { Firewall } from "./firewall";
import { lookup } from "./problems";

interface MachineArgs {
  readonly plan: MailPlan;
  readonly exchanger: Exchanger;
  readonly eip: aws.ec2.Eip;
  readonly volume: aws.ebs.Volume;
  readonly wall: Firewall;
  readonly subnetId: pulumi.Output<string>;
  /** The machine is made only when this is known. */
  readonly after: pulumi.Input<string>;
  readonly tags: pulumi.Input<{ [key: string]: string }>;
}

/** What may be thrown away and made again at any time. */
export interface Machine {
  readonly instance: aws.ec2.Instance;
  /** The machine has its address and its volume. */
  readonly attachment: pulumi.Resource;
}

/** The machine of an exchanger, from the newest Debian image and user data when it is made, with the exchanger's address and volume. */
export function machine(name: string, args: MachineArgs, parent: pulumi.Resource): Machine {
  const { plan, exchanger, eip, volume, wall, subnetId, after, tags } = args;
  const region = exchanger.region;
  const child = { parent };
  const imageName = `/aws/service/debian/release/13/latest/${exchanger.architecture}`;
  const image = lookup(`exchangers.${exchanger.key}.region`, "Debian publishes its images there in every commercial region", () =>
    aws.ssm.getParameter({ name: imageName, region }, child),
  );
  const userData = pulumi
    .all([volume.id, eip.publicIp])
    .apply(([volumeId, address]) =>
      renderUserData({ plan, exchanger, volumeId, bundle: hostBundle(plan, exchanger, { address, peers: [] }) }).toString("base64"),
    );
  const instance = new aws.ec2.Instance(
    `${name}-machine`,
    {
      ami: image.insecureValue,
      instanceType: exchanger.instanceType,
      subnetId,
      vpcSecurityGroupIds: [wall.groupId],
      // Its only public address is the Elastic IP.
      associatePublicIpAddress: false,
      userDataBase64: userData,
      // IMDSv2 only, and not from behind another hop: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: 8, tags },
      region,
      tags,
    },
    {
      parent,
      // A newer image or bootstrap never touches a running machine, nor does another default subnet. A raised generation takes both; another architecture needs both.
      // A refresh reads `true` for the public address once the Elastic IP is there, which must not replace the machine (terraform-provider-aws, issue 37318).
      ignoreChanges: ["ami", "associatePublicIpAddress", "userDataBase64", ...(exchanger.subnet === undefined ? ["subnetId"] : [])],
      replacementTrigger: `${exchanger.generation} ${exchanger.architecture}`,
      // The volume is in use until the old machine is gone.
      deleteBeforeReplace: true,
      hideDiffs: ["userDataBase64"],
      // Rules first: a first boot installs packages. The previous exchanger first: two rebuilds never overlap.
      dependsOn: pulumi.output(after).apply(() => [...wall.rules]),
    },
  );
  const association = new aws.ec2.EipAssociation(
    `${name}-association`,
    { allocationId: eip.allocationId, instanceId: instance.id, region },
    child,
  );
  const attachment = new aws.ec2.VolumeAttachment(
    `${name}-attachment`,
    {
      deviceName: "/dev/sdf",
      instanceId: instance.id,
      volumeId: volume.id,
      // A clean shutdown unmounts the volume; a forced detach can lose data.
      stopInstanceBeforeDetaching: true,
      region,
    },
    // The machine waits for its volume anyway; its way out to the packages is there first.
    { parent, dependsOn: [association], deleteBeforeReplace: true },
  );
  // A machine that somebody stopped is found by `pulumi refresh` and started by `pulumi up`; an instance alone has no input that says so.
  new aws.ec2transitgateway.InstanceState(
    `${name}-power`,
    { instanceId: instance.id, state: "running", region },
    { parent, dependsOn: [attachment] },
  );
  return { instance, attachment };
}
