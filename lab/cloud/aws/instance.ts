import { boolean, list, map, number, object, sameSet, string, type Failure, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { isObject } from "../protocol/property-value";
import type { Instance } from "../state";
import { arn, newId, regionOf, seen, tagged, tagsAll, tagsOf, text } from "./ec2";
import { instanceCalls } from "./instance-calls";
import { acceptGroups, acceptType, acceptUserData, acceptVcpus, acceptZone, placement, rawUserData } from "./instance-launch";
import { instanceOf, startInstance, stopInstance, terminateInstance } from "./instance-power";
import { privateDns, publicDns } from "./regions";

/** User data in place stops and starts the machine, and cloud-init does not read it again; unless this asks for a new machine. */
const userDataReplaces = (inputs: Properties): boolean => inputs.userDataReplaceOnChange === true;

function check(inputs: Properties): Failure[] {
  const failures: Failure[] = [];
  if (inputs.userData !== undefined && inputs.userDataBase64 !== undefined) {
    failures.push({ property: "userData", reason: "conflicts with userDataBase64" });
  }
  const encoded = inputs.userDataBase64;
  if (typeof encoded === "string" && Buffer.from(encoded, "base64").toString("base64") !== encoded) {
    failures.push({ property: "userDataBase64", reason: "is not base64" });
  }
  return failures;
}

function rootDisk(inputs: Properties): Properties {
  const given = isObject(inputs.rootBlockDevice) ? inputs.rootBlockDevice : {};
  return { deleteOnTermination: true, deviceName: "/dev/xvda", encrypted: false, volumeSize: 8, volumeType: "gp3", ...given };
}

/** What the service tells of the machine; everything else stays as it was set. */
function live(instance: Instance, publicIp: string | undefined): Properties {
  return {
    ami: instance.imageId,
    // The provider reads whether there is any public address, an Elastic IP too: a program that says `false` must ignore the change, or a refresh makes
    // the next update replace the machine (hashicorp/terraform-provider-aws, issue 37318).
    associatePublicIpAddress: publicIp !== undefined,
    availabilityZone: instance.availabilityZone,
    instanceState: instance.state,
    instanceType: instance.instanceType,
    privateDns: privateDns(instance.region, instance.privateIp),
    privateIp: instance.privateIp,
    publicDns: publicIp === undefined ? "" : publicDns(instance.region, publicIp),
    publicIp: publicIp ?? "",
    region: instance.region,
    subnetId: instance.subnetId,
    tags: instance.tags,
    tagsAll: instance.tags,
    vpcSecurityGroupIds: [...instance.securityGroupIds],
  };
}

export const instance: ResourceDefinition = {
  token: "aws:ec2/instance:Instance",
  inputs: {
    ami: string({ required: true, replaces: true }),
    associatePublicIpAddress: boolean({ replaces: true }),
    availabilityZone: string({ replaces: true }),
    creditSpecification: object({ cpuCredits: string() }),
    ebsOptimized: boolean({ replaces: true }),
    instanceInitiatedShutdownBehavior: string(),
    instanceType: string({ required: true }),
    maintenanceOptions: object({ autoRecovery: string() }),
    metadataOptions: object({
      httpEndpoint: string(),
      httpProtocolIpv6: string(),
      httpPutResponseHopLimit: number(),
      httpTokens: string({
        check: (value) => (["optional", "required"].includes(text(value)) ? undefined : 'expected "optional" or "required"'),
      }),
      instanceMetadataTags: string(),
    }),
    monitoring: boolean(),
    privateIp: string({ replaces: true }),
    rootBlockDevice: object({
      deleteOnTermination: boolean(),
      encrypted: boolean({ replaces: true }),
      iops: number(),
      tags: map(string()),
      throughput: number(),
      volumeSize: number(),
      volumeType: string(),
    }),
    sourceDestCheck: boolean(),
    subnetId: string({ replaces: true }),
    userData: string({ replaces: userDataReplaces }),
    userDataBase64: string({ replaces: userDataReplaces }),
    userDataReplaceOnChange: boolean(),
    volumeTags: map(string()),
    // The lab's VPC has no default group, and a machine without a group would be open to nobody.
    vpcSecurityGroupIds: list(string(), { required: true, same: sameSet }),
    ...tagged,
  },
  notSimulated: [
    "capacityReservationSpecification",
    "cpuOptions",
    "disableApiStop",
    "disableApiTermination",
    "ebsBlockDevices",
    "enablePrimaryIpv6",
    "enclaveOptions",
    "ephemeralBlockDevices",
    "forceDestroy",
    "getPasswordData",
    "hibernation",
    "hostId",
    "hostResourceGroupArn",
    "iamInstanceProfile",
    "instanceMarketOptions",
    "ipv6AddressCount",
    "ipv6Addresses",
    "keyName",
    "launchTemplate",
    "networkInterfaces",
    "placementGroup",
    "placementGroupId",
    "placementPartitionNumber",
    "primaryNetworkInterface",
    "privateDnsNameOptions",
    "secondaryNetworkInterfaces",
    "secondaryPrivateIps",
    "securityGroups",
    "tenancy",
  ],
  calls: instanceCalls,
  computed: {
    arn: "kept",
    availabilityZone: "kept",
    instanceState: "kept",
    primaryNetworkInterfaceId: "kept",
    privateDns: "kept",
    privateIp: "kept",
    publicDns: "kept",
    publicIp: "kept",
    subnetId: "kept",
    tagsAll,
  },
  check,

  async create(inputs, context) {
    const { cloud } = context;
    const region = regionOf(inputs, context);
    if (inputs.associatePublicIpAddress === true) {
      throw new Error(
        "in the lab a machine gets a public address from an Elastic IP only; give associatePublicIpAddress false or leave it out",
      );
    }
    const launched = await cloud.change((state) => {
      const userDataBase64 = rawUserData(inputs);
      acceptUserData(userDataBase64);
      acceptType(text(inputs.instanceType), text(inputs.ami), region);
      const { subnet, privateIp } = placement(state, inputs, region);
      acceptZone(text(inputs.instanceType), subnet);
      acceptVcpus(state, region, text(inputs.instanceType), undefined);
      const securityGroupIds = acceptGroups(state, inputs, subnet);
      const id = newId("i");
      return (state.instances[id] = {
        id,
        region,
        imageId: text(inputs.ami),
        instanceType: text(inputs.instanceType),
        subnetId: subnet.id,
        availabilityZone: subnet.availabilityZone,
        privateIp,
        securityGroupIds,
        ...(userDataBase64 === undefined ? {} : { userDataBase64 }),
        state: "running",
        tags: tagsOf(inputs),
      });
    });
    try {
      await cloud.world.launch(launched);
    } catch (error) {
      await cloud.world.terminate(launched.id).catch(() => {});
      await cloud.change((state) => {
        delete state.instances[launched.id];
      });
      throw error;
    }
    return {
      id: launched.id,
      outputs: {
        ...inputs,
        ...live(launched, undefined),
        arn: arn(region, "instance", launched.id),
        primaryNetworkInterfaceId: launched.id.replace(/^i-/, "eni-"),
        rootBlockDevice: rootDisk(inputs),
      },
    };
  },

  async read(id, previous, context) {
    const state = context.cloud.read();
    const found = seen(state.instances, id, regionOf(previous, context));
    if (found === undefined) return undefined;
    const address = Object.values(state.addresses).find((candidate) => candidate.instanceId === id);
    // Where the program gives user data this way, the provider reads it back this way.
    const userData: Properties = previous.userDataBase64 === undefined ? {} : { userDataBase64: found.userDataBase64 ?? "" };
    return { ...previous, ...live(found, address?.publicIp), ...userData };
  },

  async update(id, inputs, previous, context) {
    const { cloud } = context;
    const region = regionOf(inputs, context);
    const userDataBase64 = rawUserData(inputs);
    acceptUserData(userDataBase64);
    acceptType(text(inputs.instanceType), text(previous.ami), region);
    // ModifyInstanceAttribute: these two only on a stopped instance, so the provider stops and starts it.
    const restart = inputs.instanceType !== previous.instanceType || userDataBase64 !== rawUserData(previous);
    // It starts it whether it ran before or not.
    if (restart) await stopInstance(id, region, context);
    await cloud.change((state) => {
      const found = instanceOf(state, id, region);
      const subnet = state.subnets[found.subnetId];
      if (subnet !== undefined) found.securityGroupIds = acceptGroups(state, inputs, subnet);
      found.instanceType = text(inputs.instanceType);
      if (userDataBase64 !== undefined) found.userDataBase64 = userDataBase64;
      found.tags = tagsOf(inputs);
    });
    if (restart) await startInstance(id, region, context);
    const state = cloud.read();
    const address = Object.values(state.addresses).find((candidate) => candidate.instanceId === id);
    return { ...previous, ...inputs, ...live(instanceOf(state, id, region), address?.publicIp), rootBlockDevice: rootDisk(inputs) };
  },

  delete: (id, outputs, context) => terminateInstance(id, regionOf(outputs, context), context),
};
