/** One host with everything around it, in the order that a mail exchanger needs; small enough to see what the engine does. */
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("small");
const zone = cloudflare.getZoneOutput({ filter: { name: "example.test" } });
const image = aws.ssm.getParameterOutput({ name: "/aws/service/debian/release/13/latest/amd64" }).insecureValue;

const group = new aws.ec2.SecurityGroup("mx", { description: "mail", tags: { Name: "mx" } });
new aws.vpc.SecurityGroupIngressRule("mx-smtp", {
  securityGroupId: group.id,
  ipProtocol: "tcp",
  fromPort: 25,
  toPort: 25,
  cidrIpv4: "0.0.0.0/0",
  // A secret where none belongs, to see that the engine keeps it one.
  description: pulumi.secret(config.get("canary") ?? "none"),
});
new aws.vpc.SecurityGroupEgressRule("mx-out", { securityGroupId: group.id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" });
const eip = new aws.ec2.Eip("mx", { domain: "vpc" });
const subnet = aws.ec2.getSubnetOutput({ availabilityZone: "eu-central-1a", defaultForAz: true });
const volume = new aws.ebs.Volume("mx", {
  availabilityZone: "eu-central-1a",
  size: config.getNumber("size") ?? 8,
  type: "gp3",
  encrypted: true,
});
const instance = new aws.ec2.Instance(
  "mx",
  {
    ami: image,
    instanceType: "t3.micro",
    subnetId: subnet.id,
    vpcSecurityGroupIds: [group.id],
    associatePublicIpAddress: false,
    userDataBase64: Buffer.from("#cloud-config\n").toString("base64"),
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { encrypted: true },
  },
  {
    ignoreChanges: ["ami", "associatePublicIpAddress", "userDataBase64"],
    deleteBeforeReplace: true,
    replacementTrigger: config.getNumber("generation") ?? 1,
  },
);
const association = new aws.ec2.EipAssociation("mx", { allocationId: eip.id, instanceId: instance.id });
new aws.ec2.VolumeAttachment("mx", {
  deviceName: "/dev/sdf",
  instanceId: instance.id,
  volumeId: volume.id,
  stopInstanceBeforeDetaching: true,
});
new aws.ec2transitgateway.InstanceState("mx", { instanceId: instance.id, state: "running" });
const record = new cloudflare.DnsRecord(
  "a",
  { zoneId: zone.zoneId, name: "mx1.example.test", type: "A", content: eip.publicIp, ttl: 300 },
  { deleteBeforeReplace: true, dependsOn: association },
);
const mx = new cloudflare.DnsRecord("mx", {
  zoneId: zone.zoneId,
  name: "example.test",
  type: "MX",
  content: record.name,
  priority: 10,
  ttl: 300,
});
new aws.ec2.EipDomainName("ptr", { allocationId: eip.id, domainName: record.name }, { dependsOn: mx });

export const address = eip.publicIp;
