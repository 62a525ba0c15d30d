/** The simulated services without the engine: one resource after the other, driven as the engine would. */
import "./throwaway-root";
import { aws } from "../../lab/cloud/aws/provider";
import { openCloud, type Cloud } from "../../lab/cloud/cloud";
import { cloudflare } from "../../lab/cloud/cloudflare/provider";
import { command } from "../../lab/cloud/command/provider";
import type { Context } from "../../lab/cloud/protocol/definition";
import type { Properties } from "../../lab/cloud/protocol/property-value";
import { Provider } from "../../lab/cloud/protocol/provider";
import { writeSettings, type Settings } from "../../lab/cloud/settings";
import { stateOnly } from "../../lab/cloud/world";
import { claimLab, forgetLab } from "../../lab/lab";

const providers = { aws, cloudflare, command };

export const TOKENS = {
  association: "aws:ec2/eipAssociation:EipAssociation",
  attachment: "aws:ec2/volumeAttachment:VolumeAttachment",
  dnssec: "cloudflare:index/zoneDnssec:ZoneDnssec",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  eip: "aws:ec2/eip:Eip",
  group: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  instance: "aws:ec2/instance:Instance",
  power: "aws:ec2transitgateway/instanceState:InstanceState",
  ptr: "aws:ec2/eipDomainName:EipDomainName",
  record: "cloudflare:index/dnsRecord:DnsRecord",
  volume: "aws:ebs/volume:Volume",
} as const;

export const REGION = { region: "eu-central-1" };

export const providerOf = (token: string): Provider => {
  const name = token.split(":")[0] as keyof typeof providers;
  return new Provider(providers[name], "0.0.0");
};

/** A fresh cloud, and what the engine does to it. */
export interface Simulated {
  readonly cloud: Cloud;
  /** Checked inputs, or a rejection with the first failure. */
  check(token: string, inputs: Properties): Properties;
  create(token: string, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  update(token: string, id: string, inputs: Properties, outputs: Properties): Promise<Properties>;
  read(
    token: string,
    id: string,
    inputs: Properties,
    outputs: Properties,
  ): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  delete(token: string, made: { id: string; outputs: Properties }): Promise<void>;
  invoke(token: string, args: Properties): Promise<Properties>;
}

let count = 0;

export async function withSimulated(test: (simulated: Simulated) => Promise<void>, settings: Partial<Settings> = {}): Promise<void> {
  const lab = claimLab(`t${(count += 1)}`);
  writeSettings(lab, settings);
  const cloud = openCloud(lab, stateOnly);
  const context: Context = {
    cloud,
    urn: "urn:pulumi:lab::test::type::name",
    config: REGION,
    log: () => {},
    signal: new AbortController().signal,
  };
  const check = (token: string, inputs: Properties): Properties => {
    const checked = providerOf(token).check(token, "name", inputs, {}, token.startsWith("aws:") ? REGION : {});
    const [failure] = checked.failures;
    if (failure !== undefined) throw new Error(`${failure.property}: ${failure.reason}`);
    return checked.inputs;
  };
  try {
    await test({
      cloud,
      check,
      create: async (token, inputs) => providerOf(token).create(token, check(token, inputs), false, context),
      update: async (token, id, inputs, outputs) => providerOf(token).update(token, id, check(token, inputs), outputs, false, context),
      read: (token, id, inputs, outputs) => providerOf(token).read(token, id, inputs, outputs, context),
      delete: (token, { id, outputs }) => providerOf(token).delete(token, id, outputs, context),
      invoke: async (token, args) => {
        const { result, failures } = await providerOf(token).invoke(token, args, context);
        const [failure] = failures;
        if (failure !== undefined) throw new Error(`${failure.property}: ${failure.reason}`);
        return result;
      },
    });
  } finally {
    forgetLab(lab);
  }
}
